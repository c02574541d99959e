"""Waits, their ladders and what was climbed; the outbox; addresses that do not answer; how each one is written to."""

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.models import Identifie, ObjetSuivi

if TYPE_CHECKING:
    from raccord.echeances.suivi import Suivi


class Echelle(Identifie):
    """The rungs of one kind of wait, in a scope, from a day on. A change is a new row, never a change of the past.

    `echelons`: in order, dicts of `echeances.attentes.Echelon`. `portee`: '' is France, 'region:11' a région
    académique, 'acheteur:<id>' the partnership with a buyer; the narrowest wins.
    """

    ajout_seul: ClassVar[bool] = True

    attente = models.CharField("attente", max_length=40)
    portee = models.CharField("portée", max_length=60, blank=True)
    debut = models.DateField("en vigueur depuis le")
    echelons = models.JSONField("échelons")
    source = models.CharField("source", max_length=300)
    posee_par_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attente", "portee", "debut"],
                name="echelle_unique",
                violation_error_message="Une échelle commence déjà ce jour-là : choisissez un autre jour.",
                violation_error_code="debut",
            ),
            models.CheckConstraint(
                condition=~models.Q(echelons=[]),
                name="echelle_un_echelon",
                violation_error_message="Une échelle a au moins un échelon : un silence finit toujours par se dire.",
            ),
        ]
        verbose_name = "échelle"

    def __str__(self) -> str:
        return f"{self.attente} au {self.debut:%d/%m/%Y}"


class AttenteQuerySet(models.QuerySet["Attente"]):
    """Waits."""

    def ouvertes(self) -> Self:
        """Still pending, oldest due first."""
        return self.filter(close_le__isnull=True).order_by("echeance", "ouverte_le", "pk")

    def de(self, contexte: Contexte) -> Self:
        """Those this person must act on: named for them, or for their role in their organisation."""
        if contexte.contact_id:
            return self.filter(contact_id=contexte.contact_id)
        if contexte.jeune_id:
            return self.filter(jeune_id=contexte.jeune_id)
        if not contexte.utilisateur_id:
            return self.none()
        a_moi = models.Q(utilisateur_id__in=contexte.tient_lieu_de, organisation_id=contexte.organisation_id)
        a_nous = models.Q(utilisateur_id__isnull=True, organisation_id=contexte.organisation_id)
        collegiale = a_nous & models.Q(role=contexte.role, administrateurs=False)
        return self.filter(a_moi | collegiale | self._administrees(contexte, a_nous))

    @staticmethod
    def _administrees(contexte: Contexte, a_nous: models.Q) -> models.Q:
        """Those of whoever administers, whatever their role; of the national team where nobody does."""
        siennes = a_nous if contexte.administrateur else models.Q(pk__in=())
        if contexte.role == Role.NATIONAL:
            administrees = Adhesion.objects.filter(
                organisation_id=models.OuterRef("organisation_id"), administrateur=True
            )
            siennes |= models.Q(~models.Exists(administrees))
        return models.Q(administrateurs=True) & siennes

    def du_fil(self, objet_id: uuid.UUID) -> Self:
        """Those that concern the object, its own and its children's."""
        return self.filter(fil__contains=[objet_id])


class Attente(Identifie):
    """Something pending: who must act, what in words, by when (conception §1.1)."""

    # What a page reads besides, set by `acces` for whoever asks: nothing of it is kept.
    url: str
    lien: str
    personne: str
    pour: str
    a_moi: bool
    suivi: "Suivi"

    code = models.CharField(max_length=40)
    objet_type = models.CharField(max_length=60)
    objet_id = models.UUIDField()
    fil = ArrayField(models.UUIDField())
    sujet = models.CharField(max_length=200)
    action = models.CharField(max_length=150)
    role = models.CharField(max_length=16, choices=Role)
    administrateurs = models.BooleanField("revient à qui administre l'organisation", default=False)
    organisation_id = models.UUIDField(null=True)
    utilisateur_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    jeune_id = models.UUIDField(null=True)
    proprietaire = models.CharField(max_length=200)
    ouverte_le = models.DateTimeField(default=timezone.now)
    echeance = models.DateTimeField()
    # When its ladder next moves; nothing left to climb: none. Kept where a wait is opened and where a rung is climbed.
    prochain = models.DateTimeField(null=True)
    close_le = models.DateTimeField(null=True)
    issue = models.CharField(max_length=60, blank=True)
    # The ladder in force the day it opened, and where its days are counted.
    echelle = models.ForeignKey(Echelle, models.PROTECT, null=True, related_name="+")
    departement = models.CharField(max_length=3, blank=True)
    zone = models.CharField(max_length=20, blank=True)
    # Until then the ladder says nothing; the days of pause are added to its delays and to the due date.
    pause_jusqua = models.DateTimeField(null=True)
    pause_raison = models.CharField(max_length=300, blank=True)
    pause_par_id = models.UUIDField(null=True)
    pause_jours = models.PositiveSmallIntegerField(default=0)
    # Somebody is on it: the others are told who, and go to the next file.
    tenue_par_id = models.UUIDField(null=True)
    tenue_jusqua = models.DateTimeField(null=True)

    objects = AttenteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "objet_id"],
                condition=models.Q(close_le__isnull=True),
                name="attente_ouverte_unique",
                violation_error_message="Cette attente est déjà ouverte.",
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "role", "echeance"],
                condition=models.Q(close_le__isnull=True),
                name="attente_journee",
            ),
            models.Index(
                fields=["prochain", "id"],
                condition=models.Q(close_le__isnull=True, prochain__isnull=False),
                name="attente_a_relever",
            ),
            GinIndex(fields=["fil"], name="attente_fil"),
        ]
        verbose_name = "attente"

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"

    @property
    def en_retard(self) -> bool:
        """Past its due date."""
        return self.close_le is None and self.echeance < timezone.now()

    @property
    def en_pause(self) -> bool:
        """Its ladder says nothing for now; it goes on by itself."""
        return self.pause_jusqua is not None and self.pause_jusqua > timezone.now()

    @property
    def lieu(self) -> calendrier.Lieu:
        """Where its days are counted."""
        return calendrier.Lieu(self.departement, self.zone)


class Rappel(Identifie):
    """A rung of a wait's ladder that was climbed, once, ever: whom it told (ids of contacts or of accounts)."""

    class Issue(models.TextChoices):
        DIT = "dit", "prévenu"
        ABSENT = "absent", "personne à prévenir : l'échelon suivant l'est tout de suite"
        PASSE = "passe", "passé : l'échelon suivant était dû aussi"
        SANS_OBJET = "sans_objet", "sans objet"

    attente = models.ForeignKey(Attente, models.CASCADE, related_name="rappels")
    echelon = models.CharField(max_length=40)
    le = models.DateTimeField(default=timezone.now)
    issue = models.CharField(max_length=12, choices=Issue, default=Issue.DIT)
    prevenus = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attente", "echelon"],
                name="rappel_unique",
                violation_error_message="Ce rappel est déjà parti.",
            )
        ]
        verbose_name = "rappel"

    def __str__(self) -> str:
        return f"{self.echelon} {self.pk}"


class Canal(models.TextChoices):
    """By what road somebody is written to."""

    COURRIEL = "courriel", "courriel"
    SMS = "sms", "SMS"
    DEUX = "deux", "courriel et SMS"


class Envoi(models.TextChoices):
    """How a written message leaves, as its recipient prefers. The line is kept in every case."""

    SEUL = "seul", "part seul"
    RECAPITULATIF = "recapitulatif", "part dans le récapitulatif du jour"
    COUPE = "coupe", "coupé par son destinataire : ne part pas"
    SANS_OBJET = "sans_objet", "n’a plus d’objet : ne part pas"


QUI_PARTENT = (Envoi.SEUL, Envoi.RECAPITULATIF)


class MessageQuerySet(models.QuerySet["Message"]):
    """The outbox."""

    def en_file(self) -> Self:
        """Neither handed over, nor given up, nor gone into a digest, nor muted or withdrawn."""
        return self.filter(
            envoye_le__isnull=True, echec_le__isnull=True, reuni_dans__isnull=True, envoi__in=QUI_PARTENT
        )


class Message(Identifie):
    """One line of the outbox, written in the business transaction, sent once (docs/delai.md).

    Whoever takes it to send it counts the try and puts `prochain_essai` off: a sender that dies leaves it to another.
    """

    code = models.CharField(max_length=60)
    sujet = models.CharField(max_length=200)
    corps = models.TextField()
    courriel = models.EmailField(blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    utilisateur_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    jeune_id = models.UUIDField(null=True)
    representant_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    objet_type = models.CharField(max_length=60, blank=True)
    objet_id = models.UUIDField(null=True)
    calendrier = models.TextField(blank=True)
    # The wait whose rung wrote it: closed, it has nothing to remind of any more; paused, it waits.
    attente = models.ForeignKey(Attente, models.SET_NULL, null=True, db_index=False, related_name="lettres")
    envoi = models.CharField(max_length=13, choices=Envoi, default=Envoi.SEUL)
    cree_le = models.DateTimeField(default=timezone.now)
    envoye_le = models.DateTimeField(null=True)
    essais = models.PositiveSmallIntegerField(default=0)
    prochain_essai = models.DateTimeField(default=timezone.now)
    echec_le = models.DateTimeField(null=True)
    cause = models.CharField(max_length=60, blank=True)
    retour_le = models.DateTimeField(null=True)
    reuni_dans = models.ForeignKey("self", models.CASCADE, null=True, related_name="reunis")

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(envoi__in=QUI_PARTENT) | models.Q(envoye_le__isnull=True),
                name="message_coupe_ne_part_pas",
                violation_error_message="Un message coupé ou sans objet ne part pas.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["prochain_essai"],
                condition=models.Q(
                    envoye_le__isnull=True, echec_le__isnull=True, reuni_dans__isnull=True, envoi__in=QUI_PARTENT
                ),
                name="message_a_envoyer",
            ),
            models.Index(fields=["objet_id", "-cree_le"], name="message_objet"),
            models.Index(fields=["attente"], condition=models.Q(attente__isnull=False), name="message_attente"),
            models.Index(fields=["-envoye_le"], condition=models.Q(envoye_le__isnull=False), name="message_envoye"),
        ]
        triggers = [
            # Heard at the commit: the postman wakes up, wherever the message was written from.
            pgtrigger.Trigger(
                name="reveil",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="PERFORM pg_notify('raccord_boite', ''); RETURN NULL;",
            )
        ]
        verbose_name = "message"

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class AdresseEnEchec(ObjetSuivi):
    """An address where somebody cannot be written to any more, until another is found (or it is said to work).

    `chez` is what everybody reads: an organisation or a kind of person, never a name.
    """

    adresse = models.CharField(max_length=254)
    chez = models.CharField(max_length=200)
    utilisateur_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    jeune_id = models.UUIDField(null=True)
    representant_id = models.UUIDField(null=True)
    objet_type = models.CharField(max_length=60, blank=True)
    objet_id = models.UUIDField(null=True)
    cause = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adresse", "utilisateur_id", "contact_id", "jeune_id", "representant_id"],
                nulls_distinct=False,
                name="adresse_en_echec_unique",
                violation_error_message="Cette adresse est déjà signalée.",
            )
        ]
        verbose_name = "adresse en échec"
        verbose_name_plural = "adresses en échec"

    def __str__(self) -> str:
        return f"Adresse à retrouver : {self.chez}"

    def fil(self) -> list[uuid.UUID]:
        """Shown on the timeline of what could not be told."""
        return [self.pk, self.objet_id] if self.objet_id else [self.pk]


class Preference(Identifie):
    """How one person wants to be written to. No row: by mail (by SMS without an address), each message at once."""

    class Rythme(models.TextChoices):
        """One by one, or gathered."""

        UN_PAR_UN = "un_par_un", "un par un, dès qu’il se passe quelque chose"
        RECAPITULATIF = "recapitulatif", "en un récapitulatif par jour"

    utilisateur_id = models.UUIDField(null=True, unique=True)
    contact_id = models.UUIDField(null=True, unique=True)
    jeune_id = models.UUIDField(null=True, unique=True)
    representant_id = models.UUIDField(null=True, unique=True)
    canal = models.CharField(max_length=8, choices=Canal, default=Canal.COURRIEL)
    rythme = models.CharField(max_length=13, choices=Rythme, default=Rythme.UN_PAR_UN)
    silence_de = models.TimeField(null=True, blank=True)
    silence_a = models.TimeField(null=True, blank=True)
    fuseau = models.CharField(max_length=40, default="Europe/Paris")
    coupes = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(utilisateur_id__isnull=False)
                | models.Q(contact_id__isnull=False)
                | models.Q(jeune_id__isnull=False)
                | models.Q(representant_id__isnull=False),
                name="preference_de_quelqu_un",
                violation_error_message="Une préférence est celle d'une personne.",
            ),
            models.CheckConstraint(
                condition=models.Q(silence_de__isnull=True, silence_a__isnull=True)
                | models.Q(silence_de__isnull=False, silence_a__isnull=False)
                & ~models.Q(silence_de=models.F("silence_a")),
                name="preference_silence_entier",
                violation_error_message="Des heures de silence ont un début et une fin différents.",
                violation_error_code="silence_a",
            ),
        ]
        verbose_name = "préférence d'envoi"

    def __str__(self) -> str:
        return f"Préférence {self.pk}"


class Passage(models.Model):
    """When the worker, or one of its rounds, last went through: a probe that reads it knows whether it is alive."""

    nom = models.CharField(max_length=30, primary_key=True)
    le = models.DateTimeField()

    class Meta:
        verbose_name = "passage"

    def __str__(self) -> str:
        return self.nom
