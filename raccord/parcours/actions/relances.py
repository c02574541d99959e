"""What whoever follows does about a silence: call and note it, tell an answer that came otherwise."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.joignabilite import NUMERO
from raccord.comptes.models import Contact
from raccord.echeances import adresses
from raccord.echeances.actions import PauseImpossible, attente_ouverte, suspendre
from raccord.echeances.attentes import TYPES
from raccord.echeances.echelle import monter_la_suite, objet_de
from raccord.echeances.models import Attente
from raccord.parcours.enums import IssueAppel, Moyen
from raccord.parcours.models import Positionnement
from raccord.socle import calendrier, journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.models import Journal

DOUBLE_CLIC = dt.timedelta(minutes=1)

PHRASES = {
    IssueAppel.REPONDU: "a appelé : quelqu’un a répondu",
    IssueAppel.MESSAGERIE: "a appelé : messagerie ou pas de réponse",
    IssueAppel.FAUX_NUMERO: "a appelé : mauvais numéro, ou la personne n’est plus là",
    IssueAppel.RAPPELLE: "a appelé : on nous rappelle le {jour}",
}


class MoyenAbsent(ErreurMetier):
    """Dites comment la réponse est arrivée."""


@transaction.atomic
def noter_appel(
    contexte: Contexte,
    attente_id: UUID,
    *,
    issue: str,
    contact_id: UUID | None = None,
    rappel_le: dt.date | None = None,
) -> Attente:
    """A call and what came of it. A promise to call back pauses the ladder until that day; a wrong number makes the
    next rung speak at once, and somebody is asked for another one, as for an address to which nothing arrives.

    The same told twice within a minute is one call. Raises AttenteClose, PauseImpossible (field 'rappel_le').
    """
    issue = IssueAppel(issue)
    attente = attente_ouverte(attente_id)
    if _vient_d_etre_note(contexte, attente, issue, contact_id):
        return attente
    if issue == IssueAppel.RAPPELLE:
        if rappel_le is None or rappel_le <= calendrier.aujourdhui(attente.lieu):
            raise PauseImpossible("Donnez le jour où l'on nous rappelle, à partir de demain.", champ="rappel_le")
        raison = f"On nous rappelle le {mots.date_fr(rappel_le)}."
        suspendre(contexte, attente, jusqu_au=rappel_le, raison=raison)
    journal.inscrire(
        contexte,
        objet_de(attente),
        f"appel.{issue}",
        PHRASES[issue].format(jour=mots.date_fr(rappel_le) if rappel_le else ""),
        faits={"attente": attente.code, "contact": str(contact_id) if contact_id else ""},
        audience=TYPES[attente.code].audience,
    )
    if issue == IssueAppel.FAUX_NUMERO:
        if contact_id is not None:
            Contact.objects.filter(pk=contact_id).update(verifie_le=None)
            adresses.signaler_contact(contact_id, NUMERO, objet_de(attente))
        monter_la_suite(attente.pk)
    return attente


def _vient_d_etre_note(contexte: Contexte, attente: Attente, issue: str, contact_id: UUID | None) -> bool:
    """By the same person, of the same contact: a second click. The wait is locked."""
    _, acteur_id = contexte.acteur
    return Journal.objects.filter(
        acteur_id=acteur_id,
        objet_type=attente.objet_type,
        objet_id=attente.objet_id,
        verbe=f"appel.{issue}",
        le__gt=timezone.now() - DOUBLE_CLIC,
        faits__contact=str(contact_id) if contact_id else "",
    ).exists()


@transaction.atomic
def declarer(
    contexte: Contexte,
    positionnement_id: UUID,
    repondre: Callable[[], Positionnement],
    *,
    moyen: str,
    contact_id: UUID | None,
) -> Positionnement:
    """An answer that came otherwise: `repondre` is the company's own step, then how it came and who said it.

    Raises MoyenAbsent, and what the step raises.
    """
    if moyen not in Moyen.values:
        raise MoyenAbsent(champ="moyen")
    positionnement = repondre()
    journal.inscrire(
        contexte,
        positionnement,
        "positionnement.declarer",
        f"dit que cette réponse a été reçue {Moyen(moyen).label}"
        f"{' d’un contact connu de l’entreprise' if contact_id else ''}",
        faits={"moyen": moyen, "contact": str(contact_id) if contact_id else ""},
    )
    return positionnement
