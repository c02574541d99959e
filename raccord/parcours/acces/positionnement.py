"""The only road to proposals: whose they are, and how much of them each one reads."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from raccord.comptes.enums import Role
from raccord.comptes.models import LienAction
from raccord.comptes.noms import nommer
from raccord.documents.acces import AUTORISATIONS, documents_de
from raccord.documents.controle import EXTENSIONS
from raccord.documents.models import Document
from raccord.jeunes.models import Jeune
from raccord.parcours.acces.territoire import de_mon_academie
from raccord.parcours.enums import EtatReservation
from raccord.parcours.models import Positionnement, Reservation
from raccord.parcours.reponses import courante
from raccord.parcours.workflow import POSITIONNEMENT
from raccord.socle import mots
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_404
from raccord.socle.models import Journal

FAMILLE = (
    "reservation__offre__entreprise",
    "reservation__offre__commune__departement",
    "reservation__offre__engagement__marche__acheteur",
    "reservation__offre__referent",
    "reservation__offre__rrh",
    "reservation__jeune",
    "reservation__tuteur",
    "reservation__organisation",
)
# The company's answers, and the same noted by somebody who follows.
RECUES = {"accepter": "accord_recu", "contre_proposer": "creneaux_recus", "refuser": "refus_recu"}
REPONSES = tuple(f"{POSITIONNEMENT.nom}.{nom}" for nom in (*RECUES, *RECUES.values()))


def positionnements_de(contexte: Contexte) -> QuerySet[Positionnement]:
    """Proposals this person is a party to: their MLDS's, their territory's, their contracts'. Latest first.

    A tutor sees those of the MLDS whose young person is open to it; who may act is another matter (guards).
    """
    return Positionnement.objects.filter(_partie(contexte)).select_related(*FAMILLE).order_by("-cree_le", "pk")


def _partie(contexte: Contexte) -> Q:
    if contexte.role == Role.NATIONAL:
        return Q(pk__isnull=False)
    if contexte.role == Role.TUTEUR and contexte.organisation_id:
        ouverts = Jeune.objects.ouverts_a(contexte.organisation_id)
        return Q(reservation__organisation_id=contexte.organisation_id, reservation__jeune__in=ouverts)
    if contexte.role == Role.COORDONNATEUR and contexte.academie_id:
        return de_mon_academie(contexte, "reservation__")
    if contexte.role == Role.ACHETEUR and contexte.organisation_id:
        return Q(reservation__offre__engagement__marche__acheteur_id=contexte.organisation_id)
    return Q(pk__isnull=True)


def positionnement_visible(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """The proposal when this person is a party to it. Raises Http404 otherwise."""
    return ou_404(positionnements_de(contexte).filter(pk=positionnement_id))


def positionnement_a_mener(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """The proposal for the tutor who leads it. Raises PermissionDenied for whoever only follows it, Http404 else."""
    positionnement = positionnement_visible(contexte, positionnement_id)
    if not mene(contexte, positionnement.reservation):
        raise PermissionDenied
    return positionnement


def reservation_a_preparer(contexte: Contexte, reservation_id: UUID) -> Reservation:
    """The active or past reservation of this very tutor. Colleague: PermissionDenied; anybody else: Http404."""
    if contexte.role != Role.TUTEUR or contexte.organisation_id is None:
        raise Http404
    reservation = ou_404(
        Reservation.objects.select_related(
            "offre__entreprise", "offre__commune", "jeune", "organisation", "tuteur", "positionnement"
        ).filter(
            pk=reservation_id,
            organisation_id=contexte.organisation_id,
            jeune__in=Jeune.objects.ouverts_a(contexte.organisation_id),
        )
    )
    if not mene(contexte, reservation):
        raise PermissionDenied
    return reservation


def mene(contexte: Contexte, reservation: Reservation) -> bool:
    """Whether this tutor holds the reservation: level 2 opens to that tutor alone."""
    return (
        contexte.role == Role.TUTEUR
        and reservation.tuteur_id in contexte.tient_lieu_de
        and reservation.organisation_id == contexte.organisation_id
    )


def tient_encore(reservation: Reservation) -> bool:
    """The contacts of the company stay open as long as the reservation, or the stay that followed."""
    return reservation.etat in (EtatReservation.ACTIVE, EtatReservation.HONOREE)


def voit_le_jeune(contexte: Contexte, positionnement: Positionnement) -> bool:
    """Name, profile and papers: the MLDS by its grant. Neither coordinator, buyer nor national team (decision 0006)."""
    return (
        contexte.role == Role.TUTEUR
        and positionnement.reservation.organisation_id == contexte.organisation_id
        and Jeune.objects.ouverts_a(contexte.organisation_id).filter(pk=positionnement.reservation.jeune_id).exists()
    )


def _peut_ouvrir(contexte: Contexte, positionnement_id: UUID) -> bool:
    """The papers of a proposal, for somebody with an account; a company opens them by its link alone."""
    positionnement = positionnements_de(contexte).filter(pk=positionnement_id).first()
    return positionnement is not None and voit_le_jeune(contexte, positionnement)


AUTORISATIONS["parcours.positionnement"] = _peut_ouvrir


def positionnement_du_lien(lien: LienAction) -> Positionnement:
    """What a company's link is about. Raises Http404 when it is gone or was made for another company."""
    positionnement = Positionnement.objects.select_related(*FAMILLE).filter(pk=lien.objet_id).first()
    if (
        positionnement is None
        or lien.contact is None
        or positionnement.offre.entreprise_id != lien.contact.organisation_id
    ):
        raise Http404
    return positionnement


@dataclass(frozen=True, kw_only=True)
class Papier:
    """A paper as a page shows it."""

    document: Document
    libelle: str
    detail: str


def papiers(positionnement: Positionnement) -> list[Papier]:
    """What is joined, with its weight in words."""
    return [
        Papier(
            document=document,
            libelle=mots.majuscule(document.get_genre_display()),
            detail=f"{EXTENSIONS[document.type_mime][0].upper()}, "
            f"{mots.nombre_fr(max(1, round(document.taille / 1024)))} ko",
        )
        for document in documents_de(positionnement)
    ]


def reponse_donnee(positionnement: Positionnement) -> str:
    """The company's last answer, by whom and when; nothing while there is none, or when it was taken back."""
    reponse = courante(positionnement)
    if reponse is None:
        return ""
    verbe = f"{POSITIONNEMENT.nom}.{reponse.geste}"
    ligne = Journal.objects.filter(objet_id=positionnement.pk, verbe=verbe).order_by("-le", "-pk").first()
    if ligne is None:
        return ""
    (nommee,) = nommer([ligne], contacts=True)  # read by the company itself
    return f"Le {mots.moment_fr(ligne.le)}, {nommee.auteur} {ligne.texte}."  # type: ignore[attr-defined]
