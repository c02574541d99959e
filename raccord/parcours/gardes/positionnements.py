"""What forbids a step of a proposal, in words."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.joignabilite import sans_chemin
from raccord.documents.models import Document
from raccord.echeances.models import Attente
from raccord.parcours.enums import EtatReservation
from raccord.socle import calendrier, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import Refus
from raccord.socle.models import Journal
from raccord.socle.parametres import regle

if TYPE_CHECKING:
    from raccord.parcours.models import Positionnement

Garde = Callable[[Contexte, "Positionnement"], Refus | None]


def a_moi(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """The tutor who holds the reservation, the company of the offer, the buyer of the contract, the coordination of the
    territory; nobody else.
    """
    reservation = positionnement.reservation
    if contexte.role == Role.TUTEUR:
        if reservation.organisation_id != contexte.organisation_id:
            return Refus("Cette proposition est suivie par une autre MLDS.")
        if reservation.tuteur_id not in contexte.tient_lieu_de:
            return Refus("Cette proposition est suivie par un autre tuteur de votre MLDS : c'est à lui d'agir.")
    if contexte.role == Role.ENTREPRISE and positionnement.offre.entreprise_id != contexte.organisation_id:
        return Refus("Cette proposition a été faite à une autre entreprise.")
    engagement = positionnement.offre.engagement
    acheteur_id = engagement.marche.acheteur_id if engagement else None
    if contexte.role == Role.ACHETEUR and acheteur_id != contexte.organisation_id:
        return Refus("Cette proposition relève du marché d'un autre acheteur.")
    if contexte.role == Role.COORDONNATEUR and not du_territoire(contexte, positionnement):
        return Refus("Cette proposition relève d'un autre territoire : contactez sa coordination.")
    return None


def du_territoire(contexte: Contexte, positionnement: "Positionnement") -> bool:
    """By the MLDS that proposes the young person, or by the place of work."""
    academies = (
        positionnement.reservation.organisation.academie_id,
        positionnement.offre.commune.departement.academie_id,
    )
    return contexte.academie_id is not None and contexte.academie_id in academies


def reservation_tenue(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """Nobody writes to a company about an offer that is no longer held."""
    if positionnement.reservation.etat != EtatReservation.ACTIVE:
        return Refus("L'offre n'est plus réservée : réservez-la de nouveau avant d'écrire à l'entreprise.")
    return None


def profil_present(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """The company must have something to read: a few lines, or a CV."""
    if positionnement.presentation.strip() or Document.objects.filter(objet_id=positionnement.pk, genre="cv").exists():
        return None
    return Refus("Écrivez quelques lignes sur le jeune, ou joignez son CV.")


def creneau_a_venir(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """At least one of the tutor's slots is still ahead."""
    if positionnement.creneaux.filter(propose_par=Role.TUTEUR, debut__gt=timezone.now()).exists():
        return None
    return Refus("Proposez au moins un créneau à venir.")


def entreprise_joignable(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """Somebody in the company can be written to."""
    offre = positionnement.offre
    contacts = [contact for contact in (offre.referent, offre.rrh) if contact is not None]
    if not contacts:
        return Refus("L'entreprise n'a donné aucun contact : demandez à l'acheteur de compléter l'offre.")
    if all(sans_chemin(contact) for contact in contacts):
        return Refus("Plus rien n'arrive à l'entreprise : il faut d'abord une autre adresse.")
    return None


def rencontre_passee(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """Nobody misses a meeting that has not come, nor says what was agreed there."""
    rencontre = positionnement.rencontre_le
    if rencontre is not None and rencontre > timezone.now():
        return Refus(
            f"La rencontre est prévue {mots.moment_fr(rencontre)} : revenez ensuite. Si elle a été avancée, "
            "dites quand elle a eu lieu."
        )
    return None


def rencontre_a_venir(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """Only a meeting that is still ahead can have been held before its time."""
    if rencontre_passee(contexte, positionnement) is None:
        return Refus("L'heure de la rencontre est passée : dites ce qui a été convenu, ou qui n'est pas venu.")
    return None


def absence_pas_notee(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """Once per meeting."""
    if positionnement.absence:
        return Refus("L'absence est déjà notée : proposez de nouveaux créneaux, ou arrêtez la proposition.")
    return None


def absence_corrigible(absent: Role) -> Garde:
    """That one was noted as missing, a few days ago at most (parameter delai_correction_absence)."""

    def garde(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
        if positionnement.absence != absent:
            return Refus("Aucune absence n'est notée ici : rechargez la page.")
        notees = Journal.objects.filter(objet_id=positionnement.pk, verbe=f"positionnement.absence_{absent.value}")
        derniere = notees.order_by("-le", "-pk").values_list("le", flat=True).first()
        delai = regle("delai_correction_absence")
        jour = timezone.localdate(derniere or positionnement.rencontre_le)
        if calendrier.aujourdhui() <= (limite := calendrier.ajouter(jour, delai.valeur, delai.unite)):
            return None
        return Refus(f"Une absence se corrige jusqu'au {mots.date_fr(limite)} : proposez une autre rencontre.")

    return garde


def pas_encore_annonce(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """Once."""
    if positionnement.annonce_le is not None:
        return Refus(f"Vous l'avez noté le {mots.date_fr(positionnement.annonce_le)}.")
    return None


def reponse_annulable(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """Within the hour, by whoever answered, while nobody was told and nobody went on from there."""
    reponse = positionnement.reponses.valables().first()
    if reponse is None:
        return Refus("Il n'y a pas de réponse à annuler.")
    appeler = f"Appelez {_qui_appeler(positionnement)}."
    if reponse.contact_id != contexte.contact_id:
        return Refus(f"Seule la personne qui a répondu peut annuler sa réponse. {appeler}")
    if reponse.actee_le is not None or reponse.annulable_jusqu_a <= timezone.now():
        return Refus(f"Il est trop tard pour annuler d'un geste : chacun est prévenu de votre réponse. {appeler}")
    if not _ouverte(positionnement, "revenir") or positionnement.reservation.etat != EtatReservation.ACTIVE:
        return Refus(f"Le tuteur a déjà donné suite à votre réponse. {appeler}")
    return None


def reponse_a_acter(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """There is an answer, and nobody was told yet."""
    if positionnement.reponses.valables().filter(actee_le__isnull=True).exists():
        return None
    return Refus("Il n'y a pas de réponse à annoncer.")


def reponse_definitive(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """The young person is never told of a refusal that may still be taken back."""
    reponse = positionnement.reponses.valables().first()
    if reponse is None or reponse.actee_le is not None:
        return None
    return Refus(
        f"L'entreprise peut encore annuler sa réponse jusqu'à {mots.heure_fr(reponse.annulable_jusqu_a)} : "
        "attendez avant d'en parler au jeune."
    )


def pas_deja_un_rappel(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """One call at a time."""
    if _ouverte(positionnement, "rappeler"):
        return Refus(f"Un appel est déjà demandé : {_qui_appeler(positionnement)} vous rappelle.")
    return None


def rappel_attendu(contexte: Contexte, positionnement: "Positionnement") -> Refus | None:
    """The company asked for a call."""
    return None if _ouverte(positionnement, "rappeler") else Refus("L'entreprise n'a pas demandé d'appel.")


def _ouverte(positionnement: "Positionnement", code: str) -> bool:
    return Attente.objects.filter(code=code, objet_id=positionnement.pk, close_le__isnull=True).exists()


def _qui_appeler(positionnement: "Positionnement") -> str:
    """The tutor, with a telephone when it is known."""
    tuteur = positionnement.reservation.tuteur
    return f"{tuteur.nom_complet} ({mots.telephone_fr(tuteur.telephone)})" if tuteur.telephone else tuteur.nom_complet
