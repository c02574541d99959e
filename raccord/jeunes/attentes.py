"""Waits about the circle."""

import datetime as dt
from typing import TYPE_CHECKING, cast

from django.urls import reverse

from raccord.comptes.enums import Role
from raccord.echeances.attentes import Echelon, Proprietaire, TypeAttente

if TYPE_CHECKING:
    from raccord.jeunes.models import DemandeRetrait, FicheContexte


def _le_jeune(fiche: "FicheContexte") -> Proprietaire:
    """The sheet is the young person's, who acts by a link; the tutor reads that it waits, no parent does."""
    return Proprietaire(role=Role.JEUNE, libelle="le jeune", jeune_id=fiche.jeune_id)


def _fin_de_validite(fiche: "FicheContexte") -> dt.datetime:
    return cast("dt.datetime", fiche.expire_le)  # an approved sheet has one: constraint fiche_approuvee_datee


def _tuteur(demande: "DemandeRetrait") -> Proprietaire:
    jeune = demande.jeune
    return Proprietaire(
        role=Role.TUTEUR,
        libelle=jeune.organisation.nom,
        organisation_id=jeune.organisation_id,
        utilisateur_id=jeune.tuteur_id,
    )


REPONDRE_RETRAIT = TypeAttente(
    code="repondre_retrait",
    action="Répondre au jeune, qui demande de fermer son dossier à une organisation",
    delai="delai_retrait",
    proprietaire=_tuteur,
    url=lambda demande_id: reverse("jeunes:retrait", args=[demande_id]),
    echelons=(Echelon(code="rappel", parametre="rappel_retrait", avant=True), Echelon(code="coordination")),
)
RELIRE_BROUILLON = TypeAttente(
    code="relire_brouillon",
    action="Relire le brouillon de la fiche « Ce qui m'aide », l'approuver ou dire non",
    delai="delai_brouillon_fiche",
    proprietaire=_le_jeune,
    url=lambda fiche_id: reverse("jeunes:liste"),
    echelons=(Echelon(code="rappel", parametre="rappel_fiche_contexte", avant=True), Echelon(code="peremption")),
)
RENOUVELER_FICHE = TypeAttente(
    code="renouveler_fiche",
    action="Garder, changer ou laisser finir la fiche « Ce qui m'aide »",
    echeance=_fin_de_validite,
    proprietaire=_le_jeune,
    url=lambda fiche_id: reverse("jeunes:liste"),
    echelons=(Echelon(code="rappel", parametre="rappel_fiche_contexte", avant=True), Echelon(code="fin")),
)
