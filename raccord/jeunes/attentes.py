"""Waits about the circle."""

from typing import TYPE_CHECKING

from django.urls import reverse

from raccord.comptes.enums import Role
from raccord.echeances.attentes import Proprietaire, TypeAttente

if TYPE_CHECKING:
    from raccord.jeunes.models import DemandeRetrait


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
    audience=frozenset({Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL}),
)
