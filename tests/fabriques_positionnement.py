"""Proposals brought to a state by the real actions of their slice."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import Contact
from raccord.documents.tests.fichiers import pdf
from raccord.echeances.models import Message
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions import rencontre
from raccord.parcours.actions.reponse import acter
from raccord.parcours.actions.reservation import reserver
from raccord.parcours.models import Offre, Positionnement, Reservation
from raccord.socle import calendrier
from tests.distribution import Distribution

TEXTE = "Aime le bois, se lève tôt, veut découvrir un atelier."


def jour(dans: int, heure: int = 14) -> dt.datetime:
    """That hour, so many working days from now, Paris time."""
    le = calendrier.ajouter_jours_ouvres(calendrier.aujourdhui(), dans)
    return dt.datetime.combine(le, dt.time(heure), tzinfo=calendrier.PARIS)


def cv(octets: bytes | None = None, nom: str = "CV Camille Essai.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, pdf() if octets is None else octets, "application/pdf")


def reservation(distribution: Distribution, *, offre: Offre | None = None, **champs: Any) -> Reservation:
    """The tutor holds an offer for a young person."""
    offre = offre or distribution.offre_publiee()
    jeune = distribution.jeune(**champs)
    return reserver(distribution.tuteur.contexte, offre.pk, jeune_id=jeune.pk)


def prepare(distribution: Distribution, tenue: Reservation | None = None, **champs: Any) -> Positionnement:
    """A profile with a CV and three slots, not sent."""
    tenue = tenue or reservation(distribution)
    defauts: dict[str, Any] = {
        "presentation": TEXTE,
        "lieu": "12 rue des Essais, Lille",
        "creneaux": [jour(3), jour(4), jour(5, 9)],
        "fichiers": {"cv": cv()},
    }
    return actions.preparer(distribution.tuteur.contexte, tenue.pk, **(defauts | champs))


def transmis(distribution: Distribution, **champs: Any) -> Positionnement:
    """Sent to the company."""
    return actions.transmettre(distribution.tuteur.contexte, prepare(distribution, **champs).pk)


def accepte(distribution: Distribution, **champs: Any) -> Positionnement:
    """The company has just picked the first slot: its hour runs."""
    envoye = transmis(distribution, **champs)
    premier = envoye.creneaux.order_by("debut").first()
    assert premier is not None
    return actions.accepter(distribution.contexte_referent, envoye.pk, creneau_id=premier.pk)


def rencontre_fixee(distribution: Distribution, **champs: Any) -> Positionnement:
    """The company picked the first slot, and everybody is told."""
    return acter(accepte(distribution, **champs).pk)


def rencontre_tenue(distribution: Distribution, **champs: Any) -> Positionnement:
    """Moved forward by phone and held today, an instant ago: the tutor has said so."""
    fixee = rencontre_fixee(distribution, **champs)
    return rencontre.avancer(distribution.tuteur.contexte, fixee.pk, rencontre_le=timezone.now())


def contre_propose(distribution: Distribution) -> Positionnement:
    """The company offered two other slots."""
    propose = actions.contre_proposer(
        distribution.contexte_referent, transmis(distribution).pk, creneaux=[jour(6), jour(7)]
    )
    return acter(propose.pk)


def refuse(distribution: Distribution) -> Positionnement:
    """The company said no."""
    dit = actions.refuser(
        distribution.contexte_referent, transmis(distribution).pk, motif="dates", precisions="Nous déménageons."
    )
    return acter(dit.pk)


def lien_de(positionnement: Positionnement, contact: Contact) -> str:
    """The path of a contact's link."""
    adresse = liens.creer_pour_contact("parcours.repondre", positionnement.pk, contact)
    return "/lien/" + adresse.rstrip("/").rsplit("/", 1)[1] + "/"


def ouvrir_lien(positionnement: Positionnement, contact: Contact) -> tuple[Client, str]:
    """A browser that knows nobody, and the path."""
    return Client(), lien_de(positionnement, contact)


def messages_de(code: str) -> list[Message]:
    """The outbox, by kind."""
    return list(Message.objects.filter(code=f"parcours.{code}").order_by("courriel"))
