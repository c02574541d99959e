"""What forbids a step of a stay or of its hand-over, in words."""

from typing import TYPE_CHECKING

from raccord.comptes.enums import Role
from raccord.parcours import rythme
from raccord.parcours.enums import EtatReservation, EtatTransfert
from raccord.socle import calendrier, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import Refus

if TYPE_CHECKING:
    from raccord.parcours.models import Parcours, Transfert

NOMBRE_DE_VOIX = 3


def a_moi(contexte: Contexte, parcours: "Parcours") -> Refus | None:
    """The stay's own tutor, its company, its young person, the coordination of its territory; nobody else acts."""
    if contexte.role == Role.TUTEUR and parcours.tuteur_id not in contexte.tient_lieu_de:
        if parcours.organisation_id == contexte.organisation_id:
            return Refus("Ce parcours est suivi par un autre tuteur de votre MLDS : c'est à lui d'agir.")
        return Refus("Ce parcours est suivi par une autre MLDS.")
    if contexte.role == Role.TUTEUR and parcours.organisation_id != contexte.organisation_id:
        return Refus("Vous suivez ce parcours pour une autre organisation : changez d'organisation en haut de la page.")
    if contexte.role == Role.ENTREPRISE and parcours.offre.entreprise_id != contexte.organisation_id:
        return Refus("Ce parcours se déroule dans une autre entreprise.")
    if contexte.role == Role.JEUNE and parcours.jeune_id != contexte.jeune_id:
        return Refus("Ce parcours est celui d'une autre personne.")
    if contexte.role == Role.COORDONNATEUR and not de_mon_territoire(contexte, parcours):
        return Refus("Ce parcours relève d'un autre territoire : contactez sa coordination.")
    return None


def de_mon_territoire(contexte: Contexte, parcours: "Parcours") -> bool:
    """By the MLDS that follows it, or by the place of work."""
    mlds = parcours.organisation.academie_id if parcours.organisation else None
    return contexte.academie_id is not None and contexte.academie_id in (
        mlds,
        parcours.offre.commune.departement.academie_id,
    )


def premier_jour_venu(contexte: Contexte, parcours: "Parcours") -> Refus | None:
    """Nobody confirms a first day that has not come."""
    if parcours.debut > calendrier.aujourdhui():
        return Refus(f"Le premier jour est le {mots.date_fr(parcours.debut)} : revenez ce jour-là.")
    return None


def heures_connues(contexte: Contexte, parcours: "Parcours") -> Refus | None:
    """Hours are the proof: each week begun has its figure before the stay is closed, be it zero."""
    saisies = set(parcours.semaines.values_list("lundi", flat=True))
    manque = rythme.a_noter(parcours, saisies)
    if not manque:
        return None
    quelles = mots.liste_fr(mots.date_fr(lundi) for lundi in manque[:3])
    suite = f" et {len(manque) - 3} autres" if len(manque) > 3 else ""
    quoi = "la semaine du" if len(manque) == 1 else "les semaines du"
    return Refus(f"Il manque les heures : notez d'abord {quoi} {quelles}{suite} (0 si le jeune n'est pas venu).")


def fin_atteinte(contexte: Contexte, parcours: "Parcours") -> Refus | None:
    """Its last day has come, or all its hours are done; before that it is adapted or interrupted."""
    if parcours.fin <= calendrier.aujourdhui():
        return None
    if sum(parcours.semaines.values_list("heures", flat=True)) >= parcours.heures_prevues:
        return None
    return Refus(
        f"Le dernier jour prévu est le {mots.date_fr(parcours.fin)} et les heures ne sont pas toutes faites : "
        "adaptez le dernier jour, ou interrompez le parcours."
    )


def place_gardee(contexte: Contexte, parcours: "Parcours") -> Refus | None:
    """Once the place is given back, another young person may have taken it."""
    if parcours.place_rendue_le is not None:
        return Refus(
            f"La place a été rendue le {mots.date_fr(parcours.place_rendue_le)} pour un autre jeune : "
            "réservez de nouveau une offre pour reprendre."
        )
    return None


def voix_reunies(contexte: Contexte, parcours: "Parcours") -> Refus | None:
    """The bilan is signed when its three voices are: each signed, or said impossible to have."""
    bilan = getattr(parcours, "bilan", None)
    donnees = [] if bilan is None else [v for v in bilan.voix.all() if v.signee_le or v.non_recueillie]
    if len(donnees) < NOMBRE_DE_VOIX:
        return Refus(f"Le bilan attend encore {mots.pluriel(NOMBRE_DE_VOIX - len(donnees), 'voix,voix')}.")
    return None


# --- Hand-over -------------------------------------------------------------------------------------


def transferable(contexte: Contexte, transfert: "Transfert") -> Refus | None:
    """Asked by the coordination of the MLDS that follows the stay, while there is something left to follow."""
    parcours = transfert.parcours
    mlds = parcours.organisation
    if contexte.role == Role.COORDONNATEUR and (mlds is None or mlds.academie_id != contexte.academie_id):
        return Refus("Ce parcours est suivi par un autre territoire : lui seul peut le confier.")
    if parcours.jeune is not None and parcours.jeune.reservations.filter(etat=EtatReservation.ACTIVE).exists():
        return Refus("Ce jeune a aussi une offre réservée : son tuteur la rend ou la mène à bien avant le transfert.")
    return None


def accueillant(contexte: Contexte, transfert: "Transfert") -> Refus | None:
    """The receiving territory answers, or the national team."""
    if contexte.role == Role.COORDONNATEUR and transfert.vers.academie_id != contexte.academie_id:
        return Refus("C'est au territoire d'accueil de répondre.")
    return None


def confiant(contexte: Contexte, transfert: "Transfert") -> Refus | None:
    """Whoever asked may take the question back."""
    if contexte.role == Role.COORDONNATEUR and transfert.depuis.academie_id != contexte.academie_id:
        return Refus("C'est au territoire qui confie le parcours d'annuler sa demande.")
    return None


def demande_ouverte(parcours: "Parcours") -> bool:
    """Whether a hand-over waits for its answer."""
    return parcours.transferts.filter(etat=EtatTransfert.DEMANDE).exists()
