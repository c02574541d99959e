"""What the pages of the demonstration read: accounts to try, people to play, messages to open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Q, QuerySet, When
from django.http import HttpRequest
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, AdhesionQuerySet, Contact, LienAction, Organisation
from raccord.echeances.models import Attente, Message
from raccord.echeances.sms import texte_court
from raccord.jeunes.models import Jeune
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.courrier import REGISTRE
from raccord.socle.lignes import ou_404

# Nobody can own such an address (RFC 2606): a real account can never be entered without its mailbox.
ADRESSES_FICTIVES = ".example"
CLE_DISPENSE = "demo_sans_confirmation"
PERSONNES_MONTREES = 4
ADMINISTRE = "administre"
"""In place of a role: what waits for whoever administers the organisation."""
ROLES = {
    Role.ACHETEUR: "Il déclare un marché et l’offre de l’entreprise, puis suit son contrat.",
    Role.TUTEUR: "Il cherche une offre pour un jeune, la réserve, propose le jeune, suit le parcours.",
    Role.COORDONNATEUR: "Il voit l’état des lieux de son académie et peut confier un parcours à une autre.",
    Role.PARTENAIRE: "Il lit le dossier d’un jeune quand la MLDS le lui ouvre, et rien de plus.",
    Role.NATIONAL: "Elle voit tout le territoire et répond aux offres spontanées.",
}


@dataclass(frozen=True)
class Compte:
    """An account that anybody may enter, and what waits for it."""

    adhesion: Adhesion
    attentes: int
    en_retard: int


@dataclass(frozen=True)
class RoleAJouer:
    """A role, what it does, the account to enter first and the others."""

    libelle: str
    description: str
    premier: Compte
    autres: list[Compte]


@dataclass(frozen=True)
class SansCompte:
    """Somebody who acts by links found in their messages."""

    nom: str
    detail: str
    adresse: str


@dataclass
class Courrier:
    """A message as its page shows it."""

    message: Message
    description: str
    a_qui: str
    sms: str


def dispense(request: HttpRequest) -> bool:
    """A fictitious account entered from /demo/ gives no second factor. Registered by `DemoConfig`, in the demo only."""
    fictif = str(getattr(request.user, "courriel", "")).endswith(ADRESSES_FICTIVES)
    return settings.DEMO and fictif and request.session.get(CLE_DISPENSE) is True


def adhesions_fictives() -> AdhesionQuerySet:
    """Memberships of fictitious accounts only."""
    return Adhesion.objects.filter(utilisateur__courriel__endswith=ADRESSES_FICTIVES)


def adhesion_a_entrer(adhesion_id: UUID) -> Adhesion:
    """The membership behind the button. Raises Http404 for anything but a fictitious account."""
    return ou_404(adhesions_fictives().select_related("utilisateur").filter(pk=adhesion_id))


def roles_a_jouer() -> list[RoleAJouer]:
    """Per role the accounts, oldest first: the generator makes the one with most to see first. Two queries."""
    attentes: dict[tuple[str, UUID | None, UUID | None], Mapping[str, Any]] = {
        (
            ADMINISTRE if ligne["administrateurs"] else ligne["role"],
            ligne["organisation_id"],
            ligne["utilisateur_id"],
        ): (ligne)
        for ligne in Attente.objects.filter(close_le__isnull=True, role__in=ROLES)
        .values("role", "administrateurs", "organisation_id", "utilisateur_id")
        .annotate(nombre=Count("pk"), retard=Count("pk", filter=Q(echeance__lt=timezone.now())))
        .order_by()
    }

    def compter(adhesion: Adhesion, quoi: str) -> int:
        cles = [(adhesion.role, adhesion.organisation_id, qui) for qui in (None, adhesion.utilisateur_id)]
        if adhesion.administrateur:
            cles.append((ADMINISTRE, adhesion.organisation_id, None))
        return sum(attentes[cle][quoi] for cle in cles if cle in attentes)

    adhesions = adhesions_fictives().select_related("utilisateur", "organisation").order_by("debut", "pk")
    comptes = [
        Compte(adhesion, compter(adhesion, "nombre"), compter(adhesion, "retard"))
        for adhesion in adhesions.filter(role__in=ROLES)
    ]
    roles = []
    for role, description in ROLES.items():
        siens = [compte for compte in comptes if compte.adhesion.role == role]
        if siens:
            roles.append(RoleAJouer(str(role.label), description, siens[0], siens[1:]))
    return roles


def entreprises_a_jouer() -> list[SansCompte]:
    """Contacts of companies on whom something waits, the most urgent first. Two queries."""
    attendus = list(
        dict.fromkeys(
            Attente.objects.ouvertes().filter(contact_id__isnull=False).values_list("contact_id", flat=True)[:200]
        )
    )[:PERSONNES_MONTREES]
    contacts = Contact.objects.select_related("organisation").exclude(courriel="").in_bulk(attendus)
    return [_contact(contacts[cle]) for cle in attendus if cle in contacts]


def acheteurs_a_jouer() -> list[SansCompte]:
    """People of a buyer's who follow a contract without account, the latest written to first. Two queries."""
    derniers = list(
        dict.fromkeys(
            LienAction.objects.filter(role=Role.ACHETEUR, contact__isnull=False)
            .order_by("-cree_le", "pk")
            .values_list("contact_id", flat=True)[:200]
        )
    )[:PERSONNES_MONTREES]
    contacts = Contact.objects.select_related("organisation").in_bulk(derniers)
    return [_contact(contacts[cle]) for cle in derniers if cle in contacts]


def _contact(contact: Contact) -> SansCompte:
    detail = f"{contact.fonction}, {contact.organisation}" if contact.fonction else str(contact.organisation)
    return SansCompte(contact.nom, detail, contact.courriel)


def jeunes_a_jouer() -> list[SansCompte]:
    """Young people who were written to lately. Two queries."""
    derniers = list(
        dict.fromkeys(
            Message.objects.filter(jeune_id__isnull=False)
            .order_by("-cree_le", "pk")
            .values_list("jeune_id", flat=True)[:200]
        )
    )[:PERSONNES_MONTREES]
    with identite.agir(SYSTEME, dossiers=tuple(filter(None, derniers))):
        jeunes = Jeune.objects.select_related("commune").in_bulk(derniers)
    presents = [jeunes[cle] for cle in derniers if cle in jeunes]
    return [
        SansCompte(jeune.prenom, f"{jeune.age()} ans, {jeune.commune}", jeune.courriel or jeune.telephone)
        for jeune in presents
    ]


def chercher_messages(*, a: str, q: str) -> QuerySet[Message]:
    """Messages of one recipient (address or phone), holding all the words, newest first."""
    requete = Message.objects.order_by("-cree_le", "pk")
    if a:
        requete = requete.filter(Q(courriel__iexact=a) | Q(courriel="", telephone=a))
    for mot in q.split()[:8]:
        requete = requete.filter(
            Q(sujet__icontains=mot) | Q(corps__icontains=mot) | Q(courriel__icontains=mot) | Q(telephone__contains=mot)
        )
    return requete


def boites() -> list[tuple[str, int]]:
    """Every recipient with the number of messages, in alphabetical order."""
    adresse = Case(When(courriel="", then=F("telephone")), default=F("courriel"), output_field=CharField())
    return list(Message.objects.values_list(adresse).annotate(nombre=Count("pk")).order_by(adresse))


def presenter(messages: Iterable[Message]) -> list[Courrier]:
    """Messages with their event in words and the organisation of their recipient. One query whatever the number."""
    messages = list(messages)
    organisations = dict(
        Organisation.objects.filter(pk__in={message.organisation_id for message in messages}).values_list("pk", "nom")
    )
    return [
        Courrier(
            message,
            REGISTRE[message.code].description if message.code in REGISTRE else message.code,
            _qui(message, organisations),
            "" if message.courriel else texte_court(message),
        )
        for message in messages
    ]


def _qui(message: Message, organisations: dict[UUID, str]) -> str:
    if message.jeune_id:
        return "un jeune"
    if message.representant_id:
        return "le représentant légal d’un jeune"
    return organisations.get(message.organisation_id, "") if message.organisation_id else ""
