"""What calendars know of a meeting, and the private address by which somebody's own calendar reads theirs."""

import uuid
from collections.abc import Sequence
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone

from raccord.comptes.models import Utilisateur
from raccord.parcours.models.offre import Offre
from raccord.parcours.models.positionnement import Positionnement
from raccord.socle.models import Identifie, ObjetSuivi

# RFC 5546 §2.1.4: whoever receives two versions keeps the one whose number is greater. A clock may go back, not this.
NUMERO_CROISSANT = pgtrigger.Trigger(
    name="numero_croissant",
    level=pgtrigger.Row,
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
        IF NEW.numero < OLD.numero
            OR ((NEW.debut, NEW.fin, NEW.lieu, NEW.annule_le IS NULL)
                IS DISTINCT FROM (OLD.debut, OLD.fin, OLD.lieu, OLD.annule_le IS NULL) AND NEW.numero <= OLD.numero)
        THEN RAISE EXCEPTION 'le numéro d''un rendez-vous croît à chaque changement' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class _Plage(Func):
    """The time a meeting takes: two that follow each other do not meet."""

    function = "TSTZRANGE"
    output_field: ClassVar[DateTimeRangeField] = DateTimeRangeField()


class RendezVous(Identifie):
    """One per proposal, from the first meeting that was fixed: same UID all its life, a number that only grows.

    It holds what a calendar shows without the young person: the offer, the tutor, when and where. `contacts` are the
    people of the company who were invited and must hear of a cancellation. `annonce_le`: calendars hold it, until they
    are told that it is off.
    """

    positionnement = models.OneToOneField(Positionnement, models.CASCADE, related_name="rendez_vous")
    offre = models.ForeignKey(Offre, models.CASCADE, related_name="+")
    tuteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    dossier = models.UUIDField()
    change_le = models.DateTimeField(default=timezone.now)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    lieu = models.CharField("lieu", max_length=250, blank=True)
    numero = models.PositiveIntegerField("numéro de version", default=0)
    contacts = ArrayField(models.UUIDField(), default=list, blank=True)
    annule_le = models.DateTimeField(null=True, blank=True)
    annonce_le = models.DateTimeField("dans les agendas depuis", null=True, blank=True)
    rappele = models.PositiveIntegerField("version rappelée la veille", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=models.F("debut")),
                name="rendez_vous_duree",
                violation_error_message="Une rencontre finit après avoir commencé.",
            ),
            ExclusionConstraint(
                name="rendez_vous_un_a_la_fois",
                expressions=[
                    ("tuteur", RangeOperators.EQUAL),
                    (_Plage("debut", "fin", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(annule_le__isnull=True),
                violation_error_message="Ce moment vient d'être pris par une autre rencontre du tuteur : "
                "choisissez-en un autre.",
            ),
        ]
        indexes = [
            models.Index(fields=["debut"], condition=Q(annule_le__isnull=True), name="rendez_vous_a_rappeler"),
        ]
        triggers = [NUMERO_CROISSANT]
        verbose_name = "rendez-vous"

    def __str__(self) -> str:
        return f"Rendez-vous {self.pk}"

    @property
    def uid(self) -> str:
        """How every calendar knows it, for ever."""
        return f"{self.positionnement_id}@raccord"


class AdresseAgenda(ObjetSuivi):
    """The secret address of somebody's own feed. Only a hash of the secret is kept; no row, no address."""

    utilisateur = models.OneToOneField(Utilisateur, models.CASCADE, related_name="+")
    empreinte = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "adresse d'agenda"

    def __str__(self) -> str:
        return f"Adresse d'agenda {self.pk}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Its owner's own line."""
        return [self.pk]
