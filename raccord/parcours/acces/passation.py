"""What a tutor follows, and who may hand it over: the tutor, and the administrators of their MLDS."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Adhesion, Organisation, Utilisateur
from raccord.comptes.organisations.membres import AVANT_DEPART
from raccord.jeunes.acces import noms
from raccord.jeunes.models import Jeune
from raccord.parcours.actions.transfert import ETATS_TRANSFERABLES
from raccord.parcours.enums import ETATS_PARCOURS_OUVERTS, EtatReservation
from raccord.parcours.models import Parcours, Passation, Positionnement, Reservation
from raccord.socle import mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import Refus
from raccord.socle.lignes import ou_404
from raccord.territoires.models import ordre_francais

OFFRE = ("offre__entreprise", "offre__commune", "offre__referent", "offre__rrh", "offre__engagement__marche__acheteur")


@dataclass(frozen=True, kw_only=True)
class Ligne:
    """One young person and what is open for them with this tutor."""

    jeune: Jeune
    qui: str
    """The name for the circle, 'un jeune de 17 ans' for the others."""
    reservation: Reservation | None = None
    proposition: Positionnement | None = None
    suivis: tuple[Parcours, ...] = ()
    """The one that is open first; the others still wait for their bilan or for what comes next."""

    @property
    def parcours(self) -> Parcours | None:
        """The one to speak of."""
        return self.suivis[0] if self.suivis else None

    @property
    def situation(self) -> str:
        """Where it stands, in words."""
        if self.parcours is not None:
            return f"parcours chez {self.parcours.offre.entreprise.nom} ({self.parcours.get_etat_display()})"
        if self.proposition is not None:
            return f"proposition à {self.proposition.offre.entreprise.nom} ({self.proposition.get_etat_display()})"
        if self.reservation is not None:
            return f"offre réservée chez {self.reservation.offre.entreprise.nom}"
        return "pas de démarche en cours"


def reservations_de(tuteurs: Collection[UUID], mlds_id: UUID) -> "QuerySet[Reservation]":
    """Offers that these tutors hold for this MLDS."""
    return Reservation.objects.filter(
        tuteur_id__in=tuteurs, organisation_id=mlds_id, etat=EtatReservation.ACTIVE
    ).order_by("pk")


def parcours_de(tuteurs: Collection[UUID], mlds_id: UUID) -> "QuerySet[Parcours]":
    """Stays that these tutors follow for this MLDS, until what comes next is known."""
    return Parcours.objects.filter(
        tuteur_id__in=tuteurs, organisation_id=mlds_id, etat__in=ETATS_TRANSFERABLES, jeune__isnull=False
    ).order_by("pk")


def jeunes_suivis(tuteurs: Collection[UUID], mlds_id: UUID) -> "QuerySet[Jeune]":
    """Young people whom these tutors follow, or for whom something is open with them."""
    return Jeune.objects.filter(
        Q(tuteur_id__in=tuteurs, organisation_id=mlds_id)
        | Q(pk__in=reservations_de(tuteurs, mlds_id).order_by().values("jeune_id"))
        | Q(pk__in=parcours_de(tuteurs, mlds_id).order_by().values("jeune_id"))
    )


def portefeuille(contexte: Contexte, tuteur_id: UUID, jeunes: Collection[UUID] | None = None) -> list[Ligne]:
    """What this tutor follows, or of these young people, in alphabetical order."""
    return portefeuilles(contexte, [tuteur_id], jeunes)[tuteur_id]


def portefeuilles(
    contexte: Contexte, tuteurs: Collection[UUID], jeunes: Collection[UUID] | None = None
) -> dict[UUID, list[Ligne]]:
    """What each follows; the same queries whatever their number."""
    mlds_id = _mlds(contexte)
    requete = jeunes_suivis(tuteurs, mlds_id).select_related("organisation")
    if jeunes is not None:
        requete = requete.filter(pk__in=jeunes)
    trouves = list(requete.order_by(*ordre_francais("nom"), *ordre_francais("prenom"), "pk"))
    reservations = {
        (r.tuteur_id, r.jeune_id): r for r in reservations_de(tuteurs, mlds_id).select_related("tuteur", *OFFRE)
    }
    propositions = {
        p.reservation_id: p
        for p in Positionnement.objects.filter(reservation__in=[r.pk for r in reservations.values()]).select_related(
            "reservation__jeune", "reservation__tuteur", *(f"reservation__{nom}" for nom in OFFRE)
        )
    }
    parcours: dict[tuple[UUID | None, UUID | None], list[Parcours]] = {}
    suivis = parcours_de(tuteurs, mlds_id).select_related("tuteur", "organisation", "referent", "jeune", *OFFRE)
    for suivi in suivis.order_by("-debut", "pk"):
        parcours.setdefault((suivi.tuteur_id, suivi.jeune_id), []).append(suivi)
    connus = noms(contexte, [jeune.pk for jeune in trouves])
    lignes: dict[UUID, list[Ligne]] = {tuteur_id: [] for tuteur_id in tuteurs}
    for jeune in trouves:
        for tuteur_id in tuteurs:
            reservation = reservations.get((tuteur_id, jeune.pk))
            siens = parcours.get((tuteur_id, jeune.pk), [])
            if reservation is None and not siens and jeune.tuteur_id != tuteur_id:
                continue
            ligne = Ligne(
                jeune=jeune,
                qui=connus.get(jeune.pk) or f"un jeune de {jeune.age()} ans",
                reservation=reservation,
                proposition=propositions.get(reservation.pk) if reservation else None,
                suivis=tuple(sorted(siens, key=lambda suivi: suivi.etat not in ETATS_PARCOURS_OUVERTS)),
            )
            lignes[tuteur_id].append(ligne)
    return lignes


def peut_confier(contexte: Contexte, tuteur_id: UUID) -> bool:
    """The tutor themselves, or an administrator of the MLDS."""
    if contexte.organisation_id is None or contexte.role not in (Role.TUTEUR, Role.COORDONNATEUR):
        return False
    return contexte.administrateur or (contexte.role == Role.TUTEUR and contexte.utilisateur_id == tuteur_id)


def tuteur_a_confier(contexte: Contexte, tuteur_id: UUID) -> Utilisateur:
    """Whose portfolio it is. Raises Http404 for another MLDS's tutor, PermissionDenied for a colleague's."""
    tuteur = ou_404(
        Utilisateur.objects.filter(
            pk__in=Adhesion.toutes.filter(Q(organisation_id=contexte.organisation_id), role=Role.TUTEUR).values(
                "utilisateur_id"
            ),
            pk=tuteur_id,
        )
    )
    if not peut_confier(contexte, tuteur_id):
        raise PermissionDenied
    return tuteur


def tuteurs_de_la_mlds(contexte: Contexte) -> "QuerySet[Utilisateur]":
    """Tutors of my MLDS today, in alphabetical order."""
    adhesions = Adhesion.objects.filter(Q(organisation_id=contexte.organisation_id), role=Role.TUTEUR)
    return Utilisateur.objects.filter(pk__in=adhesions.values("utilisateur_id")).order_by(
        *ordre_francais("nom"), *ordre_francais("prenom"), "pk"
    )


def tuteurs_a_revoir(contexte: Contexte) -> list[Utilisateur]:
    """Whose open files one decides at the end of the school year: an administrator everybody's, a tutor their own."""
    tuteurs = tuteurs_de_la_mlds(contexte)
    return [tuteur for tuteur in tuteurs if peut_confier(contexte, tuteur.pk)]


def passation_visible(contexte: Contexte, passation_id: UUID) -> Passation:
    """For the three people of the hand-over. Raises Http404."""
    moi = contexte.utilisateur_id
    trouvee = (
        Passation.objects.filter(Q(de_id=moi) | Q(vers_id=moi) | Q(par_id=moi))
        .filter(Q(organisation_id=contexte.organisation_id), pk=passation_id)
        .select_related("de", "vers", "par", "organisation")
        .first()
    )
    if moi is None or trouvee is None:
        raise Http404
    return trouvee


def retenir_le_tuteur(adhesion: Adhesion) -> Refus | None:
    """A tutor hands over their portfolio before leaving: nobody is left without a follower."""
    if adhesion.role != Role.TUTEUR:
        return None
    nombre = jeunes_suivis([adhesion.utilisateur_id], adhesion.organisation_id).count()
    if nombre == 0:
        return None
    dossiers = mots.pluriel(nombre, "dossier de jeune est encore suivi,dossiers de jeunes sont encore suivis")
    return Refus(f"{dossiers} par ce tuteur : confiez-les d'abord à un collègue.")


if retenir_le_tuteur not in AVANT_DEPART:
    AVANT_DEPART.append(retenir_le_tuteur)


def _mlds(contexte: Contexte) -> UUID:
    mlds = ou_404(Organisation.objects.filter(Q(pk=contexte.organisation_id), genre=GenreOrganisation.MLDS))
    return mlds.pk
