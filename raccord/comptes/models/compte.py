"""People with an account: who they are, and what proves it."""

import binascii
import secrets
import uuid
from base64 import b64decode, b64encode
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from raccord.socle import scellage
from raccord.socle.courrier import Destinataire
from raccord.socle.exceptions import CleInconnue, ScellementRompu
from raccord.socle.models import Identifie

OCTETS_SECRET = 20  # sealed and in base 64: the 80 characters of django-otp's column
TELEPHONE_ILLISIBLE = "Votre téléphone n'est plus reconnu : utilisez un code de secours, ou demandez qu'il soit retiré."


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    """Accounts have no password: one signs in by a link sent by mail."""

    def creer(self, courriel: str, prenom: str, nom: str, **champs: Any) -> "Utilisateur":
        """Create an account; the address is kept in lower case."""
        utilisateur = self.model(courriel=courriel.strip().lower(), prenom=prenom, nom=nom, **champs)
        utilisateur.set_unusable_password()
        utilisateur.save(using=self._db)
        return utilisateur


class Utilisateur(AbstractBaseUser):
    """Somebody with an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    courriel = models.EmailField("adresse de courriel", max_length=254)
    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    is_active = models.BooleanField("actif", default=True)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UtilisateurManager] = UtilisateurManager()

    USERNAME_FIELD = "courriel"
    EMAIL_FIELD = "courriel"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["courriel"],
                name="utilisateur_courriel_unique",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            )
        ]
        verbose_name = "utilisateur"

    def __str__(self) -> str:
        return f"Utilisateur {self.pk}"

    @property
    def nom_complet(self) -> str:
        """First name and name, as screens show a professional."""
        return f"{self.prenom} {self.nom}"

    def destinataire(self, organisation_id: uuid.UUID | None = None) -> Destinataire:
        """This person as the recipient of a message."""
        return Destinataire(
            courriel=self.courriel,
            telephone=self.telephone,
            utilisateur_id=self.pk,
            organisation_id=organisation_id,
        )


class TelephoneManager(models.Manager["Telephone"]):
    """Telephones."""

    def creer(self, utilisateur: Utilisateur, *, confirmed: bool = False) -> "Telephone":
        """With a new secret, sealed."""
        telephone = self.model(user=utilisateur, name="Téléphone", confirmed=confirmed)
        secret = secrets.token_bytes(OCTETS_SECRET)
        telephone.key = b64encode(scellage.sceller(secret, telephone.associe())).decode()
        telephone.save(using=self._db)
        return telephone


class Telephone(TOTPDevice):  # type: ignore[misc]  # django-otp has no types
    """The telephone that gives codes. django-otp's column of the secret holds it sealed (`socle.scellage`), bound to
    its owner: a copy of the base makes no code, and a secret written into the base by somebody else opens nothing.
    """

    objects: ClassVar[TelephoneManager] = TelephoneManager()

    class Meta:
        proxy = True
        verbose_name = "téléphone de confirmation"

    def associe(self) -> bytes:
        """What the secret is bound to."""
        return f"comptes.telephone|{self.user_id}".encode()

    @property
    def bin_key(self) -> bytes:
        """The secret, as django-otp asks for it. Raises ScellementRompu, CleInconnue in words about the telephone."""
        try:
            return scellage.desceller(b64decode(self.key), self.associe())
        except (ScellementRompu, CleInconnue, binascii.Error) as erreur:
            raise ScellementRompu(TELEPHONE_ILLISIBLE) from erreur


class CompteProConnect(Identifie):
    """By which name ProConnect knows a person: an address may change, this does not."""

    emetteur = models.URLField(max_length=300)
    sub = models.CharField(max_length=255)
    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="comptes_proconnect")
    cree_le = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["emetteur", "sub"],
                name="compte_proconnect_unique",
                violation_error_message="Ce compte ProConnect est déjà relié à une personne.",
            )
        ]
        verbose_name = "compte ProConnect"

    def __str__(self) -> str:
        return f"Compte ProConnect {self.pk}"
