"""People with an account, organisations, memberships, contacts without account, action links."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role, TypeAcheteur
from raccord.socle.courrier import Destinataire
from raccord.socle.models import Identifie, ObjetSuivi


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


class Organisation(ObjetSuivi):
    """A buyer, a company, an MLDS, a school or the national team, with its territory."""

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
        ]
        indexes = [models.Index(fields=["genre", "academie"], name="organisation_territoire")]
        verbose_name = "organisation"

    def __str__(self) -> str:
        return self.nom


class AdhesionQuerySet(models.QuerySet["Adhesion"]):
    """Memberships."""

    def actives(self) -> "AdhesionQuerySet":
        """Those that have not ended, of accounts that are open."""
        return self.filter(fin__isnull=True, utilisateur__is_active=True)


class Adhesion(Identifie):
    """A person acts for an organisation in one role, from a date to a date."""

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="adhesions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="adhesions")
    role = models.CharField("rôle", max_length=16, choices=Role)
    debut = models.DateTimeField(default=timezone.now)
    fin = models.DateTimeField(null=True, blank=True)

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "organisation", "role"],
                condition=models.Q(fin__isnull=True),
                name="adhesion_active_unique",
                violation_error_message="Cette personne a déjà ce rôle dans cette organisation.",
            )
        ]
        verbose_name = "adhésion"

    def __str__(self) -> str:
        return f"Adhésion {self.pk}"


class Contact(ObjetSuivi):
    """Somebody without account who speaks for an organisation: company tutor, human resources, buyer's second."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    nom = models.CharField("nom et prénom", max_length=150)
    fonction = models.CharField("fonction", max_length=150, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    verifie_le = models.DateTimeField("coordonnées confirmées le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(courriel="") | ~models.Q(telephone=""),
                name="contact_joignable",
                violation_error_message="Donnez au moins un courriel ou un téléphone.",
                violation_error_code="courriel",
            )
        ]
        verbose_name = "contact"

    def __str__(self) -> str:
        return f"Contact {self.pk}"

    def destinataire(self) -> Destinataire:
        """This person as the recipient of a message."""
        return Destinataire(
            courriel=self.courriel,
            telephone=self.telephone,
            contact_id=self.pk,
            organisation_id=self.organisation_id,
        )


class LienAction(ObjetSuivi):
    """One thing on one object for somebody without account (conception §1.4).

    Only a hash of the secret is kept. `contact`, `jeune_id` or `representant_id` is the holder; `objet_id` what it
    acts on.
    """

    empreinte = models.CharField(max_length=64, unique=True)
    action = models.CharField(max_length=60)
    objet_id = models.UUIDField()
    role = models.CharField(max_length=16, choices=Role)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="liens")
    jeune_id = models.UUIDField(null=True)
    representant_id = models.UUIDField(null=True)
    expire_le = models.DateTimeField()
    revoque_le = models.DateTimeField(null=True)
    ouvert_le = models.DateTimeField(null=True)
    agi_le = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=False, jeune_id__isnull=True, representant_id__isnull=True)
                | models.Q(contact__isnull=True, jeune_id__isnull=False, representant_id__isnull=True)
                | models.Q(contact__isnull=True, jeune_id__isnull=True, representant_id__isnull=False),
                name="lien_un_seul_porteur",
                violation_error_message="Un lien appartient à une seule personne.",
            )
        ]
        indexes = [models.Index(fields=["action", "objet_id"], name="lien_objet")]
        verbose_name = "lien d'action"

    def __str__(self) -> str:
        return f"Lien {self.action} {self.pk}"

    def fil(self) -> list[uuid.UUID]:
        """A link's own events show on the timeline of what it acts on."""
        return [self.pk, self.objet_id]

    @property
    def valide(self) -> bool:
        """Neither expired nor revoked."""
        return self.revoque_le is None and self.expire_le > timezone.now()
