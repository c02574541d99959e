"""What forbids holding an offer for a young person, or giving it back."""

from typing import TYPE_CHECKING

from raccord.comptes.enums import Role
from raccord.parcours.enums import ETATS_PARCOURS_OUVERTS, EtatReservation
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import Refus
from raccord.socle.parametres import regle

if TYPE_CHECKING:
    from raccord.parcours.models import Offre, Reservation


def periode_ouverte(contexte: Contexte, offre: "Offre") -> Refus | None:
    """Hours are done inside the firm period (digest §1.3): after its last day nothing can start."""
    if offre.date_fin < calendrier.aujourdhui():
        return Refus(
            f"La période de ce contrat s'est terminée le {offre.date_fin:%d/%m/%Y} : "
            "cette offre ne peut plus accueillir de jeune."
        )
    return None


def offre_de_mon_territoire(contexte: Contexte, offre: "Offre") -> Refus | None:
    """A coordinator decides for the offers of their académie; the national team for all."""
    academie_id = offre.commune.departement.academie_id
    if contexte.role == Role.COORDONNATEUR and (academie_id is None or academie_id != contexte.academie_id):
        return Refus("Cette offre est d'un autre territoire : contactez sa coordination.")
    return None


def jeune_de_ma_mlds(contexte: Contexte, reservation: "Reservation") -> Refus | None:
    """The tutor's MLDS follows the young person, by a grant in force (conception §1.3: the circle decides)."""
    mlds = contexte.organisation_id
    if (
        mlds == reservation.jeune.organisation_id
        and reservation.jeune.acces.en_cours().filter(organisation_id=mlds).exists()
    ):
        return None
    return Refus("Ce jeune n'est pas suivi par votre MLDS : choisissez l'un de vos jeunes.")


def age_au_debut(contexte: Contexte, reservation: "Reservation") -> Refus | None:
    """Between the two ages in force the day the stay may begin (parameters age_minimum, age_maximum)."""
    debut = max(reservation.offre.date_debut, calendrier.aujourdhui())
    minimum, maximum = regle("age_minimum", le=debut), regle("age_maximum", le=debut)
    age = reservation.jeune.age(debut)
    if minimum.valeur <= age <= maximum.valeur:
        return None
    return Refus(
        f"Ce jeune aura {age} ans le {debut:%d/%m/%Y}, au plus tôt de ce parcours : "
        f"il faut avoir de {minimum.valeur} à {maximum.valeur} ans. Cherchez avec lui une autre solution."
    )


def jeune_libre(contexte: Contexte, reservation: "Reservation") -> Refus | None:
    """One offer, one parcours at a time for a young person; the database says it too."""
    jeune = reservation.jeune
    if jeune.reservations.filter(etat=EtatReservation.ACTIVE).exists():
        return Refus("Ce jeune a déjà une offre réservée : rendez-la avant d'en réserver une autre.")
    if jeune.parcours.filter(etat__in=ETATS_PARCOURS_OUVERTS).exists():
        return Refus("Ce jeune a déjà un parcours ouvert : une offre se réserve quand il est terminé.")
    return None


def reservation_a_moi(contexte: Contexte, reservation: "Reservation") -> Refus | None:
    """A tutor gives back what their MLDS holds, a coordinator what concerns their académie, a company its own."""
    if contexte.role == Role.TUTEUR and reservation.organisation_id != contexte.organisation_id:
        return Refus("Cette offre est réservée par une autre MLDS : elle seule peut la rendre.")
    if contexte.role == Role.ENTREPRISE and reservation.offre.entreprise_id != contexte.organisation_id:
        return Refus("Cette offre est celle d'une autre entreprise.")
    if contexte.role == Role.COORDONNATEUR:
        academies = {reservation.organisation.academie_id, reservation.offre.commune.departement.academie_id}
        if contexte.academie_id not in academies - {None}:
            return Refus("Cette offre et ce tuteur sont d'un autre territoire : contactez sa coordination.")
    return None
