"""The only road to offers: what is public, what is mine, and who reads level 2."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.parcours.enums import EtatOffre, EtatParcours, EtatReservation
from raccord.parcours.models import FicheEntreprise, Offre, Parcours, Reservation
from raccord.parcours.models.offre import OffreQuerySet
from raccord.socle.contexte import Contexte

# The stay is still the tutor's: the contacts serve until what comes next is known.
PARCOURS_SUIVIS = (
    EtatParcours.CONVENTION_A_SIGNER,
    EtatParcours.A_VENIR,
    EtatParcours.EN_COURS,
    EtatParcours.INTERROMPU,
    EtatParcours.TERMINE,
    EtatParcours.BILAN_SIGNE,
)
ETATS_HORS_TERRITOIRE = (EtatOffre.BROUILLON, EtatOffre.A_INSTRUIRE)
FAMILLE = ("entreprise", "commune__departement__academie", "engagement__marche__acheteur")


def offres_de(contexte: Contexte) -> OffreQuerySet:
    """Offers this person is a party to, in any state: bought, held, followed, or of their territory.

    Latest first. Published offers of others are not here: anybody reads those (`Offre.objects.publiques()`).
    """
    return Offre.objects.filter(_partie(contexte)).select_related(*FAMILLE).order_by("-cree_le", "pk")


def _partie(contexte: Contexte) -> Q:
    if contexte.role == Role.NATIONAL:
        return Q(pk__isnull=False)
    if contexte.role == Role.ACHETEUR and contexte.organisation_id:
        return Q(engagement__marche__acheteur_id=contexte.organisation_id)
    if contexte.role == Role.ENTREPRISE and contexte.organisation_id:
        return Q(entreprise_id=contexte.organisation_id)
    if contexte.role == Role.TUTEUR and contexte.organisation_id:
        return Q(pk__in=_tenues_par(organisation_id=contexte.organisation_id))
    if contexte.role == Role.COORDONNATEUR and contexte.academie_id:
        du_lieu = Q(commune__departement__academie_id=contexte.academie_id)
        de_la_mlds = Q(pk__in=_tenues_par(organisation__academie_id=contexte.academie_id))
        return (du_lieu | de_la_mlds) & ~Q(etat__in=ETATS_HORS_TERRITOIRE)
    return Q(pk__isnull=True)


def _tenues_par(**qui: object) -> OffreQuerySet:
    """Offers held by an active reservation or by a stay that goes on."""
    reservees = Reservation.objects.filter(etat=EtatReservation.ACTIVE, **qui).values("offre_id")
    suivies = Parcours.objects.filter(etat__in=PARCOURS_SUIVIS, **qui).values("offre_id")
    return Offre.objects.filter(Q(pk__in=reservees) | Q(pk__in=suivies)).values("pk")  # type: ignore[return-value]


def offre_visible(contexte: Contexte, offre_id: UUID) -> Offre:
    """The offer when it is public or when this person is a party to it. Raises Http404 otherwise."""
    offre = Offre.objects.filter(pk=offre_id).select_related(*FAMILLE).first()
    if offre is None or not (offre.publique or est_partie(contexte, offre)):
        raise Http404
    return offre


def est_partie(contexte: Contexte, offre: Offre) -> bool:
    """Whether this person reads the offer's timeline and waits, whatever its state."""
    return Offre.objects.filter(_partie(contexte), pk=offre.pk).exists()


def voit_niveau_2(contexte: Contexte, offre: Offre) -> bool:
    """Contacts and the whole fiche: the tutor who holds the offer or follows its stay, the buyer, the national relay
    and the company itself. Neither other tutors, even of the same MLDS, nor coordinators (digest §1.4).
    """
    if contexte.role == Role.NATIONAL:
        return True
    if contexte.role == Role.ACHETEUR:
        engagement = offre.engagement
        return engagement is not None and engagement.marche.acheteur_id == contexte.organisation_id
    if contexte.role == Role.ENTREPRISE:
        return offre.entreprise_id == contexte.organisation_id
    if contexte.role == Role.TUTEUR and contexte.utilisateur_id:
        qui = {"organisation_id": contexte.organisation_id, "tuteur_id__in": contexte.tient_lieu_de}
        return (
            Reservation.objects.filter(offre=offre, etat=EtatReservation.ACTIVE, **qui).exists()
            or Parcours.objects.filter(offre=offre, etat__in=PARCOURS_SUIVIS, **qui).exists()
        )
    return False


@dataclass(frozen=True, kw_only=True)
class Niveau2:
    """What opens to the one who prepares a young person's coming. Not to be spread."""

    fiche: FicheEntreprise | None
    referent: Contact | None
    rrh: Contact | None
    acheteur: Organisation | None
    acheteur_suivi: Utilisateur | None
    acheteur_contact: Contact | None
    reference_marche: str


def niveau_2(contexte: Contexte, offre: Offre) -> Niveau2 | None:
    """The level-2 part, or None for whoever may not read it: nothing of it is even fetched."""
    if not voit_niveau_2(contexte, offre):
        return None
    marche = offre.engagement.marche if offre.engagement else None
    return Niveau2(
        fiche=FicheEntreprise.objects.filter(offre=offre).first(),
        referent=offre.referent,
        rrh=offre.rrh,
        acheteur=marche.acheteur if marche else None,
        acheteur_suivi=marche.suivi_par if marche else None,
        acheteur_contact=marche.contact if marche else None,
        reference_marche=marche.reference if marche else "",
    )
