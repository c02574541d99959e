"""A portfolio handed over inside one MLDS, with a note that the successor reads."""

import uuid
from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from raccord.comptes.models import Organisation, Utilisateur
from raccord.socle.models import ObjetSuivi


class Passation(ObjetSuivi):
    """Young people, and all that is open for them, pass from a tutor to another of the same MLDS.

    Its note is for the three people of the hand-over alone.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name="MLDS")
    de = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="tuteur qui confie")
    vers = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="tuteur qui reprend")
    par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    note = models.TextField("ce que la personne qui reprend doit savoir", max_length=4000)
    jeunes = ArrayField(models.UUIDField())
    lue_le = models.DateTimeField("note lue le", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(de=F("vers")),
                name="passation_a_un_autre",
                violation_error_message="Choisissez un autre tuteur.",
                violation_error_code="vers",
            ),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="passation_avec_une_note",
                violation_error_message="Écrivez ce que la personne qui reprend doit savoir.",
                violation_error_code="note",
            ),
        ]
        verbose_name = "passation"

    def __str__(self) -> str:
        return "Dossiers confiés par un collègue"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the organisation's timeline."""
        return [self.pk, self.organisation_id]
