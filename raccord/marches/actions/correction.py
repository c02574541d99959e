"""The contract corrected once it is sent: its words, its dates, its amounts, the hours that nobody holds yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from raccord.comptes.enums import Role
from raccord.marches import calibration, registre
from raccord.marches.actions.brouillon import (
    ROLES_DECLARANTS,
    Contrat,
    dates_en_ordre,
    dates_permises,
    ecrire_le_suivi,
    proposition_pour,
)
from raccord.marches.enums import EtatEngagement
from raccord.marches.models import Engagement, Marche
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier, ModifieEntreTemps, ObjetDisparu, RoleRefuse
from raccord.socle.parametres import Regle

MOTIF_CORRECTION = "contrat corrigé par l’acheteur"
VIVANTS = (EtatEngagement.DECLARE, EtatEngagement.CONFIRME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a contract already sent becomes. `montants` by lot number, `heures` by engagement."""

    contrat: Contrat
    montants: Mapping[int, Decimal | None]
    heures: Mapping[UUID, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrige:
    """What a correction did: the contract, its engagements that still live, and the hours that changed."""

    marche: Marche
    vivants: dict[UUID, Engagement]
    heures: dict[UUID, int]


def champ_heures(engagement_id: UUID) -> str:
    """The form's field for the hours of an engagement."""
    return f"heures_{engagement_id.hex}"


@transaction.atomic
def corriger(contexte: Contexte, marche_id: UUID, correction: Correction, *, version: str) -> Corrige:
    """Correct a contract that was sent: its words, dates, amounts, hours, and who follows it.

    Hours may change while nobody holds them; when the amount or the notification changes they are proposed again, and
    the rule of that day explains them. `parcours` makes the offers follow. Raises ModifieEntreTemps, RoleRefuse,
    ObjetDisparu, or a refusal on its field.
    """
    if contexte.role not in ROLES_DECLARANTS:
        raise RoleRefuse
    marche = Marche.objects.select_for_update(of=("self",), no_key=True).filter(pk=marche_id).first()
    if marche is None or not marche.engagements.exclude(etat=EtatEngagement.A_DECLARER).exists():
        raise ObjetDisparu
    if contexte.role == Role.ACHETEUR and marche.acheteur_id != contexte.organisation_id:
        raise RoleRefuse
    if version != marche.modifie_le.isoformat():
        raise ModifieEntreTemps
    base = (marche.date_notification, marche.montant_ferme)
    changes = _ecrire_le_contrat(contexte, marche, correction.contrat)
    recalibrer = base != (marche.date_notification, marche.montant_ferme)
    if _montants(marche, correction.montants):
        recalibrer = True
        changes.append("le montant des lots")
    vivants = _engagements_vivants(marche)
    heures = {
        pk: voulues
        for pk, engagement in vivants.items()
        if (voulues := correction.heures.get(pk, engagement.heures)) != engagement.heures
    }
    bareme = calibration.bareme_au(marche.date_notification)
    for pk in vivants if recalibrer else heures:
        _changer_les_heures(vivants[pk], heures.get(pk, vivants[pk].heures), bareme)
    if heures:
        changes.append("les heures dues")
    if changes:
        journal.inscrire(contexte, marche, "marche.corriger", f"a corrigé le marché : {', '.join(changes)}")
    return Corrige(marche=marche, vivants=vivants, heures=heures)


def _ecrire_le_contrat(contexte: Contexte, marche: Marche, contrat: Contrat) -> list[str]:
    """Write what the page says of the contract. Returns what changed, in words."""
    changes = [mots for champ, mots in CORRIGEABLES.items() if getattr(marche, champ) != getattr(contrat, champ)]
    _dates_corrigees(marche, contrat)
    for champ in CORRIGEABLES:
        setattr(marche, champ, getattr(contrat, champ))
    suivi = (marche.suivi_par_id, marche.contact_id)
    ecrire_le_suivi(contexte, marche, contrat)
    marche.save()
    return changes + (["la personne qui le suit"] if suivi != (marche.suivi_par_id, marche.contact_id) else [])


CORRIGEABLES = {
    "reference": "la référence",
    "objet": "l’objet",
    "objet_detaille": "l’objet détaillé",
    "montant_ferme": "le montant",
    "date_notification": "la date de notification",
    "date_fin_clause": "la fin de la période ferme",
    "date_fin_reconduction": "la fin avec reconductions",
}


def _dates_corrigees(marche: Marche, contrat: Contrat) -> None:
    """As at the declaration, for dates that move; hours already lost do not come back with a later end."""
    dates_en_ordre(contrat)
    if (contrat.date_notification, contrat.date_fin_clause) == (marche.date_notification, marche.date_fin_clause):
        return
    if marche.engagements.filter(etat=EtatEngagement.PERDU).exists():
        raise ErreurMetier(
            "Des heures de ce marché sont déjà perdues, à la fin de la période ferme : ses dates ne changent plus. "
            "Écrivez à l’équipe nationale si c’est une erreur.",
            champ="date_fin_clause",
        )
    dates_permises(contrat)


def _montants(marche: Marche, montants: Mapping[int, Decimal | None]) -> bool:
    """Write the amounts of the lots; whether one changed."""
    change = False
    for lot in marche.lots.order_by("numero"):
        if lot.numero in montants and montants[lot.numero] != lot.montant_ferme:
            lot.montant_ferme = montants[lot.numero]
            lot.save()
            change = True
    return change


def _engagements_vivants(marche: Marche) -> dict[UUID, Engagement]:
    engagements = (
        marche.engagements.select_for_update(of=("self",), no_key=True)
        .select_related("marche__acheteur", "entreprise")
        .prefetch_related("lots")
        .filter(etat__in=VIVANTS)
        .order_by("pk")
    )
    return {engagement.pk: engagement for engagement in engagements}


def _changer_les_heures(engagement: Engagement, heures: int, bareme: Regle) -> None:
    """Propose again, check the length, move the ledger. Refusals name the engagement's field."""
    champ = champ_heures(engagement.pk)
    proposition = proposition_pour(engagement, bareme)
    if heures not in proposition.permises:
        raise calibration.DureeTropLongue(
            f"Pour ce montant, le barème propose {proposition.heures} h : la durée peut être plus courte, pas plus "
            "longue. Choisissez-en une plus courte.",
            champ=champ,
        )
    try:
        registre.reviser(engagement.pk, Decimal(heures), motif=MOTIF_CORRECTION)
    except registre.HeuresInsuffisantes as erreur:
        raise ErreurMetier(str(erreur), champ=champ) from None
    engagement.heures, engagement.heures_proposees = heures, proposition.heures
    engagement.explication = proposition.explication() | {"choisies": True}
    engagement.save()
