"""The only road of a buyer to the offers of their contracts, to correct, withdraw or declare one."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from raccord.comptes.enums import Role
from raccord.marches.models import Engagement, Marche
from raccord.parcours.models import Offre
from raccord.parcours.models.offre import OffreQuerySet
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_404

FAMILLE = ("engagement__marche__acheteur", "entreprise", "commune__departement", "referent", "rrh", "fiche")


def offres_achetees(contexte: Contexte) -> OffreQuerySet:
    """Offers of my organisation's contracts; all, spontaneous ones included, for the national team."""
    offres = Offre.objects.select_related(*FAMILLE)
    if contexte.role == Role.NATIONAL:
        return offres
    if contexte.role == Role.ACHETEUR and contexte.organisation_id:
        return offres.filter(engagement__marche__acheteur_id=contexte.organisation_id)
    return offres.none()


def offre_achetee(contexte: Contexte, offre_id: UUID) -> Offre:
    """One of them. Raises Http404 for another buyer's, PermissionDenied for other roles."""
    if contexte.role not in (Role.ACHETEUR, Role.NATIONAL):
        raise PermissionDenied
    return ou_404(offres_achetees(contexte).filter(pk=offre_id))


def offres_du_marche(marche: Marche) -> dict[UUID, list[Offre]]:
    """The offers of a contract by engagement, latest first: one query."""
    par_engagement: dict[UUID, list[Offre]] = {}
    offres = Offre.objects.filter(engagement__marche=marche).select_related("commune", "referent", "rrh", "fiche")
    for offre in offres.order_by("-cree_le", "pk"):
        if offre.engagement_id is not None:
            par_engagement.setdefault(offre.engagement_id, []).append(offre)
    return par_engagement


def engagement_achete(contexte: Contexte, engagement_id: UUID) -> Engagement:
    """An engagement of one of my contracts. Raises Http404, PermissionDenied."""
    if contexte.role not in (Role.ACHETEUR, Role.NATIONAL):
        raise PermissionDenied
    engagements = Engagement.objects.select_related("marche__acheteur", "entreprise").prefetch_related("lots")
    if contexte.role == Role.ACHETEUR:
        engagements = engagements.filter(marche__acheteur_id=contexte.organisation_id)
    return ou_404(engagements.filter(pk=engagement_id))
