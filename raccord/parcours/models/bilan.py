"""The bilan croisé: three voices and one grid."""

import uuid
from collections.abc import Sequence

from django.db import models

from raccord.comptes.enums import Role
from raccord.parcours.enums import Accord, Competence, Niveau
from raccord.parcours.models.parcours import Parcours
from raccord.socle.models import Identifie, ObjetSuivi

VOIX = [(Role.TUTEUR, "le tuteur MLDS"), (Role.ENTREPRISE, "le tuteur dans l'entreprise"), (Role.JEUNE, "le jeune")]


class Bilan(ObjetSuivi):
    """Filled all along the stay. `deroulement` and the hours are the proof part, the only one the buyer reads."""

    parcours = models.OneToOneField(Parcours, models.CASCADE, related_name="bilan")
    deroulement = models.TextField("déroulement du parcours, missions réalisées", max_length=3000, blank=True)
    perspectives = models.TextField("perspectives", max_length=3000, blank=True)
    signe_le = models.DateTimeField("signé le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "bilan croisé"
        verbose_name_plural = "bilans croisés"

    def __str__(self) -> str:
        return f"Bilan {self.pk}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the stay's timelines."""
        return [self.pk, *self.parcours.fil()]


class Voix(Identifie):
    """What one of the three says, and when they signed it."""

    bilan = models.ForeignKey(Bilan, models.CASCADE, related_name="voix")
    auteur = models.CharField(max_length=16, choices=VOIX)
    texte = models.TextField("ce que je retiens", max_length=3000, blank=True)
    accord = models.CharField("avis sur le bilan", max_length=12, choices=Accord, blank=True)
    signee_le = models.DateTimeField("signée le", null=True, blank=True)
    non_recueillie = models.CharField("pourquoi cette voix manque", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "auteur"],
                name="voix_unique",
                violation_error_message="Cette voix est déjà donnée.",
            ),
            models.CheckConstraint(
                condition=models.Q(signee_le__isnull=True) | ~models.Q(texte=""),
                name="voix_signee_ecrite",
                violation_error_message="Écrivez au moins une phrase avant de signer.",
                violation_error_code="texte",
            ),
            models.CheckConstraint(
                condition=models.Q(signee_le__isnull=True) | models.Q(non_recueillie=""),
                name="voix_signee_ou_manquante",
                violation_error_message="Cette voix est signée : elle ne manque pas.",
                violation_error_code="non_recueillie",
            ),
        ]
        verbose_name = "voix du bilan"
        verbose_name_plural = "voix du bilan"

    def __str__(self) -> str:
        return f"Voix {self.pk}"


class Evaluation(Identifie):
    """One line of the grid."""

    bilan = models.ForeignKey(Bilan, models.CASCADE, related_name="evaluations")
    competence = models.CharField(max_length=20, choices=Competence)
    niveau = models.CharField(max_length=12, choices=Niveau)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "competence"],
                name="evaluation_unique",
                violation_error_message="Cette compétence est déjà notée.",
            )
        ]
        verbose_name = "évaluation"

    def __str__(self) -> str:
        return f"{self.competence} : {self.niveau}"
