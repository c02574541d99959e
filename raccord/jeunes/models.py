"""A young person, the legal representatives, and who may see them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from raccord.comptes.enums import Domaine, Role
from raccord.comptes.models import Organisation, Utilisateur
from raccord.documents.textes import TexteScelle
from raccord.jeunes.enums import EtatFiche, EtatRetrait, Lecteurs
from raccord.jeunes.workflow import FICHE, RETRAIT
from raccord.socle import calendrier
from raccord.socle.courrier import Destinataire
from raccord.socle.models import Identifie, ObjetAEtat, ObjetSuivi
from raccord.territoires.models import Commune


class JeuneQuerySet(models.QuerySet["Jeune"]):
    """Young people, seen only through a grant."""

    def ouverts_a(self, organisation_id: uuid.UUID | None) -> Self:
        """Those whose file is open today to the organisation: the circle, nothing else, decides."""
        if organisation_id is None:
            return self.none()
        en_cours = AccesJeune.objects.en_cours().filter(organisation_id=organisation_id)
        return self.filter(models.Exists(en_cours.filter(jeune_id=models.OuterRef("pk"))))

    def suivis_par(self, organisation_id: uuid.UUID | None) -> Self:
        """Those that this MLDS follows: it writes in the file and holds the circle. Others of the circle read."""
        return self.ouverts_a(organisation_id).filter(organisation_id=organisation_id)


class Jeune(ObjetSuivi):
    """A volunteer aged 16 to 25 (dated parameter), followed by an MLDS tutor."""

    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)
    date_naissance = models.DateField("date de naissance")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="jeunes", verbose_name="MLDS")
    tuteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="jeunes", verbose_name="tuteur")
    etablissement = models.CharField("établissement de rattachement", max_length=200, blank=True)
    domaines = ArrayField(models.CharField(max_length=20, choices=Domaine), default=list, verbose_name="envies")
    heures_souhaitees = models.PositiveSmallIntegerField("durée souhaitée", null=True, blank=True)
    rayon_km = models.PositiveSmallIntegerField("distance acceptée, en km", default=30)
    disponible_du = models.DateField("disponible à partir du", null=True, blank=True)
    profil = models.TextField("profil en quelques lignes", max_length=2000, blank=True)
    contraintes = models.TextField("à savoir (jamais transmis)", max_length=2000, blank=True)
    volontaire_le = models.DateField("s'est dit volontaire le")

    objects = JeuneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rayon_km__gte=1, rayon_km__lte=500),
                name="jeune_rayon",
                violation_error_message="La distance acceptée va de 1 à 500 km.",
                violation_error_code="rayon_km",
            )
        ]
        indexes = [models.Index(fields=["organisation", "tuteur"], name="jeune_portefeuille")]
        verbose_name = "jeune"

    def __str__(self) -> str:
        return f"Jeune {str(self.pk)[:8]}"

    def age(self, le: dt.date | None = None) -> int:
        """Completed years on that day (today by default)."""
        return calendrier.age(self.date_naissance, le or calendrier.aujourdhui())

    @property
    def mineur(self) -> bool:
        """Under 18 today."""
        return self.age() < 18

    def destinataire(self) -> Destinataire:
        """The young person as the recipient of a message."""
        return Destinataire(courriel=self.courriel, telephone=self.telephone, jeune_id=self.pk)


class RepresentantLegal(Identifie):
    """Who signs for a minor."""

    jeune = models.ForeignKey(Jeune, models.CASCADE, related_name="representants")
    nom = models.CharField("nom et prénom", max_length=150)
    lien = models.CharField("lien avec le jeune", max_length=60)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("courriel", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(courriel="") | ~models.Q(telephone=""),
                name="representant_joignable",
                violation_error_message="Donnez au moins un courriel ou un téléphone pour le représentant légal.",
                violation_error_code="telephone",
            )
        ]
        verbose_name = "représentant légal"

    def __str__(self) -> str:
        return f"Représentant {self.pk}"

    def destinataire(self) -> Destinataire:
        """By mail alone, and nobody once the young person is 18: their affairs are theirs."""
        if not self.jeune.mineur:
            return Destinataire()
        return Destinataire(courriel=self.courriel, representant_id=self.pk)


class AccesJeuneQuerySet(models.QuerySet["AccesJeune"]):
    """Grants."""

    def en_cours(self) -> Self:
        """In force now."""
        maintenant = timezone.now()
        return self.filter(
            models.Q(fin__isnull=True) | models.Q(fin__gt=maintenant), debut__lte=maintenant, revoque_le__isnull=True
        )


class AccesJeune(Identifie):
    """A dated, motivated, revocable grant of one young person's file to one organisation (conception §1.3)."""

    jeune = models.ForeignKey(Jeune, models.CASCADE, related_name="acces")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    motif = models.CharField("motif", max_length=200)
    debut = models.DateTimeField("depuis le", default=timezone.now)
    fin = models.DateTimeField("jusqu'au", null=True, blank=True)
    revoque_le = models.DateTimeField("retiré le", null=True, blank=True)
    motif_retrait = models.CharField("raison du retrait", max_length=200, blank=True)

    objects = AccesJeuneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jeune", "organisation"],
                condition=models.Q(revoque_le__isnull=True),
                name="acces_jeune_unique",
                violation_error_message="Cette organisation a déjà accès à ce dossier.",
                violation_error_code="organisation",
            ),
            models.CheckConstraint(
                condition=models.Q(revoque_le__isnull=True) | ~models.Q(motif_retrait=""),
                name="acces_jeune_retrait_motive",
                violation_error_message="Dites pourquoi cet accès est retiré.",
                violation_error_code="motif",
            ),
        ]
        verbose_name = "accès à un dossier"

    def __str__(self) -> str:
        return f"Accès {self.pk}"


class DemandeRetrait(ObjetAEtat):
    """The young person, or who signs for a minor, asks that the file be closed to one organisation."""

    workflow: ClassVar[Any] = RETRAIT

    etat = models.CharField(max_length=12, choices=EtatRetrait, default=EtatRetrait.DEMANDE)
    jeune = models.ForeignKey(Jeune, models.CASCADE, related_name="retraits")
    acces = models.ForeignKey(AccesJeune, models.CASCADE, related_name="retraits")
    demande_par = models.CharField(max_length=16, choices=Role)
    reponse = models.TextField("pourquoi l'accès est gardé", max_length=500, blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["acces"],
                condition=models.Q(etat=EtatRetrait.DEMANDE),
                name="retrait_une_demande",
                violation_error_message="C'est déjà demandé : votre tuteur va vous répondre.",
            )
        ]
        triggers = [RETRAIT.garde_base()]
        verbose_name = "demande de retrait"

    def __str__(self) -> str:
        return f"Demande de retrait : {self.acces.organisation.nom}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Asked and answered shows on the young person's timeline."""
        return [self.pk, self.jeune_id]


class FicheContexteQuerySet(models.QuerySet["FicheContexte"]):
    """Context sheets."""

    def en_vigueur(self) -> Self:
        """Approved by the young person, and not expired."""
        return self.filter(etat=EtatFiche.APPROUVEE, expire_le__gt=timezone.now())


class FicheContexte(ObjetAEtat):
    """'What helps me', 'what to avoid': written or approved by the young person, whose it is. Encrypted by field.

    A draft of the tutor's is nothing until it is approved. What is set aside or taken back keeps no text.
    """

    workflow: ClassVar[Any] = FICHE

    etat = models.CharField(max_length=12, choices=EtatFiche, default=EtatFiche.PROPOSEE)
    jeune = models.ForeignKey(Jeune, models.CASCADE, related_name="fiches")
    aide_scelle = models.BinaryField(default=bytes)
    eviter_scelle = models.BinaryField(default=bytes)
    lecteurs = models.CharField("montrée à", max_length=12, choices=Lecteurs, default=Lecteurs.MLDS)
    approuvee_le = models.DateTimeField("approuvée le", null=True, blank=True)
    expire_le = models.DateTimeField("valable jusqu'au", null=True, blank=True)

    aide = TexteScelle("jeune_id")
    eviter = TexteScelle("jeune_id")

    objects = FicheContexteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jeune", "etat"],
                condition=models.Q(etat__in=[EtatFiche.PROPOSEE, EtatFiche.APPROUVEE]),
                name="fiche_une_de_chaque",
                violation_error_message="Cette fiche vient d'être changée ailleurs : rechargez la page.",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatFiche.APPROUVEE)
                | models.Q(approuvee_le__isnull=False, expire_le__isnull=False),
                name="fiche_approuvee_datee",
                violation_error_message="Une fiche approuvée a une date de fin.",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=[EtatFiche.PROPOSEE, EtatFiche.APPROUVEE])
                | models.Q(aide_scelle=b"", eviter_scelle=b""),
                name="fiche_finie_vide",
                violation_error_message="Une fiche retirée ne garde aucun texte.",
            ),
        ]
        triggers = [FICHE.garde_base()]
        verbose_name = "fiche de contexte"

    def __str__(self) -> str:
        return "« Ce qui m’aide »"

    def fil(self) -> Sequence[uuid.UUID]:
        """Its life shows on the young person's timeline."""
        return [self.pk, self.jeune_id]

    @property
    def en_vigueur(self) -> bool:
        """Approved, and not expired."""
        return self.etat == EtatFiche.APPROUVEE and self.expire_le is not None and self.expire_le > timezone.now()
