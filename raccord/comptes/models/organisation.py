"""Organisations, with their territory."""

from django.db import models
from django.db.models import Q

from raccord.comptes.enums import GENRES_D_UN_TERRITOIRE, GenreOrganisation, TypeAcheteur
from raccord.socle.models import ObjetSuivi


class Organisation(ObjetSuivi):
    """A buyer, a company, an MLDS, a school, a partner or the national team, with its territory."""

    genre = models.CharField(max_length=16, choices=GenreOrganisation)
    nom = models.CharField("nom", max_length=200)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    type_acheteur = models.CharField("type d'acheteur", max_length=24, choices=TypeAcheteur, blank=True)
    secteur = models.CharField("secteur d'activité", max_length=120, blank=True)
    site_web = models.URLField("site internet", max_length=300, blank=True)
    courriel = models.EmailField("courriel du service", blank=True)
    telephone = models.CharField("téléphone du service", max_length=20, blank=True)
    academie = models.ForeignKey(
        "territoires.Academie", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="académie"
    )
    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["genre", "siret"],
                condition=~models.Q(siret=""),
                name="organisation_siret_unique",
                violation_error_message="Cette organisation existe déjà avec ce SIRET.",
                violation_error_code="siret",
            ),
            models.CheckConstraint(
                condition=~models.Q(genre=GenreOrganisation.MLDS) | models.Q(academie__isnull=False),
                name="organisation_mlds_academie",
                violation_error_message="Une MLDS appartient à une académie.",
                violation_error_code="academie",
            ),
            models.CheckConstraint(
                condition=~Q(genre__in=GENRES_D_UN_TERRITOIRE)
                | Q(academie__isnull=False)
                | Q(departement__isnull=False),
                name="organisation_d_un_territoire",
                violation_error_message="Donnez le territoire de cette organisation : son académie ou son département.",
                violation_error_code="departement",
            ),
        ]
        indexes = [models.Index(fields=["genre", "academie"], name="organisation_territoire")]
        verbose_name = "organisation"

    def __str__(self) -> str:
        return self.nom
