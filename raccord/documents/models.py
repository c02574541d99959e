"""Document: a sealed file, encrypted before it reaches the database."""

import uuid
from collections.abc import Sequence

from django.db import models

from raccord.socle.models import ObjetSuivi


class GenreDocument(models.TextChoices):
    """What a file is."""

    CV = "cv", "CV"
    LETTRE = "lettre", "lettre de motivation"


class Document(ObjetSuivi):
    """What is known of a file without opening it. Its owner is the object named by type and id."""

    genre = models.CharField("nature", max_length=16, choices=GenreDocument)
    objet_type = models.CharField(max_length=60)
    objet_id = models.UUIDField()
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    empreinte = models.CharField(max_length=64)
    depose_par = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["objet_id", "genre"],
                name="document_un_par_genre",
                violation_error_message="Un fichier de cette nature est déjà joint : remplacez-le.",
            )
        ]
        verbose_name = "document"

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.pk}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Deposit and openings show on the timeline of what the file is joined to."""
        return [self.pk, self.objet_id]


class Contenu(models.Model):
    """The sealed bytes, apart so that a list of documents never drags them along."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="contenu")
    scelle = models.BinaryField()

    class Meta:
        verbose_name = "contenu scellé"

    def __str__(self) -> str:
        return f"Contenu {self.pk}"
