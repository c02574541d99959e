"""Offre and its fiche entreprise."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from raccord.comptes.enums import Domaine, GenreOrganisation
from raccord.comptes.models import Contact, Organisation
from raccord.marches.calibration import MENU
from raccord.marches.models import Engagement
from raccord.parcours.enums import EtatOffre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier, mots
from raccord.socle.models import ObjetAEtat, ObjetSuivi
from raccord.territoires.models import Commune, departement_de

CONFIG_RECHERCHE = "public.francais"
# Words shorter than four letters are looked for as they are written. In alphabetical order, so that two writers of
# the same new words wait for each other, never in a circle.
LEXIQUE = pgtrigger.Trigger(
    name="lexique",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("texte_recherche"),  # type: ignore[no-untyped-call]  # pgtrigger does not type it
    func="""
        IF TG_OP = 'UPDATE' AND NEW.texte_recherche IS NOT DISTINCT FROM OLD.texte_recherche THEN
            RETURN NEW;
        END IF;
        INSERT INTO parcours_mot (mot)
        SELECT DISTINCT mot
        FROM regexp_split_to_table(public.f_unaccent(lower(NEW.texte_recherche)), '[^a-z]+') AS mot
        WHERE length(mot) BETWEEN 4 AND 40
        ORDER BY mot
        ON CONFLICT DO NOTHING;
        RETURN NEW;
    """,
)
ETATS_OUVERTS = (EtatOffre.PUBLIEE, EtatOffre.RESERVEE)
ETATS_AVEC_PUBLICATION = (EtatOffre.PUBLIEE, EtatOffre.RESERVEE, EtatOffre.EN_COURS)


def qui_dure(voulues: Sequence[int]) -> models.Q:
    """Offers of these lengths. Hours left answer the shortest length that holds them: 82 h with 150 h, 220 with 300."""
    pleines = models.Q(heures__in=voulues, heures_restantes__isnull=True)
    bandes = (
        models.Q(heures_restantes__gt=bas, heures_restantes__lte=haut)
        for bas, haut in zip((0, *MENU), MENU, strict=False)
        if haut in voulues
    )
    return reduce(or_, bandes, pleines)


def duree_dite(heures: int, restantes: Decimal | None) -> str:
    """The length in words; hours left are said as they are, whatever the menu of lengths."""
    if restantes is None:
        return mots.heures(heures)
    return f"{mots.heures(restantes)} restantes sur {mots.heures(heures)}"


class OffreQuerySet(models.QuerySet["Offre"]):
    """Offers."""

    def publiques(self) -> Self:
        """What anybody may read: published, and not past its last day."""
        return self.filter(etat=EtatOffre.PUBLIEE, date_fin__gte=calendrier.aujourdhui())


class Offre(ObjetAEtat):
    """A place for one young person in a company, for a number of hours, inside a period.

    Level 1 (public): company, place, missions, terms. Level 2 (the reserving tutor alone): contacts and
    the whole fiche entreprise. Without `engagement` the offer is spontaneous. `heures_restantes` is what the ledger
    had left when the offer was reopened after a stay; None while the whole is to be done.
    """

    workflow: ClassVar[Any] = OFFRE

    etat = models.CharField(max_length=16, choices=EtatOffre, default=EtatOffre.BROUILLON)
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, null=True, blank=True, related_name="offres", verbose_name="engagement"
    )
    entreprise = models.ForeignKey(Organisation, models.PROTECT, related_name="offres", verbose_name="entreprise")
    intitule = models.CharField("titre de l'offre", max_length=150)
    domaines = ArrayField(models.CharField(max_length=20, choices=Domaine), verbose_name="domaines")
    missions = models.TextField("tâches proposées", max_length=4000)
    remarque = models.TextField("autres modalités", max_length=2000, blank=True)
    heures = models.PositiveSmallIntegerField("durée en heures")
    heures_restantes = models.DecimalField("heures restantes", max_digits=6, decimal_places=2, null=True, blank=True)
    adresse = models.CharField("adresse du lieu de travail", max_length=250, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    date_debut = models.DateField("possible à partir du")
    date_fin = models.DateField("à faire avant le")
    referent = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="référent dans l'entreprise"
    )
    rrh = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ressources humaines"
    )
    prete_le = models.DateTimeField("l'entreprise est prête depuis le", null=True, blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    motif_retrait = models.TextField("raison", max_length=1000, blank=True)
    cle_import = models.CharField(max_length=64, blank=True, editable=False)
    texte_recherche = models.TextField(editable=False, blank=True)
    recherche = models.GeneratedField(
        expression=SearchVector("texte_recherche", config=CONFIG_RECHERCHE),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # What a territory holds is found in the index, without a join.
    code_departement = models.GeneratedField(
        expression=departement_de("commune"),
        output_field=models.CharField(max_length=3),
        db_persist=True,
    )

    objects = OffreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(heures__in=[150, 300, 450, 900]),
                name="offre_heures_menu",
                violation_error_message="Un parcours dure 150, 300, 450 ou 900 heures.",
                violation_error_code="heures",
            ),
            models.CheckConstraint(
                condition=models.Q(heures_restantes__isnull=True)
                | models.Q(heures_restantes__gte=0, heures_restantes__lt=models.F("heures")),
                name="offre_heures_restantes",
                violation_error_message="Il ne peut pas rester plus d'heures que l'offre n'en compte.",
            ),
            models.CheckConstraint(
                condition=models.Q(date_debut__lt=models.F("date_fin")),
                name="offre_dates",
                violation_error_message="La date de fin doit venir après la date de début.",
                violation_error_code="date_fin",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat__in=ETATS_AVEC_PUBLICATION) | models.Q(publiee_le__isnull=False),
                name="offre_publiee_datee",
                violation_error_message="Une offre publiée a une date de publication.",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=EtatOffre.values),
                name="offre_etat",
                violation_error_message="Cet état n'existe pas.",
            ),
            models.UniqueConstraint(
                fields=["cle_import"],
                condition=~models.Q(cle_import=""),
                name="offre_import_unique",
                violation_error_message="Cette ligne a déjà été importée.",
            ),
        ]
        indexes = [
            # Written at once, not kept aside for later: a search must not read a list of what is pending.
            GinIndex(fields=["recherche"], name="offre_recherche", fastupdate=False),
            GinIndex(fields=["domaines"], name="offre_domaines", fastupdate=False),
            models.Index(
                fields=["commune", "date_fin"], condition=models.Q(etat=EtatOffre.PUBLIEE), name="offre_lieu_publiee"
            ),
            models.Index(fields=["code_departement"], include=["id"], name="offre_departement"),
            models.Index(
                fields=["-publiee_le", "id"], condition=models.Q(etat=EtatOffre.PUBLIEE), name="offre_recentes"
            ),
        ]
        triggers = [OFFRE.garde_base(), LEXIQUE]
        verbose_name = "offre"

    def __str__(self) -> str:
        return f"{self.intitule}, {self.entreprise.nom} ({mots.heures(self.heures)})"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the contract's timeline too."""
        engagement = self.engagement
        return [self.pk, *(engagement.fil() if engagement else [])]

    @property
    def publique(self) -> bool:
        """Whether anybody may read level 1: the row's own answer to `publiques()`."""
        return self.etat == EtatOffre.PUBLIEE and self.date_fin >= calendrier.aujourdhui()

    @property
    def spontanee(self) -> bool:
        """Outside any public contract."""
        return self.engagement_id is None

    @property
    def heures_a_faire(self) -> Decimal:
        """What a young person who comes now would do: the whole length, or what an earlier stay left of it."""
        return Decimal(self.heures) if self.heures_restantes is None else self.heures_restantes

    @property
    def duree_dite(self) -> str:
        """'300 h', or '82 h restantes sur 300 h' while the offer is open for what is left."""
        return duree_dite(self.heures, self.heures_restantes if self.etat in ETATS_OUVERTS else None)

    def get_domaines_display(self) -> str:
        """The domains in words."""
        return ", ".join(str(Domaine(domaine).label) for domaine in self.domaines)

    def mlds_du_territoire(self) -> Organisation | None:
        """The MLDS of the académie where the work takes place."""
        return (
            Organisation.objects.filter(
                genre=GenreOrganisation.MLDS, academie__departements__pk=self.commune.departement_id
            )
            .order_by("cree_le", "pk")
            .first()
        )

    def equipe_nationale_id(self) -> uuid.UUID | None:
        """The national team's id, owner of what has no territory."""
        return (
            Organisation.objects.filter(genre=GenreOrganisation.NATIONALE)
            .order_by("cree_le")
            .values_list("pk", flat=True)
            .first()
        )


class Mot(models.Model):
    """A word of some offer's public text, without accents: what a misspelt search is compared with.

    Written by the trigger `lexique` alone. Comparing the search with whole texts by trigrams took half a second
    for 10 000 offers; comparing it with their few thousand words takes two milliseconds.
    """

    mot = models.CharField(max_length=40, primary_key=True)

    class Meta:
        indexes = [GinIndex(OpClass("mot", name="gin_trgm_ops"), name="mot_trigrammes", fastupdate=False)]
        verbose_name = "mot du lexique"
        verbose_name_plural = "mots du lexique"

    def __str__(self) -> str:
        return self.mot


class FicheEntreprise(ObjetSuivi):
    """What a young person's host says of the place (digest §1.4, fiche of 09/07/2020). Level 2.

    `version` grows at each save: two people editing the same fiche do not erase each other.
    """

    class Tenue(models.TextChoices):
        OUI = "oui", "oui, fournie par l'entreprise"
        NON = "non", "non, à la charge du jeune"
        SANS_OBJET = "sans_objet", "pas de tenue particulière"

    offre = models.OneToOneField(Offre, models.CASCADE, related_name="fiche")
    version = models.PositiveIntegerField(default=1, editable=False)
    referent_anciennete = models.CharField("ancienneté du référent dans l'entreprise", max_length=100, blank=True)
    referent_experience = models.TextField("expérience du référent", max_length=1500, blank=True)
    referent_motivation = models.TextField("pourquoi accueillir un jeune", max_length=1500, blank=True)
    livret_accueil = models.BooleanField("un livret d'accueil est remis", default=False)
    poste_travail = models.TextField("poste de travail", max_length=1500, blank=True)
    tickets_restaurant = models.BooleanField("tickets restaurant ou cantine", default=False)
    transport = models.TextField("transports : accès, prise en charge", max_length=1500, blank=True)
    tenue = models.CharField("tenue de travail fournie", max_length=12, choices=Tenue, blank=True)
    taches = models.TextField("tâches confiées, en mots simples", max_length=4000, blank=True)
    taches_deplacement = models.TextField("tâches qui demandent un déplacement", max_length=2000, blank=True)
    activite = models.TextField("activité de l'entreprise", max_length=2000, blank=True)
    effectif = models.PositiveIntegerField("nombre de salariés", null=True, blank=True)
    culture = models.TextField("l'ambiance, les habitudes, ce qu'il faut savoir", max_length=2000, blank=True)
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    confirmee_par = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "fiche entreprise"
        verbose_name_plural = "fiches entreprise"

    def __str__(self) -> str:
        return f"Fiche entreprise {self.pk}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Its edits show on the offer's timeline."""
        return [self.pk, *self.offre.fil()]
