"""Messages about reservations (digest §1.7): never a word about the young person."""

from raccord.socle.courrier import definir

RESERVEE = definir("parcours.offre_reservee", "Une offre de votre contrat ou de votre territoire est réservée")
RESERVATION_FAITE = definir("parcours.reservation_faite", "Votre réservation et ce qu'elle ouvre")
RENDUE = definir("parcours.offre_rendue", "Une offre réservée est de nouveau disponible")
PROPOSITION_ARRETEE = definir(
    "parcours.proposition_arretee", "La proposition reçue par l'entreprise s'arrête", contractuel=True
)
AVERTISSEMENT = definir("parcours.reservation_va_tomber", "Votre réservation va tomber", contractuel=True)
TOMBEE = definir("parcours.reservation_tombee", "Une réservation sans suite est tombée", contractuel=True)
