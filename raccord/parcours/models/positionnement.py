"""Reservation, Positionnement and its slots."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.jeunes.models import Jeune
from raccord.parcours.enums import EtatPositionnement, EtatReservation, Geste, MotifAbandon, MotifRefus
from raccord.parcours.models.offre import Offre
from raccord.parcours.workflow import POSITIONNEMENT, RESERVATION
from raccord.socle.models import Identifie, ObjetAEtat

ETATS_RENCONTRE = (EtatPositionnement.RENCONTRE_FIXEE, EtatPositionnement.CONFIRME)


class Reservation(ObjetAEtat):
    """One tutor holds one offer for one young person. One tutor wins: a partial unique index says so."""

    workflow: ClassVar[Any] = RESERVATION

    etat = models.CharField(max_length=10, choices=EtatReservation, default=EtatReservation.ACTIVE)
    offre = models.ForeignKey(Offre, models.CASCADE, related_name="reservations")
    jeune = models.ForeignKey(Jeune, models.CASCADE, related_name="reservations")
    tuteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="reservations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offre"],
                condition=models.Q(etat=EtatReservation.ACTIVE),
                name="reservation_une_par_offre",
                violation_error_message="Cette offre vient d'être réservée par un autre tuteur.",
            ),
            models.UniqueConstraint(
                fields=["jeune"],
                condition=models.Q(etat=EtatReservation.ACTIVE),
                name="reservation_une_par_jeune",
                violation_error_message="Ce jeune a déjà une offre réservée : rendez-la avant d'en réserver une autre.",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=EtatReservation.values),
                name="reservation_etat",
                violation_error_message="Cet état n'existe pas.",
            ),
        ]
        triggers = [RESERVATION.garde_base()]
        verbose_name = "réservation"

    def __str__(self) -> str:
        return f"Réservation : {self.offre}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the offer's, the contract's and the young person's timelines."""
        return [self.pk, self.jeune_id, *self.offre.fil()]


class Positionnement(ObjetAEtat):
    """The young person's profile sent to the company, with slots, until an answer."""

    workflow: ClassVar[Any] = POSITIONNEMENT

    etat = models.CharField(max_length=16, choices=EtatPositionnement, default=EtatPositionnement.PREPARE)
    reservation = models.OneToOneField(Reservation, models.CASCADE, related_name="positionnement")
    presentation = models.TextField("le jeune en quelques lignes", max_length=2000, blank=True)
    transmis_le = models.DateTimeField("envoyé le", null=True, blank=True)
    rencontre_le = models.DateTimeField("rencontre le", null=True, blank=True)
    rencontre_lieu = models.CharField("lieu de la rencontre", max_length=250, blank=True)
    motif_refus = models.CharField("raison du refus", max_length=20, choices=MotifRefus, blank=True)
    precisions_refus = models.TextField("précisions de l'entreprise", max_length=1000, blank=True)
    motif_abandon = models.CharField("raison de l'arrêt", max_length=24, choices=MotifAbandon, blank=True)
    precisions_abandon = models.TextField("précisions", max_length=1000, blank=True)
    absence = models.CharField(
        "absent à la rencontre",
        max_length=12,
        blank=True,
        choices=[(Role.ENTREPRISE, "l'entreprise"), (Role.JEUNE, "le jeune")],
    )
    annonce_le = models.DateTimeField("réponse annoncée au jeune le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(etat__in=ETATS_RENCONTRE) | models.Q(rencontre_le__isnull=False),
                name="positionnement_rencontre_datee",
                violation_error_message="Une rencontre fixée a une date.",
                violation_error_code="rencontre_le",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatPositionnement.REFUSE) | ~models.Q(motif_refus=""),
                name="positionnement_refus_motive",
                violation_error_message="Un refus s'accompagne d'une raison.",
                violation_error_code="motif_refus",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatPositionnement.ABANDONNE) | ~models.Q(motif_abandon=""),
                name="positionnement_abandon_motive",
                violation_error_message="Dites pourquoi la proposition s'arrête.",
                violation_error_code="motif_abandon",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=EtatPositionnement.values),
                name="positionnement_etat",
                violation_error_message="Cet état n'existe pas.",
            ),
        ]
        triggers = [POSITIONNEMENT.garde_base()]
        verbose_name = "positionnement"

    def __str__(self) -> str:
        return f"Proposition : {self.reservation.offre}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown wherever its reservation is."""
        return [self.pk, *self.reservation.fil()]

    @property
    def offre(self) -> Offre:
        """The reserved offer."""
        return self.reservation.offre

    @property
    def jeune(self) -> Jeune:
        """The young person proposed."""
        return self.reservation.jeune


class Creneau(Identifie):
    """A free slot that one side proposes to the other; at most three at a time from each."""

    positionnement = models.ForeignKey(Positionnement, models.CASCADE, related_name="creneaux")
    debut = models.DateTimeField("début")
    propose_par = models.CharField(max_length=16, choices=[(Role.TUTEUR, "tuteur"), (Role.ENTREPRISE, "entreprise")])
    lieu = models.CharField("lieu", max_length=250, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["positionnement", "debut", "propose_par"],
                name="creneau_unique",
                violation_error_message="Ce créneau est proposé deux fois.",
            )
        ]
        ordering = ["debut"]
        verbose_name = "créneau"

    def __str__(self) -> str:
        return f"Créneau {self.pk}"


class ReponseQuerySet(models.QuerySet["Reponse"]):
    """Answers, latest first."""

    def valables(self) -> Self:
        """Those nobody took back."""
        return self.filter(annulee_le__isnull=True).order_by("-rang")


class Reponse(Identifie):
    """What a company answered, and what was there before: for an hour it may be taken back, then everybody is told.

    `avant` holds the state, the meeting and the company's own slots as they were, and the ids of the waits that the
    answer closed. `actee_le` is when everybody was told: nothing comes back after that.
    """

    positionnement = models.ForeignKey(Positionnement, models.CASCADE, related_name="reponses")
    rang = models.PositiveSmallIntegerField()
    geste = models.CharField(max_length=16, choices=Geste)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    donnee_le = models.DateTimeField(default=timezone.now)
    annulable_jusqu_a = models.DateTimeField()
    avant = models.JSONField(default=dict)
    rappel_telephone = models.CharField("numéro à rappeler", max_length=20, blank=True)
    rappel_debut = models.DateTimeField(null=True)
    rappel_fin = models.DateTimeField(null=True)
    annulee_le = models.DateTimeField(null=True)
    actee_le = models.DateTimeField(null=True)

    objects = ReponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["positionnement", "rang"],
                name="reponse_rang",
                violation_error_message="Une autre réponse vient d'être enregistrée.",
            ),
            models.CheckConstraint(
                condition=models.Q(annulee_le__isnull=True) | models.Q(actee_le__isnull=True),
                name="reponse_annulee_ou_actee",
                violation_error_message="Chacun est déjà prévenu de cette réponse : elle ne s'annule plus.",
            ),
            models.CheckConstraint(
                condition=~models.Q(geste=Geste.RAPPELER)
                | ~models.Q(rappel_telephone="") & models.Q(rappel_debut__isnull=False, rappel_fin__isnull=False),
                name="reponse_rappel_complet",
                violation_error_message="Un appel demandé a un numéro et un moment.",
            ),
        ]
        verbose_name = "réponse"

    def __str__(self) -> str:
        return f"Réponse {self.pk}"

    @property
    def annulable(self) -> bool:
        """Still within its hour, and nobody was told."""
        return self.annulee_le is None and self.actee_le is None and self.annulable_jusqu_a > timezone.now()
