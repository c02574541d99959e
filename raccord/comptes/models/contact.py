"""Those who have no account: contacts, and the links by which they act."""

import uuid

from django.db import models
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models.organisation import Organisation
from raccord.socle.courrier import Destinataire
from raccord.socle.models import ObjetSuivi


class Contact(ObjetSuivi):
    """Somebody without account who speaks for an organisation: company tutor, human resources, buyer's second."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    nom = models.CharField("nom et prénom", max_length=150)
    fonction = models.CharField("fonction", max_length=150, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    verifie_le = models.DateTimeField("coordonnées confirmées le", null=True, blank=True)
    verification_demandee_le = models.DateTimeField("vérification demandée le", null=True, blank=True)
    injoignable_le = models.DateTimeField("plus rien n'arrive depuis le", null=True, blank=True)
    injoignable_cause = models.CharField("pourquoi", max_length=40, blank=True)

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
    acts on; `confie_a` the link of somebody new to whom it was handed over, until it is taken back.
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
    confie_a = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

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
