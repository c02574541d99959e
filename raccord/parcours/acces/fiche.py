"""The company's road to its own offer: the action link, nothing else."""

from django.http import Http404

from raccord.comptes.models import LienAction
from raccord.parcours.enums import EtatReservation
from raccord.parcours.models import FicheEntreprise, Offre, Reservation

FAMILLE = ("engagement__marche__acheteur", "entreprise", "commune__departement", "referent", "rrh")


def offre_du_lien(lien: LienAction) -> Offre:
    """The offer that the link is about, when its holder's organisation is the offer's company. Raises Http404."""
    offre = Offre.objects.select_related(*FAMILLE).filter(pk=lien.objet_id).first()
    if offre is None or lien.contact is None or lien.contact.organisation_id != offre.entreprise_id:
        raise Http404
    return offre


def fiche_de(offre: Offre) -> FicheEntreprise:
    """The offer's fiche; an empty one in memory when it has none yet (offers taken over from the former tool)."""
    return FicheEntreprise.objects.filter(offre=offre).first() or FicheEntreprise(offre=offre)


def reservation_active(offre: Offre) -> Reservation | None:
    """Who holds the offer now: the company may know whom to call, not for whom."""
    return (
        Reservation.objects.filter(offre=offre, etat=EtatReservation.ACTIVE)
        .select_related("organisation", "tuteur")
        .first()
    )
