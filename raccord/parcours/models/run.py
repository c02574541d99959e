"""A RUN: somebody goes through stuck files one after the other, and stops and resumes when they like."""

import uuid
from collections.abc import Sequence

from django.db import models

from raccord.comptes.models import Organisation, Utilisateur
from raccord.echeances.models import Attente
from raccord.parcours.enums import IssueRun
from raccord.socle.models import Identifie, ObjetSuivi


class Run(ObjetSuivi):
    """One session of one person, over a scope: '' is all that is theirs, else an académie."""

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    perimetre = models.CharField("périmètre", max_length=40, blank=True)
    en_cours = models.ForeignKey(Attente, models.SET_NULL, null=True, related_name="+")
    clos_le = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "organisation"],
                condition=models.Q(clos_le__isnull=True),
                name="run_un_a_la_fois",
                violation_error_message="Une séance est déjà commencée : reprenez-la.",
            )
        ]
        verbose_name = "RUN"
        verbose_name_plural = "RUN"

    def __str__(self) -> str:
        return f"RUN {self.pk}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Its own timeline alone."""
        return [self.pk]


class DossierRun(Identifie):
    """A file that went by in a session, and what came of it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="dossiers")
    attente = models.ForeignKey(Attente, models.CASCADE, related_name="+")
    issue = models.CharField(max_length=12, choices=IssueRun)
    le = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "attente"],
                name="run_dossier_une_fois",
                violation_error_message="Ce dossier est déjà passé dans cette séance.",
            )
        ]
        verbose_name = "dossier de RUN"
        verbose_name_plural = "dossiers de RUN"

    def __str__(self) -> str:
        return f"{self.issue} {self.pk}"
