"""Journal, dated parameters, and the abstract rows that domain models grow from."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from raccord.socle import passe
from raccord.socle.contexte import Contexte

if TYPE_CHECKING:
    from raccord.socle.workflow import Workflow


class Identifie(models.Model):
    """A row whose id says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class JournalQuerySet(models.QuerySet["Journal"]):
    """The timeline is a query."""

    def du_fil(self, objet_id: uuid.UUID) -> Self:
        """Lines that the object's timeline shows, latest first."""
        return self.filter(fil__contains=[objet_id]).order_by("-le", "-id")

    def visibles_par(self, role: str) -> Self:
        """Lines whose audience contains the role; an empty audience is everybody in the circle."""
        return self.filter(models.Q(audience=[]) | models.Q(audience__contains=[role]))


class Journal(models.Model):
    """One append-only line: who, for which organisation, when, what. Never a name, never free text.

    `fil` holds the ids of the objects whose timelines show the line; the application role may only
    INSERT and SELECT here (see `preparer_base`).
    """

    ajout_seul: ClassVar[bool] = True

    le = models.DateTimeField("le", default=timezone.now)
    acteur_genre = models.CharField(max_length=12)
    acteur_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=16)
    verbe = models.CharField(max_length=60)
    texte = models.CharField(max_length=200)
    objet_type = models.CharField(max_length=60)
    objet_id = models.UUIDField()
    avant = models.CharField(max_length=30, blank=True)
    apres = models.CharField(max_length=30, blank=True)
    faits = models.JSONField(default=dict)
    fil = ArrayField(models.UUIDField())
    audience = ArrayField(models.CharField(max_length=16), default=list)

    objects = JournalQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["fil"], name="journal_fil"),
            models.Index(fields=["objet_type", "verbe", "le"], name="journal_verbe"),
            models.Index(fields=["organisation_id", "-le"], name="journal_organisation"),
        ]
        verbose_name = "ligne de journal"
        verbose_name_plural = "journal"

    def __str__(self) -> str:
        return f"{self.verbe} {self.objet_type} {self.objet_id}"


class Historique(models.Model):
    """One row added, changed or removed in a confidential table: written by its trigger alone (`socle.histoire`).

    `avant` holds the former values of the columns that changed, never those that are sealed or kept silent.
    """

    class Geste(models.TextChoices):
        AJOUT = "ajout", "ajout"
        CHANGEMENT = "changement", "modification"
        RETRAIT = "retrait", "suppression"

    ajout_seul: ClassVar[bool] = True
    ecrit_par_la_base: ClassVar[bool] = True

    le = models.DateTimeField("le")
    nom_table = models.CharField("table", max_length=60)
    ligne_id = models.UUIDField()
    geste = models.CharField("geste", max_length=12, choices=Geste)
    colonnes = ArrayField(models.CharField(max_length=60))
    avant = models.JSONField("avant")
    jeune_id = models.UUIDField(null=True)
    role = models.CharField("rôle", max_length=16)
    acteur_genre = models.CharField(max_length=12)
    acteur_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    motif = models.CharField("à l'occasion de", max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["jeune_id", "-id"], name="historique_jeune"),
            models.Index(fields=["ligne_id", "id"], name="historique_ligne"),
            models.Index(fields=["acteur_id"], name="historique_acteur"),
        ]
        verbose_name = "ligne d'historique"
        verbose_name_plural = "historique"

    def __str__(self) -> str:
        return f"{self.geste} {self.nom_table} {self.ligne_id}"

    def get_nom_table_display(self) -> str:
        """Which kind of row."""
        return passe.table_en_mots(self.nom_table)

    def get_colonnes_display(self) -> str:
        """What changed of it."""
        return ", ".join(passe.colonne_en_mots(self.nom_table, colonne) for colonne in self.colonnes)

    def get_avant_display(self) -> str:
        """What it held."""
        return passe.avant_en_mots(self.nom_table, self.avant)

    def get_motif_display(self) -> str:
        """On what occasion."""
        return passe.motif_en_mots(self.motif)


class Parametre(models.Model):
    """What the law or a partnership changes: a dated value with its scope, its unit and its source."""

    class Unite(models.TextChoices):
        JOURS = "jours", "jours"
        JOURS_OUVRES = "jours_ouvres", "jours ouvrés"
        MOIS = "mois", "mois"
        ANS = "ans", "ans"
        HEURES = "heures", "heures"
        EUROS = "euros", "euros"
        BAREME = "bareme", "barème"
        NOMBRE = "nombre", "nombre"

    cle = models.CharField("règle", max_length=60)
    portee = models.CharField("portée", max_length=60, blank=True, help_text="Vide : France entière.")
    debut = models.DateField("en vigueur depuis le")
    valeur = models.JSONField("valeur")
    unite = models.CharField("unité", max_length=12, choices=Unite)
    libelle = models.CharField("en clair", max_length=200)
    source = models.CharField("source", max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cle", "portee", "debut"],
                name="parametre_unique",
                violation_error_message="Cette règle a déjà une valeur à cette date.",
            )
        ]
        verbose_name = "paramètre"

    def __str__(self) -> str:
        return f"{self.cle} au {self.debut:%d/%m/%Y}"


class Essai(models.Model):
    """How many times something was tried in its window (`socle.limites`). `cle` is a keyed hash and says nothing."""

    cle = models.CharField(max_length=64, primary_key=True)
    nombre = models.PositiveIntegerField()
    fin = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "essai compté"
        verbose_name_plural = "essais comptés"

    def __str__(self) -> str:
        return f"{self.nombre} jusqu'au {self.fin:%d/%m/%Y %H:%M}"


class ObjetSuivi(Identifie):
    """A row that has a life: its changes are written in the journal and shown on timelines."""

    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True

    def fil(self) -> Sequence[uuid.UUID]:
        """Ids of the objects whose timelines show what happens here; itself first."""
        return [self.pk]


class ObjetAEtat(ObjetSuivi):
    """A row driven by a workflow: nothing but `executer` assigns its state."""

    workflow: ClassVar["Workflow[Any]"]
    etat: str

    class Meta:
        abstract = True

    def get_etat_display(self) -> str:  # replaced by Django on each model that declares choices
        """The state in words."""
        return self.etat

    def actions_possibles(self, contexte: Contexte) -> list[Any]:
        """Transitions of this role from this state, each with its refusal in words or None."""
        return self.workflow.actions(contexte, self)
