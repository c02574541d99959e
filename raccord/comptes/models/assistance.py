"""Help: somebody of the national team sees Raccord as the person who asks does."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from raccord.comptes.enums import FinAssistance
from raccord.comptes.models.adhesion import Adhesion
from raccord.socle.models import ObjetSuivi


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    """Requests for help, and what came of them."""

    def demandees(self) -> Self:
        """Still waiting for somebody of the national team, of a person whose role goes on."""
        return self._d_un_role_en_cours().filter(debut__isnull=True)

    def en_cours(self) -> Self:
        """Somebody helps at this instant."""
        return self._d_un_role_en_cours().filter(debut__isnull=False)

    def passees(self) -> Self:
        """Their instant is over, but nobody has said so yet."""
        return self.filter(finie_le__isnull=True, expire_le__lte=timezone.now())

    def _d_un_role_en_cours(self) -> Self:
        ouvertes = self.filter(finie_le__isnull=True, expire_le__gt=timezone.now())
        return ouvertes.filter(adhesion__fin__isnull=True, adhesion__utilisateur__is_active=True)


class Assistance(ObjetSuivi):
    """A person asks for help; somebody of the national team then sees Raccord as they do, reads and writes nothing.

    `expire_le` ends the request, then the help (`comptes.assistance`).
    """

    adhesion = models.ForeignKey(Adhesion, models.CASCADE, related_name="assistances")
    motif = models.CharField("ce qui ne va pas", max_length=500)
    expire_le = models.DateTimeField("valable jusqu'au")
    assistant = models.ForeignKey(Adhesion, models.SET_NULL, null=True, related_name="+", verbose_name="aidée par")
    debut = models.DateTimeField("commencée le", null=True)
    finie_le = models.DateTimeField("finie le", null=True)
    fin = models.CharField("comment elle a fini", max_length=8, choices=FinAssistance, blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adhesion"],
                condition=Q(finie_le__isnull=True),
                name="assistance_une_a_la_fois",
                violation_error_message="Votre demande d'aide est déjà partie.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="assistance_motivee",
                violation_error_message="Dites ce qui ne va pas, en quelques mots.",
                violation_error_code="motif",
            ),
            models.CheckConstraint(
                condition=~Q(assistant=F("adhesion")),
                name="assistance_d_un_autre",
                violation_error_message="On ne s'aide pas soi-même.",
            ),
        ]
        verbose_name = "assistance"

    def __str__(self) -> str:
        return f"Assistance {self.pk}"

    def fil(self) -> list[uuid.UUID]:
        """Shown to the person helped alone."""
        return [self.pk, self.adhesion.utilisateur_id]

    @property
    def ouverte(self) -> bool:
        """Neither over nor out of time."""
        return self.finie_le is None and self.expire_le > timezone.now()
