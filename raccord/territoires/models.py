"""Reference data of the French territory: loaded by `charger_territoires`, only read by the application."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, When
from django.db.models.functions import Left, Lower
from django.db.models.lookups import In

from raccord.territoires.distances import index_terre

# The three towns whose arrondissements have a code and a postcode each (INSEE, code officiel géographique).
VILLES_A_ARRONDISSEMENTS = frozenset({"75056", "69123", "13055"})


def ordre_francais(champ: str = "nom") -> tuple[models.expressions.Combinable, models.F]:
    """French alphabetical order, whatever the collation of the database: 'Île-de-France' comes before 'Jura'."""
    return Lower(models.Func(models.F(champ), function="f_unaccent")), models.F(champ)


class RegionAcademique(models.Model):
    """A région académique: one académie or several, under one recteur de région académique."""

    code = models.CharField("code INSEE de la région", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=60, unique=True)

    class Meta:
        ordering = ordre_francais()
        verbose_name = "région académique"
        verbose_name_plural = "régions académiques"

    def __str__(self) -> str:
        return self.nom


class Academie(models.Model):
    """An académie. Its zone of school holidays is A, B, C or its own name (Corse, outre-mer)."""

    slug = models.SlugField("identifiant", max_length=40, primary_key=True)
    nom = models.CharField("nom", max_length=60, unique=True)
    region_academique = models.ForeignKey(
        RegionAcademique, models.PROTECT, related_name="academies", verbose_name="région académique"
    )
    zone_vacances = models.CharField("zone de vacances scolaires", max_length=20)

    class Meta:
        ordering = ordre_francais()
        verbose_name = "académie"

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """A département, or an overseas collectivity. Those of the Pacific have a vice-rectorat and no académie."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=60, unique=True)
    academie = models.ForeignKey(
        Academie, models.PROTECT, null=True, blank=True, related_name="departements", verbose_name="académie"
    )

    class Meta:
        ordering = ("code",)
        verbose_name = "département"

    def __str__(self) -> str:
        return self.nom


def departement_de(colonne: str) -> Case:
    """The code of the département, read in a column of INSEE codes of communes: three characters overseas, else two."""
    outre_mer = In(Left(colonne, 2), ["97", "98"])
    return Case(When(outre_mer, then=Left(colonne, 3)), default=Left(colonne, 2))


class CommuneQuerySet(models.QuerySet["Commune"]):
    """Communes, never ordered by accident."""

    def en_vigueur(self) -> Self:
        """Those of the current official code: what a form may offer."""
        return self.filter(en_vigueur=True)

    def par_nom(self) -> Self:
        """French alphabetical order; homonyms by code."""
        return self.order_by(*ordre_francais(), "code")


class Commune(models.Model):
    """A commune or an arrondissement of Paris, Lyon or Marseille, by its INSEE code (kept for ever: rows point to it).

    `cle` is `noms.normaliser(nom)`; `recherche` is ' ' + cle + postcodes, where the words of a search are looked up.
    Position: decimal degrees WGS 84 of the centroid, approximate when `position_approchee`, NULL when unknown.
    """

    class Genre(models.TextChoices):
        COMMUNE = "commune", "commune"
        ARRONDISSEMENT = "arrondissement", "arrondissement municipal"

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=60)
    genre = models.CharField("genre", max_length=14, choices=Genre)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes", verbose_name="département")
    population = models.PositiveIntegerField("population municipale")
    codes_postaux = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux")
    latitude = models.FloatField("latitude", null=True)
    longitude = models.FloatField("longitude", null=True)
    position_approchee = models.BooleanField("position approchée")
    en_vigueur = models.BooleanField("en vigueur")
    cle = models.TextField("nom normalisé")
    recherche = models.TextField("mots cherchés")

    objects = CommuneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="commune_position",
                violation_error_message="Une position a une latitude et une longitude, sur le globe.",
            ),
            models.CheckConstraint(
                condition=~models.Q(codes_postaux=[]),
                name="commune_code_postal",
                violation_error_message="Une commune a au moins un code postal.",
            ),
        ]
        indexes = [
            models.Index(fields=["cle"], name="commune_cle"),
            GinIndex(fields=["cle"], opclasses=["gin_trgm_ops"], name="commune_cle_trigrammes"),
            GinIndex(fields=["recherche"], opclasses=["gin_trgm_ops"], name="commune_recherche"),
            index_terre("commune_terre"),
        ]
        verbose_name = "commune"

    def __str__(self) -> str:
        return self.nom

    @property
    def code_postal(self) -> str:
        """The first postcode, which is the main one of a large town."""
        return self.codes_postaux[0]

    @property
    def libelle(self) -> str:
        """'Lille (59000)': what a form shows and reads back. A town with arrondissements is 'Paris (75)'."""
        return self.libelle_avec(self.code_postal)

    def libelle_avec(self, code_postal: str) -> str:
        """The same with another of its postcodes; one that is not its own is ignored."""
        if self.code in VILLES_A_ARRONDISSEMENTS:
            return f"{self.nom} ({self.departement_id})"
        return f"{self.nom} ({code_postal if code_postal in self.codes_postaux else self.code_postal})"
