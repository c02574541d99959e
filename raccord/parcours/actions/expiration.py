"""The end of an offer's contract, as the machine sees it every night."""

import logging
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from raccord.marches import registre
from raccord.marches.actions.engagement import constater_la_fin
from raccord.marches.enums import EtatEngagement
from raccord.marches.models import Engagement
from raccord.parcours.acces.destinataires import acheteur_de
from raccord.parcours.actions.declaration import ETATS_VIVANTS
from raccord.parcours.messages import offres as messages
from raccord.parcours.models import Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier
from raccord.socle.contexte import SYSTEME
from raccord.socle.workflow import executer

TRACES = logging.getLogger("raccord.declaration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilan:
    """What one night's run did."""

    offres: int = 0
    engagements: int = 0
    heures_perdues: Decimal = Decimal(0)
    echecs: int = 0


def expirer(offre_id: UUID) -> Decimal:
    """Close an offer whose last day is past, as the machine. Returns the hours lost with it.

    Hours are lost when the firm period itself is over and nothing else holds them; before that they stay to be
    placed, and the buyer is told that a new offer may be declared.
    """
    with transaction.atomic():
        with executer(OFFRE["expirer"], SYSTEME, Offre, offre_id) as offre:
            pass
        perdues = a_placer = Decimal(0)
        if offre.engagement_id is not None:
            perdues = _finir(offre.engagement_id)
            a_placer = registre.soldes(offre.engagement_id).a_placer
        parties = acheteur_de(offre) + messages.territoire(offre)
        messages.a_ceux(messages.OFFRE_EXPIREE, parties, offre, perdues=perdues, a_placer=a_placer)
        messages.aux_contacts(messages.OFFRE_EXPIREE_ENTREPRISE, offre)
        return perdues


def _finir(engagement_id: UUID) -> Decimal:
    if Offre.objects.filter(engagement_id=engagement_id, etat__in=ETATS_VIVANTS).exists():
        return Decimal(0)
    return constater_la_fin(engagement_id)


def expirer_offres() -> Bilan:
    """Every offer past its last day, then every engagement past its firm period: each in its own transaction.

    Safe to run twice; one that fails does not hold back the others.
    """
    aujourdhui = calendrier.aujourdhui()
    offres = list(
        Offre.objects.filter(etat__in=OFFRE["expirer"].sources, date_fin__lt=aujourdhui)
        .order_by("date_fin", "pk")
        .values_list("pk", flat=True)
    )
    engagements = Engagement.objects.filter(
        etat__in=(EtatEngagement.DECLARE, EtatEngagement.CONFIRME), marche__date_fin_clause__lt=aujourdhui
    ).order_by("cree_le", "pk")
    closes = perdus = echecs = 0
    heures = Decimal(0)
    for identifiant in offres:
        try:
            heures += expirer(identifiant)
            closes += 1
        except Exception:  # one file that fails must not hold back the others; the trace keeps which
            TRACES.exception("expiration en échec", extra={"faits": {"offre": str(identifiant)}})
            echecs += 1
    for identifiant in list(engagements.values_list("pk", flat=True)):
        try:
            perdues = _finir(identifiant)
            heures += perdues
            perdus += bool(perdues)
        except Exception:  # as above
            TRACES.exception("fin de contrat en échec", extra={"faits": {"engagement": str(identifiant)}})
            echecs += 1
    return Bilan(offres=closes, engagements=perdus, heures_perdues=heures, echecs=echecs)
