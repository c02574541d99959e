"""How one joins an organisation: asked to, or asking to."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models.compte import Utilisateur
from raccord.comptes.models.organisation import Organisation
from raccord.socle.models import ObjetSuivi


class Invitation(ObjetSuivi):
    """Somebody is asked to join, in one role: a link that serves once. Only a hash of its secret is kept."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    courriel = models.EmailField("adresse de courriel", max_length=254)
    role = models.CharField("rôle", max_length=16, choices=Role)
    administrateur = models.BooleanField("administrateur", default=False)
    invite_par = models.ForeignKey(Utilisateur, models.SET_NULL, null=True, related_name="+")
    empreinte = models.CharField(max_length=64, unique=True)
    envoyee_le = models.DateTimeField(default=timezone.now)
    expire_le = models.DateTimeField()
    acceptee_le = models.DateTimeField(null=True)
    retiree_le = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "courriel", "role"],
                condition=Q(acceptee_le__isnull=True, retiree_le__isnull=True),
                name="invitation_une_a_la_fois",
                violation_error_message="Cette personne est déjà invitée dans ce rôle : renvoyez plutôt l'invitation.",
                violation_error_code="courriel",
            ),
            models.CheckConstraint(
                condition=Q(acceptee_le__isnull=True) | Q(retiree_le__isnull=True),
                name="invitation_acceptee_ou_retiree",
                violation_error_message="Une invitation retirée ne sert plus.",
            ),
        ]
        verbose_name = "invitation"

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    def fil(self) -> list[uuid.UUID]:
        """Shown on the organisation's timeline."""
        return [self.pk, self.organisation_id]

    @property
    def en_attente(self) -> bool:
        """Neither used nor withdrawn; it may have expired, and be sent again."""
        return self.acceptee_le is None and self.retiree_le is None

    @property
    def valide(self) -> bool:
        """The link can still serve."""
        return self.en_attente and self.expire_le > timezone.now()


class Demande(ObjetSuivi):
    """Somebody asks to join, with or without an account: an administrator says yes, or no with a reason."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="demandes")
    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, null=True, related_name="+")
    courriel = models.EmailField("adresse de courriel", max_length=254)
    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)
    role = models.CharField("rôle", max_length=16, choices=Role)
    mot = models.CharField("pourquoi", max_length=500, blank=True)
    decidee_le = models.DateTimeField(null=True)
    acceptee = models.BooleanField(default=False)
    reponse = models.CharField("pourquoi non", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "courriel", "role"],
                condition=Q(decidee_le__isnull=True),
                name="demande_une_a_la_fois",
                violation_error_message="Cette demande est déjà partie : elle attend sa réponse.",
            ),
            models.CheckConstraint(
                condition=Q(decidee_le__isnull=True) | Q(acceptee=True) | ~Q(reponse=""),
                name="demande_refus_motive",
                violation_error_message="Un refus s'accompagne d'une raison.",
                violation_error_code="reponse",
            ),
            models.CheckConstraint(
                condition=Q(acceptee=False) | Q(decidee_le__isnull=False),
                name="demande_acceptee_un_jour",
                violation_error_message="Une demande acceptée a une date.",
            ),
        ]
        verbose_name = "demande à rejoindre"
        verbose_name_plural = "demandes à rejoindre"

    def __str__(self) -> str:
        return f"Demande à rejoindre {self.organisation}"

    def fil(self) -> list[uuid.UUID]:
        """Shown on the organisation's timeline."""
        return [self.pk, self.organisation_id]

    @property
    def nom_complet(self) -> str:
        """As the person wrote it."""
        return f"{self.prenom} {self.nom}"
