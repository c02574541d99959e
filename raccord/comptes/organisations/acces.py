"""What a member, and an administrator, see of their organisation. An organisation without administrator is looked
after by the national team until it has one.
"""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from raccord.comptes.enums import ROLES_PAR_GENRE, GenreOrganisation, Role
from raccord.comptes.models import Absence, AbsenceQuerySet, Adhesion, Demande, Invitation, Organisation
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_404
from raccord.territoires.models import ordre_francais

LETTRES_MINIMALES, PROPOSEES = 3, 20
# A company acts by links; it is invited, nobody asks to join it.
GENRES_A_REJOINDRE = tuple(
    genre for genre, roles in ROLES_PAR_GENRE.items() if roles and genre != GenreOrganisation.ENTREPRISE
)


def mon_organisation(contexte: Contexte) -> Organisation:
    """Mine. Raises Http404 for whoever acts for none."""
    organisation = Organisation.objects.select_related("academie", "departement").filter(Q(pk=contexte.organisation_id))
    trouvee = organisation.first() if contexte.utilisateur_id else None
    if trouvee is None:
        raise Http404
    return trouvee


def membres(contexte: Contexte) -> "QuerySet[Adhesion]":
    """Active members of my organisation, in alphabetical order."""
    if contexte.organisation_id is None or contexte.utilisateur_id is None:
        return Adhesion.objects.none()
    return (
        Adhesion.objects.filter(organisation_id=contexte.organisation_id)
        .select_related("utilisateur", "organisation")
        .order_by(*ordre_francais("utilisateur__nom"), *ordre_francais("utilisateur__prenom"), "role", "pk")
    )


def membre(contexte: Contexte, adhesion_id: UUID) -> Adhesion:
    """One member of my organisation. Raises Http404."""
    return ou_404(membres(contexte).filter(pk=adhesion_id))


def membre_administre(contexte: Contexte, adhesion_id: UUID) -> Adhesion:
    """The same, for an administrator. Raises Http404, PermissionDenied."""
    adhesion = membre(contexte, adhesion_id)
    if not contexte.administrateur:
        raise PermissionDenied
    return adhesion


def collegues(adhesion: Adhesion) -> "QuerySet[Adhesion]":
    """Who could stand in for this member, or take over: the others in the same role."""
    return (
        Adhesion.objects.filter(organisation_id=adhesion.organisation_id, role=adhesion.role)
        .exclude(pk=adhesion.pk)
        .select_related("utilisateur")
        .order_by(*ordre_francais("utilisateur__nom"), *ordre_francais("utilisateur__prenom"), "pk")
    )


def absences(contexte: Contexte) -> AbsenceQuerySet:
    """Those of my organisation that are not over."""
    return (
        Absence.objects.a_venir()
        .filter(Q(adhesion__organisation_id=contexte.organisation_id))
        .select_related("adhesion__utilisateur", "suppleant__utilisateur", "adhesion__organisation")
        .order_by("debut", "pk")
    )


def absence(contexte: Contexte, absence_id: UUID) -> Absence:
    """One of them, its own person's or an administrator's. Raises Http404, PermissionDenied."""
    trouvee = ou_404(absences(contexte).filter(pk=absence_id))
    if not contexte.administrateur and trouvee.adhesion.utilisateur_id != contexte.utilisateur_id:
        raise PermissionDenied
    return trouvee


def absences_du_jour(contexte: Contexte) -> list[Absence]:
    """What 'Ma journée' says today: mine, and those of the colleagues I stand in for."""
    if contexte.utilisateur_id is None or contexte.organisation_id is None:
        return []
    moi = contexte.utilisateur_id
    return list(
        absences(contexte).en_cours().filter(Q(adhesion__utilisateur_id=moi) | Q(suppleant__utilisateur_id=moi))
    )


def invitations(contexte: Contexte) -> "QuerySet[Invitation]":
    """Those that wait for somebody, for an administrator."""
    if not contexte.administrateur:
        return Invitation.objects.none()
    les_notres = Q(organisation_id=contexte.organisation_id, acceptee_le__isnull=True, retiree_le__isnull=True)
    return Invitation.objects.filter(les_notres).order_by("-envoyee_le", "pk")


def invitation(contexte: Contexte, invitation_id: UUID) -> Invitation:
    """One invitation of my organisation. Raises Http404, PermissionDenied."""
    trouvee = Invitation.objects.filter(Q(organisation_id=contexte.organisation_id), pk=invitation_id).first()
    if trouvee is None or contexte.utilisateur_id is None:
        raise Http404
    if not contexte.administrateur:
        raise PermissionDenied
    return trouvee


def _a_repondre(contexte: Contexte) -> "QuerySet[Demande]":
    miennes = Q(organisation_id=contexte.organisation_id) if contexte.administrateur else Q(pk__in=())
    if contexte.role == Role.NATIONAL:
        miennes |= ~Q(Exists(Adhesion.objects.filter(organisation_id=OuterRef("organisation_id"), administrateur=True)))
    return Demande.objects.filter(miennes).select_related("organisation", "utilisateur").order_by("cree_le", "pk")


def demandes(contexte: Contexte) -> "QuerySet[Demande]":
    """Requests that wait for my answer, oldest first."""
    return _a_repondre(contexte).filter(decidee_le__isnull=True)


def demande(contexte: Contexte, demande_id: UUID) -> Demande:
    """One of those I answer, or have answered. Raises PermissionDenied for a colleague who does not administer, else
    Http404.
    """
    trouvee = _a_repondre(contexte).filter(pk=demande_id).first()
    if trouvee is not None:
        return trouvee
    if Demande.objects.filter(Q(organisation_id=contexte.organisation_id), pk=demande_id).exists():
        raise PermissionDenied
    raise Http404


def organisations_nommees(texte: str) -> list[Organisation]:
    """Those that one may ask to join and whose name holds the words; nothing under three letters."""
    mots = texte.split()
    if len("".join(mots)) < LETTRES_MINIMALES:
        return []
    requete = Organisation.objects.filter(genre__in=GENRES_A_REJOINDRE).select_related("academie", "departement")
    for mot in mots:
        requete = requete.filter(nom__icontains=mot)
    return list(requete.order_by(*ordre_francais(), "pk")[:PROPOSEES])


def organisation_a_rejoindre(organisation_id: UUID) -> Organisation:
    """One of them. Raises Http404."""
    return ou_404(Organisation.objects.filter(pk=organisation_id, genre__in=GENRES_A_REJOINDRE))
