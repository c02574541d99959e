"""A copy of somebody's data, for a few days; a warning before a file goes."""

import uuid
from collections.abc import Sequence

from django.db import models
from django.utils import timezone

from raccord.socle.donnees_personnelles import Personne
from raccord.socle.models import Identifie, ObjetSuivi


class Copie(ObjetSuivi):
    """Everything that concerns a person, sealed, until the day it is destroyed."""

    genre = models.CharField(max_length=12, choices=Personne)
    personne_id = models.UUIDField()
    demandee_par = models.CharField(max_length=12)
    expire_le = models.DateTimeField("disponible jusqu'au")
    telechargee_le = models.DateTimeField("téléchargée le", null=True, blank=True)
    taille = models.PositiveIntegerField("taille en octets")
    scelle = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["genre", "personne_id", "-cree_le"], name="copie_personne")]
        verbose_name = "copie de données personnelles"
        verbose_name_plural = "copies de données personnelles"

    def __str__(self) -> str:
        return f"Copie {self.pk}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Asked for and handed over: it shows on the person's own timeline."""
        return [self.pk, self.personne_id]

    @property
    def disponible(self) -> bool:
        """Not past its day."""
        return self.expire_le > timezone.now()


class Avertissement(Identifie):
    """Whoever follows the person was told that the file goes on that day, unless something happens meanwhile."""

    genre = models.CharField(max_length=12, choices=Personne)
    personne_id = models.UUIDField()
    prevenu_le = models.DateTimeField(default=timezone.now)
    efface_le = models.DateField("effacement prévu le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["genre", "personne_id"],
                name="avertissement_unique",
                violation_error_message="Cette personne a déjà été signalée.",
            )
        ]
        verbose_name = "avertissement avant effacement"
        verbose_name_plural = "avertissements avant effacement"

    def __str__(self) -> str:
        return f"Avertissement {self.pk}"
