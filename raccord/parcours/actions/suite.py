"""What comes after a stay: an exit code, words, news back to those who took part."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from raccord.parcours.acces.destinataires import acheteur_de
from raccord.parcours.enums import SUITES_DITES, Suite
from raccord.parcours.messages import bilans
from raccord.parcours.messages import parcours as messages
from raccord.parcours.models import Parcours
from raccord.parcours.workflow import PARCOURS
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.workflow import executer


@transaction.atomic
def dire(contexte: Contexte, parcours_id: UUID, *, suite: str, le: dt.date, precisions: str = "") -> Parcours:
    """Note the exit code (digest §1.1) and its day; company and buyer have news, never the words.

    Only what nobody could hold against the young person is told by name: health and setbacks stay with the MLDS.
    Raises ErreurMetier on `suite` or `le`; DejaFait.
    """
    if suite not in Suite.values:
        raise ErreurMetier("Choisissez ce que fait le jeune ensuite.", champ="suite")
    with executer(PARCOURS["dire_suite"], contexte, Parcours, parcours_id, faits={"suite": suite}) as parcours:
        if not parcours.debut <= le <= calendrier.aujourdhui():
            raise ErreurMetier("Cette date se situe entre le premier jour du parcours et aujourd'hui.", champ="le")
        parcours.suite, parcours.suite_le, parcours.suite_precisions = suite, le, precisions.strip()
        dite = str(Suite(suite).label) if suite in SUITES_DITES else ""
        messages.aux_contacts(bilans.SUITE, parcours, "parcours.suivi", suite=dite)
        messages.a_ceux(bilans.SUITE, acheteur_de(parcours.offre), parcours, suite=dite)
    return parcours
