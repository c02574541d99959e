"""People with an account, organisations, memberships, contacts without account, action links."""

import binascii
import secrets
import uuid
from base64 import b64decode, b64encode
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from raccord.comptes.enums import GENRES_D_UN_TERRITOIRE, FinAssistance, GenreOrganisation, Role, TypeAcheteur
from raccord.socle import calendrier, scellage
from raccord.socle.courrier import Destinataire
from raccord.socle.exceptions import CleInconnue, ScellementRompu
from raccord.socle.models import Identifie, ObjetSuivi

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


# A role that ends or changes ends the sessions opened under it: they are tied to the unusable password (`actions`).
FIN_DE_SESSION = pgtrigger.Trigger(
    name="fin_de_session",
    when=pgtrigger.After,
    # pgtrigger does not type UpdateOf.
    operation=pgtrigger.UpdateOf("role", "fin", "organisation_id", "utilisateur_id") | pgtrigger.Delete,  # type: ignore[no-untyped-call]
    func="""
        UPDATE comptes_utilisateur SET password = '!' || replace(gen_random_uuid()::text, '-', '')
        WHERE id = OLD.utilisateur_id;
        RETURN NULL;
    """,
)


class AdhesionQuerySet(models.QuerySet["Adhesion"]):
    """Memberships."""

    def actives(self) -> Self:
        """Those that have not ended, of accounts that are open."""
        return self.filter(fin__isnull=True, utilisateur__is_active=True)

    def pour_agir(self) -> Self:
        """With what a context is made of: the organisation, and the absent colleagues this person stands in for."""
        absents = Absence.objects.en_cours().filter(suppleant_id=OuterRef("pk")).values("adhesion__utilisateur_id")
        return self.select_related("organisation").annotate(absents=ArraySubquery(absents))


AdhesionManager = models.Manager.from_queryset(AdhesionQuerySet)


class AdhesionsActives(AdhesionManager["Adhesion"]):
    """What everybody asks for: nobody acts under a membership that has ended."""

    def get_queryset(self) -> AdhesionQuerySet:
        """Active memberships only."""
        return AdhesionQuerySet(self.model, using=self._db).actives()


class Adhesion(Identifie):
    """A person acts for an organisation in one role, from a date to a date. `toutes` shows those that have ended too.

    An administrator looks after the members. An organisation that has administrators always keeps one: PostgreSQL
    makes those who leave at the same instant wait for each other, and refuses the last.
    """

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="adhesions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="adhesions")
    role = models.CharField("rôle", max_length=16, choices=Role)
    administrateur = models.BooleanField("administrateur", default=False)
    debut = models.DateTimeField(default=timezone.now)
    fin = models.DateTimeField(null=True, blank=True)

    objects = AdhesionsActives()
    toutes = AdhesionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "organisation", "role"],
                condition=models.Q(fin__isnull=True),
                name="adhesion_active_unique",
                violation_error_message="Cette personne a déjà ce rôle dans cette organisation.",
            ),
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(administrateur=False),
                name="adhesion_finie_n_administre_pas",
                violation_error_message="Une adhésion terminée n'administre plus.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="dernier_administrateur",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF NOT OLD.administrateur OR (TG_OP = 'UPDATE' AND NEW.administrateur
                        AND NEW.organisation_id = OLD.organisation_id) THEN
                        RETURN NULL;
                    END IF;
                    PERFORM 1 FROM comptes_organisation WHERE id = OLD.organisation_id FOR NO KEY UPDATE;
                    IF NOT EXISTS (
                        SELECT FROM comptes_adhesion autre
                        JOIN comptes_utilisateur qui ON qui.id = autre.utilisateur_id AND qui.is_active
                        WHERE autre.organisation_id = OLD.organisation_id AND autre.administrateur
                          AND autre.fin IS NULL AND autre.id <> OLD.id
                    ) THEN
                        RAISE EXCEPTION 'dernier administrateur' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'adhesion_dernier_administrateur';
                    END IF;
                    RETURN NULL;
                """,
            ),
            FIN_DE_SESSION,
        ]
        verbose_name = "adhésion"

    def __str__(self) -> str:
        return f"Adhésion {self.pk}"


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


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences."""

    def en_cours(self) -> Self:
        """Today is one of their days."""
        jour = calendrier.aujourdhui()
        return self.a_venir().filter(debut__lte=jour)

    def a_venir(self) -> Self:
        """Not over, nor called off."""
        return self.filter(fin__gte=calendrier.aujourdhui(), annulee_le__isnull=True)


class Absence(ObjetSuivi):
    """A planned absence: from a day to a day, both included, a colleague in the same role sees and does what waits."""

    adhesion = models.ForeignKey(Adhesion, models.CASCADE, related_name="absences")
    suppleant = models.ForeignKey(Adhesion, models.CASCADE, related_name="suppleances")
    debut = models.DateField("premier jour d'absence")
    fin = models.DateField("dernier jour d'absence")
    annulee_le = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debut__lte=F("fin")),
                name="absence_dates",
                violation_error_message="Le dernier jour vient après le premier.",
                violation_error_code="fin",
            ),
            models.CheckConstraint(
                condition=~Q(adhesion=F("suppleant")),
                name="absence_un_autre",
                violation_error_message="Choisissez un collègue.",
                violation_error_code="suppleant",
            ),
            ExclusionConstraint(
                name="absence_une_a_la_fois",
                expressions=[
                    ("adhesion", RangeOperators.EQUAL),
                    (
                        Func(
                            "debut",
                            "fin",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(annulee_le__isnull=True),
                violation_error_message="Une absence est déjà prévue à ces dates : annulez-la d'abord.",
                violation_error_code="debut",
            ),
        ]
        verbose_name = "absence"

    def __str__(self) -> str:
        return f"Absence {self.pk}"

    def fil(self) -> list[uuid.UUID]:
        """Shown on the organisation's timeline."""
        return [self.pk, self.adhesion.organisation_id]


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    """Requests for help, and what came of them."""

    def demandees(self) -> Self:
        """Still waiting for somebody of the national team, of a person whose role goes on."""
        return self._d_un_role_en_cours().filter(debut__isnull=True)

    def en_cours(self) -> Self:
        """Somebody helps at this instant."""
        return self._d_un_role_en_cours().filter(debut__isnull=False)

    def passees(self) -> Self:
        """Their instant is over, but nobody has said so yet."""
        return self.filter(finie_le__isnull=True, expire_le__lte=timezone.now())

    def _d_un_role_en_cours(self) -> Self:
        ouvertes = self.filter(finie_le__isnull=True, expire_le__gt=timezone.now())
        return ouvertes.filter(adhesion__fin__isnull=True, adhesion__utilisateur__is_active=True)


class Assistance(ObjetSuivi):
    """A person asks for help; somebody of the national team then sees Raccord as they do, reads and writes nothing.

    `expire_le` ends the request, then the help (`comptes.assistance`).
    """

    adhesion = models.ForeignKey(Adhesion, models.CASCADE, related_name="assistances")
    motif = models.CharField("ce qui ne va pas", max_length=500)
    expire_le = models.DateTimeField("valable jusqu'au")
    assistant = models.ForeignKey(Adhesion, models.SET_NULL, null=True, related_name="+", verbose_name="aidée par")
    debut = models.DateTimeField("commencée le", null=True)
    finie_le = models.DateTimeField("finie le", null=True)
    fin = models.CharField("comment elle a fini", max_length=8, choices=FinAssistance, blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adhesion"],
                condition=Q(finie_le__isnull=True),
                name="assistance_une_a_la_fois",
                violation_error_message="Votre demande d'aide est déjà partie.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="assistance_motivee",
                violation_error_message="Dites ce qui ne va pas, en quelques mots.",
                violation_error_code="motif",
            ),
            models.CheckConstraint(
                condition=~Q(assistant=F("adhesion")),
                name="assistance_d_un_autre",
                violation_error_message="On ne s'aide pas soi-même.",
            ),
        ]
        verbose_name = "assistance"

    def __str__(self) -> str:
        return f"Assistance {self.pk}"

    def fil(self) -> list[uuid.UUID]:
        """Shown to the person helped alone."""
        return [self.pk, self.adhesion.utilisateur_id]

    @property
    def ouverte(self) -> bool:
        """Neither over nor out of time."""
        return self.finie_le is None and self.expire_le > timezone.now()


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
