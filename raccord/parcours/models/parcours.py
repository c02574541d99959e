"""Parcours: weeks, adaptations, hand-overs."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.jeunes.models import Jeune
from raccord.parcours.enums import (
    ETATS_PARCOURS_OUVERTS,
    EtatParcours,
    EtatTransfert,
    JourSemaine,
    MotifInterruption,
    NatureSignalement,
    Suite,
)
from raccord.parcours.models.offre import Offre
from raccord.parcours.models.positionnement import Positionnement
from raccord.parcours.presence import Presence
from raccord.parcours.workflow import PARCOURS, TRANSFERT
from raccord.socle.models import Identifie, ObjetAEtat, ObjetSuivi

SIGNES = (EtatParcours.A_VENIR, EtatParcours.EN_COURS, EtatParcours.INTERROMPU, EtatParcours.TERMINE)


class Periode(Func):
    """daterange(debut, fin, '[]'): both days included."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Parcours(ObjetAEtat):
    """A young person's stay in a company, under school status, followed by two tutors.

    Only a stay taken over from the former tool may lack a young person: that tool's sheet holds none.
    """

    workflow: ClassVar[Any] = PARCOURS

    etat = models.CharField(max_length=20, choices=EtatParcours, default=EtatParcours.CONVENTION_A_SIGNER)
    offre = models.ForeignKey(Offre, models.PROTECT, related_name="parcours")
    positionnement = models.OneToOneField(
        Positionnement, models.PROTECT, null=True, blank=True, related_name="parcours"
    )
    jeune = models.ForeignKey(Jeune, models.CASCADE, null=True, blank=True, related_name="parcours")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="MLDS"
    )
    tuteur = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="parcours", verbose_name="tuteur MLDS"
    )
    referent = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="parcours", verbose_name="tuteur dans l'entreprise"
    )
    missions = models.TextField("missions convenues", max_length=4000)
    debut = models.DateField("premier jour")
    fin = models.DateField("dernier jour")
    heures_prevues = models.PositiveSmallIntegerField("heures prévues")
    heures_hebdo = models.DecimalField("heures par semaine", max_digits=4, decimal_places=2)
    jours = ArrayField(
        models.CharField(max_length=8, choices=JourSemaine), verbose_name="jours convenus", default=list, blank=True
    )
    arrivee = models.TimeField("arrivée", null=True, blank=True)
    depart = models.TimeField("départ", null=True, blank=True)
    pause = models.PositiveSmallIntegerField("pause, en minutes", null=True, blank=True)
    horaires = models.CharField("ce qui change d'un jour à l'autre", max_length=200, blank=True)
    lieu = models.CharField("lieu", max_length=250, blank=True)
    convention_signee_le = models.DateField("convention signée le", null=True, blank=True)
    arrete_le = models.DateField("dernier jour effectif", null=True, blank=True)
    motif_interruption = models.CharField("raison de l'arrêt", max_length=20, choices=MotifInterruption, blank=True)
    precisions_interruption = models.TextField("précisions", max_length=1000, blank=True)
    place_rendue_le = models.DateTimeField("place rendue à l'offre le", null=True, blank=True)
    suite = models.CharField("ce que fait le jeune ensuite", max_length=24, choices=Suite, blank=True)
    suite_precisions = models.TextField("précisions sur la suite", max_length=1000, blank=True)
    suite_le = models.DateField("suite connue le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debut__lte=F("fin")),
                name="parcours_dates",
                violation_error_message="Le dernier jour vient après le premier.",
                violation_error_code="fin",
            ),
            models.CheckConstraint(
                condition=Q(heures_prevues__gte=1, heures_prevues__lte=924),
                name="parcours_heures",
                violation_error_message="Un parcours compte entre 1 et 924 heures (Code de l'éducation, art. L124-5).",
                violation_error_code="heures_prevues",
            ),
            models.CheckConstraint(
                condition=Q(heures_hebdo__gt=0, heures_hebdo__lte=35),
                name="parcours_hebdo",
                violation_error_message="Une semaine compte entre 1 et 35 heures.",
                violation_error_code="heures_hebdo",
            ),
            models.CheckConstraint(
                condition=Q(arrivee__isnull=True, depart__isnull=True) | Q(arrivee__lt=F("depart")),
                name="parcours_horaires",
                violation_error_message="La journée finit après avoir commencé.",
                violation_error_code="depart",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=SIGNES) | Q(convention_signee_le__isnull=False),
                name="parcours_convention",
                violation_error_message="La convention est signée avant l'entrée dans l'entreprise.",
                violation_error_code="convention_signee_le",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatParcours.INTERROMPU) | ~Q(motif_interruption=""),
                name="parcours_interruption_motivee",
                violation_error_message="Dites pourquoi le parcours s'arrête.",
                violation_error_code="motif_interruption",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatParcours.SUITE_CONNUE) | ~Q(suite="") | Q(jeune__isnull=True),
                name="parcours_suite_dite",
                violation_error_message="Dites ce que fait le jeune ensuite.",
                violation_error_code="suite",
            ),
            models.CheckConstraint(
                condition=Q(jeune__isnull=False, organisation__isnull=False, tuteur__isnull=False)
                | Q(etat=EtatParcours.SUITE_CONNUE),
                name="parcours_deux_tuteurs",
                violation_error_message="Un parcours a un jeune et un tuteur MLDS.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatParcours.values),
                name="parcours_etat",
                violation_error_message="Cet état n'existe pas.",
            ),
            models.UniqueConstraint(
                fields=["jeune"],
                condition=Q(etat__in=ETATS_PARCOURS_OUVERTS),
                name="parcours_un_par_jeune",
                violation_error_message="Ce jeune a déjà un parcours ouvert.",
            ),
            ExclusionConstraint(
                name="parcours_un_par_referent",
                expressions=[
                    ("referent", RangeOperators.EQUAL),
                    (
                        Periode("debut", "fin", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(etat__in=ETATS_PARCOURS_OUVERTS),
                violation_error_message=(
                    "Ce tuteur d'entreprise accueille déjà un jeune à ces dates : jamais deux à la fois. "
                    "Choisissez d'autres dates ou un autre tuteur."
                ),
                violation_error_code="debut",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "etat"], name="parcours_organisation")]
        triggers = [PARCOURS.garde_base()]
        verbose_name = "parcours"
        verbose_name_plural = "parcours"

    def __str__(self) -> str:
        return f"Parcours : {self.offre}"

    @property
    def presence(self) -> Presence:
        """The agreed days and hours."""
        return Presence.de(self)

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the offer's, the contract's, the proposal's and the young person's timelines."""
        return [
            self.pk,
            *[identifiant for identifiant in (self.jeune_id, self.positionnement_id) if identifiant],
            *self.offre.fil(),
        ]


class Semaine(ObjetSuivi):
    """Hours done in one week, entered by the company or the tutor. A week begun is counted (digest §1.3)."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="semaines")
    lundi = models.DateField("semaine du lundi")
    heures = models.DecimalField("heures faites", max_digits=4, decimal_places=2)
    absences = models.CharField("absences", max_length=200, blank=True)
    saisie_par = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "lundi"],
                name="semaine_unique",
                violation_error_message="Les heures de cette semaine sont déjà saisies : corrigez-les.",
                violation_error_code="lundi",
            ),
            models.CheckConstraint(
                condition=Q(heures__gte=0, heures__lte=48),
                name="semaine_heures",
                violation_error_message="Une semaine compte entre 0 et 48 heures.",
                violation_error_code="heures",
            ),
            models.CheckConstraint(
                condition=Q(lundi__iso_week_day=1),
                name="semaine_lundi",
                violation_error_message="Une semaine commence un lundi.",
                violation_error_code="lundi",
            ),
        ]
        ordering = ["lundi"]
        verbose_name = "semaine"

    def __str__(self) -> str:
        return f"Semaine du {self.lundi:%d/%m/%Y}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the stay's timelines."""
        return [self.pk, *self.parcours.fil()]


class Adaptation(Identifie):
    """A change agreed during the stay: 5 → 4 days, 35 → 25 h, other dates. It beats a break-up."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="adaptations")
    le = models.DateField("convenue le")
    motif = models.CharField("pourquoi", max_length=300)
    fin_avant = models.DateField()
    fin_apres = models.DateField("dernier jour")
    heures_hebdo_avant = models.DecimalField(max_digits=4, decimal_places=2)
    heures_hebdo_apres = models.DecimalField("heures par semaine", max_digits=4, decimal_places=2)
    presence_avant = models.CharField(max_length=200, blank=True)
    presence_apres = models.CharField("jours et horaires", max_length=200, blank=True)

    class Meta:
        ordering = ["le"]
        verbose_name = "adaptation"

    def __str__(self) -> str:
        return f"Adaptation du {self.le:%d/%m/%Y}"


class Signalement(ObjetSuivi):
    """An absence or an incident, said the same day, until the tutor writes what was done.

    Its words stay between the company, the young person and the MLDS; the buyer learns only that the hosting
    is at fault, when the tutor says so (digest §1.7).
    """

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="signalements")
    nature = models.CharField("ce qui se passe", max_length=12, choices=NatureSignalement)
    jour = models.DateField("le")
    texte = models.TextField("en quelques mots", max_length=1000)
    signale_par = models.CharField(max_length=16, choices=Role)
    traite_le = models.DateTimeField("traité le", null=True, blank=True)
    reponse = models.TextField("ce qui a été fait", max_length=1000, blank=True)
    acheteur_prevenu_le = models.DateTimeField("acheteur prévenu le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(traite_le__isnull=True) | ~Q(reponse=""),
                name="signalement_traite_dit",
                violation_error_message="Écrivez ce qui a été fait.",
                violation_error_code="reponse",
            )
        ]
        ordering = ["-jour", "-cree_le"]
        verbose_name = "signalement"

    def __str__(self) -> str:
        return f"{self.get_nature_display().capitalize()} : {self.parcours.offre}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the stay's timelines."""
        return [self.pk, *self.parcours.fil()]


class Transfert(ObjetAEtat):
    """A parcours handed over to the MLDS of another territory: asked, then accepted or refused with a reason."""

    workflow: ClassVar[Any] = TRANSFERT

    etat = models.CharField(max_length=10, choices=EtatTransfert, default=EtatTransfert.DEMANDE)
    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="transferts")
    depuis = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="depuis")
    vers = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="vers")
    motif = models.TextField("pourquoi, et ce que le nouveau tuteur doit savoir", max_length=1000)
    reponse = models.TextField("réponse", max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcours"],
                condition=Q(etat=EtatTransfert.DEMANDE),
                name="transfert_un_a_la_fois",
                violation_error_message="Une demande est déjà en cours pour ce parcours.",
            ),
            models.CheckConstraint(
                condition=~Q(depuis=F("vers")),
                name="transfert_ailleurs",
                violation_error_message="Choisissez un autre territoire que le vôtre.",
                violation_error_code="vers",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatTransfert.REFUSE) | ~Q(reponse=""),
                name="transfert_refus_motive",
                violation_error_message="Un refus s'accompagne d'une raison.",
                violation_error_code="reponse",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatTransfert.values),
                name="transfert_etat",
                violation_error_message="Cet état n'existe pas.",
            ),
        ]
        triggers = [TRANSFERT.garde_base()]
        verbose_name = "transfert"

    def __str__(self) -> str:
        return f"Transfert : {self.parcours.offre}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the stay's timelines."""
        return [self.pk, *self.parcours.fil()]
