"""What forbids declaring, confirming or withdrawing an offer."""

from typing import TYPE_CHECKING

from raccord.comptes.enums import Role
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import Refus

if TYPE_CHECKING:
    from raccord.parcours.models import Offre


def offre_de_mon_marche(contexte: Contexte, offre: "Offre") -> Refus | None:
    """A buyer acts on the offers of their own contracts; the national team on all, and alone on spontaneous ones."""
    if contexte.role != Role.ACHETEUR:
        return None
    if offre.engagement is None or offre.engagement.marche.acheteur_id != contexte.organisation_id:
        return Refus("Cette offre n’est pas celle d’un de vos marchés.")
    return None


def offre_de_mon_entreprise(contexte: Contexte, offre: "Offre") -> Refus | None:
    """A company confirms its own offer."""
    if contexte.role == Role.ENTREPRISE and offre.entreprise_id != contexte.organisation_id:
        return Refus("Cette offre est celle d’une autre entreprise.")
    return None


def dans_la_periode_ferme(contexte: Contexte, offre: "Offre") -> Refus | None:
    """The hours are done inside the firm period of the contract (digest §1.3)."""
    if offre.engagement and offre.date_fin > (fin := offre.engagement.marche.date_fin_clause):
        return Refus(f"Les heures se font avant la fin de la période ferme, le {fin:%d/%m/%Y}.")
    return None


def pas_encore_finie(contexte: Contexte, offre: "Offre") -> Refus | None:
    """After its last day an offer can neither be declared nor published."""
    if offre.date_fin < calendrier.aujourdhui():
        return Refus(
            f"La dernière date possible, le {offre.date_fin:%d/%m/%Y}, est passée. "
            "Changez les dates possibles, puis recommencez."
        )
    return None


def fiche_complete(contexte: Contexte, offre: "Offre") -> Refus | None:
    """Place, contacts, main missions and hosting conditions (digest §1.4): said one by one when missing."""
    absents = [libelle for _, libelle in manques(offre)]
    if not absents:
        return None
    return Refus(f"Il manque encore : {', '.join(absents)}.")


def manques(offre: "Offre") -> list[tuple[str, str]]:
    """What publication needs and does not have: the form's field and its words, in the order of the form."""
    fiche, referent = getattr(offre, "fiche", None), offre.referent
    presents = (
        ("adresse", "l’adresse du lieu de travail", offre.adresse),
        ("referent_nom", "le nom du référent", referent and referent.nom),
        ("referent_courriel", "un courriel ou un téléphone du référent", referent and _joignable(referent)),
        ("rrh_nom", "un second contact, avec un courriel ou un téléphone", deux_contacts(offre)),
        ("taches", "les tâches confiées", fiche and fiche.taches),
        ("poste_travail", "le poste de travail", fiche and fiche.poste_travail),
        ("tenue", "la tenue de travail", fiche and fiche.tenue),
    )
    return [(champ, libelle) for champ, libelle, valeur in presents if not valeur]


def deux_contacts(offre: "Offre") -> bool:
    """Two different people who can be reached: half of the companies' tutors change during a contract (digest P5)."""
    return offre.rrh is not None and offre.rrh != offre.referent and _joignable(offre.rrh)


def _joignable(contact: "object") -> bool:
    return bool(getattr(contact, "courriel", "") or getattr(contact, "telephone", ""))


def derniere_date_passee(contexte: Contexte, offre: "Offre") -> Refus | None:
    """An offer expires after its last day, not before."""
    if offre.date_fin >= calendrier.aujourdhui():
        return Refus(f"Cette offre peut encore accueillir un jeune, jusqu’au {offre.date_fin:%d/%m/%Y}.")
    return None
