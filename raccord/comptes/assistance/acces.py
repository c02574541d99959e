"""Who sees a request for help: the person who asks, and the administrators of the national team."""

from uuid import UUID

from django.db.models import Q, QuerySet

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, Assistance
from raccord.comptes.requete import Requete
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_404

GARDEES = 20
AVEC_LEURS_NOMS = (
    "adhesion__utilisateur",
    "adhesion__organisation",
    "assistant__utilisateur",
    "assistant__organisation",
)


def peut_assister(contexte: Contexte) -> bool:
    """An administrator of the national team."""
    return contexte.role == Role.NATIONAL and contexte.administrateur


def peut_demander(contexte: Contexte) -> bool:
    """Whoever acts for an organisation; the national team is who helps."""
    return contexte.utilisateur_id is not None and contexte.role != Role.NATIONAL


def demandes(contexte: Contexte) -> "QuerySet[Assistance]":
    """Requests that wait for somebody, oldest first, for those who may help."""
    if not peut_assister(contexte):
        return Assistance.objects.none()
    return Assistance.objects.demandees().select_related(*AVEC_LEURS_NOMS).order_by("cree_le", "pk")


def demande(contexte: Contexte, assistance_id: UUID) -> Assistance:
    """One of them. Raises Http404."""
    return ou_404(demandes(contexte).filter(pk=assistance_id))


def les_miennes(utilisateur_id: UUID) -> list[Assistance]:
    """Those that a person asked for, whatever the role, latest first: who, when, why."""
    miennes = Assistance.objects.filter(Q(adhesion__utilisateur_id=utilisateur_id)).select_related(*AVEC_LEURS_NOMS)
    return list(miennes.order_by("-cree_le", "pk")[:GARDEES])


def la_mienne(contexte: Contexte, assistance_id: UUID) -> Assistance:
    """One of mine. Raises Http404."""
    return ou_404(Assistance.objects.filter(Q(adhesion__utilisateur_id=contexte.utilisateur_id), pk=assistance_id))


def en_cours(request: Requete, assistance_id: str) -> Assistance | None:
    """The help that this very membership gives now; None once it is over, or either has lost the role."""
    if request.adhesion is None or not peut_assister(request.contexte):
        return None
    ouvertes = Assistance.objects.en_cours().select_related(*AVEC_LEURS_NOMS)
    return ouvertes.filter(pk=assistance_id, assistant=request.adhesion).first()


def adhesion_aidee(assistance: Assistance) -> Adhesion:
    """The membership of the person helped, as a context is made of it."""
    return Adhesion.objects.pour_agir().select_related("utilisateur", "organisation").get(pk=assistance.adhesion_id)
