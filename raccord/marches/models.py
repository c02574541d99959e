"""Marche, its draft, Lot, Engagement and its ledger of hours."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.marches.enums import Compte, EtatEngagement
from raccord.marches.workflow import ENGAGEMENT
from raccord.socle.models import ObjetAEtat, ObjetSuivi
from raccord.socle.mots import heures


class Marche(ObjetSuivi):
    """A public contract with a clause sociale de formation. Its hours are done inside the firm period."""

    acheteur = models.ForeignKey(Organisation, models.PROTECT, related_name="marches", verbose_name="acheteur")
    suivi_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="marches", verbose_name="suivi par"
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="contact de l'acheteur"
    )
    reference = models.CharField("référence du marché", max_length=60, blank=True)
    objet = models.CharField("objet du marché", max_length=200)
    objet_detaille = models.TextField("objet détaillé", max_length=4000, blank=True)
    montant_ferme = models.DecimalField(
        "montant de la période ferme, en euros HT", max_digits=14, decimal_places=2, null=True, blank=True
    )
    date_notification = models.DateField("date de notification")
    date_fin_clause = models.DateField("fin de la période ferme")
    date_fin_reconduction = models.DateField("fin, reconductions comprises")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(date_notification__lt=models.F("date_fin_clause")),
                name="marche_dates_ferme",
                violation_error_message="La période ferme se termine avant la notification : vérifiez les deux dates.",
                violation_error_code="date_fin_clause",
            ),
            models.CheckConstraint(
                condition=models.Q(date_fin_reconduction__gte=models.F("date_fin_clause")),
                name="marche_dates_reconduction",
                violation_error_message="La fin avec reconductions ne peut pas précéder la fin de la période ferme.",
                violation_error_code="date_fin_reconduction",
            ),
            models.CheckConstraint(
                condition=models.Q(montant_ferme__isnull=True) | models.Q(montant_ferme__gt=0),
                name="marche_montant_positif",
                violation_error_message="Le montant doit être supérieur à zéro.",
                violation_error_code="montant_ferme",
            ),
        ]
        verbose_name = "marché"
        verbose_name_plural = "marchés"

    def __str__(self) -> str:
        return self.objet


class Brouillon(ObjetSuivi):
    """A declaration begun and not sent yet: left, resumed, by any colleague of the same organisation.

    What is valid is already in real rows (contract, lots, engagements, offers); `saisies` keeps by page what
    was typed and is not valid yet, so that nothing is lost.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="brouillons")
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="commencé par")
    marche = models.OneToOneField(Marche, models.CASCADE, null=True, blank=True, related_name="brouillon")
    saisies = models.JSONField(default=dict)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(envoye_le__isnull=True) | models.Q(marche__isnull=False),
                name="brouillon_envoye_complet",
                violation_error_message="Une déclaration envoyée a un marché.",
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-modifie_le"],
                condition=models.Q(envoye_le__isnull=True),
                name="brouillon_en_cours",
            )
        ]
        verbose_name = "brouillon"

    def __str__(self) -> str:
        return f"Brouillon {self.pk}"

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the contract's timeline too, once there is one."""
        return [self.pk, *([self.marche_id] if self.marche_id else [])]


class Lot(ObjetSuivi):
    """A lot; a contract that is not divided has one, numbered 0."""

    marche = models.ForeignKey(Marche, models.CASCADE, related_name="lots")
    numero = models.PositiveSmallIntegerField("numéro du lot")
    intitule = models.CharField("intitulé du lot", max_length=200, blank=True)
    montant_ferme = models.DecimalField(
        "montant ferme du lot, en euros HT", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marche", "numero"],
                name="lot_numero_unique",
                violation_error_message="Deux lots portent le même numéro.",
                violation_error_code="numero",
            ),
            models.CheckConstraint(
                condition=models.Q(montant_ferme__isnull=True) | models.Q(montant_ferme__gt=0),
                name="lot_montant_positif",
                violation_error_message="Le montant du lot doit être supérieur à zéro.",
                violation_error_code="montant_ferme",
            ),
        ]
        verbose_name = "lot"

    def __str__(self) -> str:
        return f"Lot {self.numero}" if self.numero else "Marché sans lot"


class Engagement(ObjetAEtat):
    """What one company owes under one contract: a number of hours, for one lot or for several pooled.

    `explication` keeps the rule that proposed the hours (bareme, source, amount) as it stood that day.
    """

    workflow: ClassVar[Any] = ENGAGEMENT

    marche = models.ForeignKey(Marche, models.CASCADE, related_name="engagements")
    lots = models.ManyToManyField(Lot, related_name="engagements", verbose_name="lots")
    entreprise = models.ForeignKey(Organisation, models.PROTECT, related_name="engagements", verbose_name="entreprise")
    etat = models.CharField(max_length=16, choices=EtatEngagement, default=EtatEngagement.A_DECLARER)
    heures = models.PositiveSmallIntegerField("heures dues")
    heures_proposees = models.PositiveSmallIntegerField("heures proposées", null=True, blank=True)
    explication = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(heures__in=[150, 300, 450, 900]),
                name="engagement_heures_menu",
                violation_error_message="Un parcours dure 150, 300, 450 ou 900 heures.",
                violation_error_code="heures",
            ),
            models.CheckConstraint(
                condition=models.Q(heures_proposees__isnull=True) | models.Q(heures__lte=models.F("heures_proposees")),
                name="engagement_heures_plafond",
                violation_error_message="La durée peut être plus courte que celle proposée, pas plus longue.",
                violation_error_code="heures",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=EtatEngagement.values),
                name="engagement_etat",
                violation_error_message="Cet état n'existe pas.",
            ),
        ]
        triggers = [ENGAGEMENT.garde_base()]
        verbose_name = "engagement"

    def __str__(self) -> str:
        return heures(self.heures)

    def fil(self) -> Sequence[uuid.UUID]:
        """Shown on the contract's timeline too."""
        return [self.pk, self.marche_id]


class EcritureHeures(models.Model):
    """One append-only move of hours between two accounts of an engagement: hours are never created or lost."""

    ajout_seul: ClassVar[bool] = True

    # PROTECT: an engagement whose hours are entered is not erased; a draft, which has none, may be.
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="ecritures")
    le = models.DateTimeField(default=timezone.now)
    de = models.CharField(max_length=12, choices=Compte)
    vers = models.CharField(max_length=12, choices=Compte)
    heures = models.DecimalField(max_digits=6, decimal_places=2)
    motif = models.CharField(max_length=200)
    parcours_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(heures__gt=0),
                name="ecriture_positive",
                violation_error_message="Une écriture déplace un nombre d'heures positif.",
            ),
            models.CheckConstraint(
                condition=~models.Q(de=models.F("vers")),
                name="ecriture_deux_comptes",
                violation_error_message="Une écriture va d'un compte à un autre.",
            ),
        ]
        indexes = [models.Index(fields=["engagement", "le"], name="ecriture_engagement")]
        verbose_name = "écriture d'heures"

    def __str__(self) -> str:
        return f"{heures(self.heures)} de {self.de} vers {self.vers}"
