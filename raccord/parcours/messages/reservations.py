"""Messages about reservations (digest §1.7): never a word about the young person."""

import datetime as dt

from django.conf import settings
from django.urls import reverse

from raccord.parcours.enums import ETATS_PARCOURS_OUVERTS, EtatReservation
from raccord.parcours.models import Offre
from raccord.socle.courrier import definir, envoyer

RESERVEE = definir("parcours.offre_reservee", "Une offre de votre contrat ou de votre territoire est réservée")
RESERVATION_FAITE = definir("parcours.reservation_faite", "Votre réservation et ce qu'elle ouvre")
RENDUE = definir("parcours.offre_rendue", "Une offre réservée est de nouveau disponible")
PROPOSITION_ARRETEE = definir(
    "parcours.proposition_arretee", "La proposition reçue par l'entreprise s'arrête", contractuel=True
)
FIN_CHANGEE = definir(
    "parcours.offre_fin_changee", "Le dernier jour d'une offre que vous tenez a changé", contractuel=True
)
AVERTISSEMENT = definir("parcours.reservation_va_tomber", "Votre réservation va tomber", contractuel=True)
TOMBEE = definir("parcours.reservation_tombee", "Une réservation sans suite est tombée", contractuel=True)


def fin_changee(offre: Offre, avant: dt.date) -> None:
    """The tutor who holds the offer, or follows the stay there: the last day is not the one they counted on."""
    reservation = offre.reservations.filter(etat=EtatReservation.ACTIVE).select_related("tuteur").first()
    sejour = offre.parcours.filter(etat__in=ETATS_PARCOURS_OUVERTS).select_related("tuteur").first()
    suivi = reservation or sejour
    if suivi is None or suivi.tuteur is None:
        return
    page = reverse("parcours:reservation" if reservation else "parcours:parcours", args=[suivi.pk])
    donnees = {
        "intitule": offre.intitule,
        "entreprise": offre.entreprise.nom,
        "ancienne_fin": avant,
        "fin": offre.date_fin,
        "plus_tot": offre.date_fin < avant,
        "page": settings.ADRESSE_PUBLIQUE + page,
    }
    envoyer(FIN_CHANGEE, [suivi.tuteur.destinataire(suivi.organisation_id)], donnees, objet=suivi)
