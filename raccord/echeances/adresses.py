"""Addresses that do not answer: each is a wait for whoever can find another.

A contact is marked as such (`comptes.joignabilite`); where a slice above has somebody look for their address, on the
page of what waits for them, nobody is asked a second time here.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.joignabilite import APRES_RETROUVE, NUMERO, joignable_de_nouveau, marquer_injoignable
from raccord.comptes.models import Contact, Organisation
from raccord.echeances.attentes import Proprietaire, TypeAttente, clore, ouvrir
from raccord.echeances.models import AdresseEnEchec, Attente, Message
from raccord.socle import identite, journal
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.courrier import REGISTRE
from raccord.socle.exceptions import DejaFait, RoleRefuse
from raccord.socle.models import ObjetSuivi

# Who looks after an object when no wait says it: the slice of that object registers how to know.
RESPONSABLES: dict[str, Callable[[UUID], Proprietaire | None]] = {}


def responsable(objet_type: str) -> Callable[[Callable[[UUID], Proprietaire | None]], Callable[[UUID], object]]:
    """Register who finds the address of those who are written to about such an object."""

    def enregistrer(trouver: Callable[[UUID], Proprietaire | None]) -> Callable[[UUID], object]:
        RESPONSABLES[objet_type] = trouver
        return trouver

    return enregistrer


def signaler(message: Message, cause: str) -> None:
    """This message did not arrive and will not: mark the address, ask somebody for another, once."""
    sujet = message.reunis.order_by("cree_le").first() or message
    with identite.agir(SYSTEME), transaction.atomic():
        if _cherchee_ailleurs(message, cause):
            return
        echec, _ = AdresseEnEchec.objects.update_or_create(
            adresse=(message.courriel or message.telephone).lower(),
            utilisateur_id=message.utilisateur_id,
            contact_id=message.contact_id,
            jeune_id=message.jeune_id,
            representant_id=message.representant_id,
            defaults={"cause": cause},
            create_defaults={
                "cause": cause,
                "chez": _chez(message),
                "objet_type": sujet.objet_type,
                "objet_id": sujet.objet_id,
            },
        )
        if not Attente.objects.ouvertes().filter(code=TROUVER_ADRESSE.code, objet_id=echec.pk).exists():
            ouvrir(TROUVER_ADRESSE, echec)


def signaler_contact(contact_id: UUID, cause: str, objet: ObjetSuivi) -> None:
    """Somebody has heard that this contact cannot be reached so: mark them, ask somebody for better, once."""
    with identite.agir(SYSTEME), transaction.atomic():
        if marquer_injoignable(contact_id, cause):
            return
        contact = Contact.objects.select_related("organisation").get(pk=contact_id)
        echec, _ = AdresseEnEchec.objects.update_or_create(
            adresse=contact.telephone or contact.courriel.lower(),
            contact_id=contact.pk,
            defaults={"cause": cause},
            create_defaults={
                "cause": cause,
                "chez": contact.organisation.nom,
                "objet_type": objet._meta.label_lower,
                "objet_id": objet.pk,
            },
        )
        if not Attente.objects.ouvertes().filter(code=TROUVER_ADRESSE.code, objet_id=echec.pk).exists():
            ouvrir(TROUVER_ADRESSE, echec)


def _cherchee_ailleurs(message: Message, cause: str) -> bool:
    """Mark the contact, unless they have another address since or are reached by another road."""
    contact = Contact.objects.filter(pk=message.contact_id).first() if message.contact_id else None
    if contact is None or (message.courriel or message.telephone).lower() != _principale(contact):
        return False
    if not marquer_injoignable(contact.pk, cause):
        return False
    for echec in AdresseEnEchec.objects.filter(contact_id=contact.pk):
        _regler(echec, "cherchée ailleurs")
    return True


def _principale(contact: Contact) -> str:
    return contact.courriel.lower() or contact.telephone


def en_echec(adresse: str) -> AdresseEnEchec | None:
    """Whether this address is known not to answer."""
    with identite.agir(SYSTEME), transaction.atomic():
        return AdresseEnEchec.objects.filter(adresse=adresse.lower()).order_by("-modifie_le").first()


def a_retrouver(contexte: Contexte, echec_id: UUID) -> AdresseEnEchec | None:
    """The address that this person is asked to find, while they are."""
    attendue = Attente.objects.ouvertes().de(contexte).filter(code=TROUVER_ADRESSE.code, objet_id=echec_id).exists()
    with identite.agir(SYSTEME):
        return AdresseEnEchec.objects.filter(pk=echec_id).first() if attendue else None


def contact_de(echec: AdresseEnEchec) -> Contact | None:
    """Whose address it is, when it is a contact's: others look after their own."""
    return Contact.objects.filter(pk=echec.contact_id).first() if echec.contact_id else None


def en_mots(cause: str) -> str:
    """Why, as somebody who telephones may say it."""
    if cause == NUMERO:
        return "Quelqu’un a appelé : ce numéro n’est pas, ou n’est plus, le sien."
    if "essais" in cause:
        return "Le service de courriel de cette adresse ne répond pas, malgré plusieurs essais en deux jours."
    if "SMS" in cause:
        return "Nous n’avons que son téléphone, et aucun SMS ne peut partir d’ici : appelez."
    return "Le service de courriel répond que cette adresse n’existe pas ou ne reçoit plus rien."


@transaction.atomic
def corriger(contexte: Contexte, echec_id: UUID, *, courriel: str, telephone: str) -> None:
    """The contact's new address; what did not arrive goes there. Raises DejaFait, RoleRefuse."""
    echec = _a_regler(contexte, echec_id)
    if echec.contact_id is None:
        raise RoleRefuse("Cette personne change elle-même son adresse, ou son tuteur le fait dans son dossier.")
    contact = Contact.objects.select_for_update().get(pk=echec.contact_id)
    contact.courriel, contact.telephone = courriel, telephone
    journal.inscrire(contexte, contact, "contact.adresse", "a corrigé l'adresse d'un contact")
    joignable_de_nouveau(contact)


def faire_repartir(contact: Contact) -> None:
    """The contact can be written to again: what did not arrive goes to the present address, what was only of use at its
    hour does not; nobody looks for an address any more.
    """
    a_l_heure = [code for code, type_message in REGISTRE.items() if type_message.a_l_heure]
    with identite.agir(SYSTEME):
        Message.objects.filter(contact_id=contact.pk, echec_le__isnull=False).exclude(code__in=a_l_heure).update(
            courriel=contact.courriel,
            telephone=contact.telephone,
            envoye_le=None,
            echec_le=None,
            retour_le=None,
            reuni_dans=None,
            cause="",
            essais=0,
            prochain_essai=timezone.now(),
        )
        for echec in AdresseEnEchec.objects.filter(contact_id=contact.pk):
            _regler(echec, "corrigée")


APRES_RETROUVE.append(faire_repartir)


def en_route(contact: Contact, objet_id: UUID) -> bool:
    """Whether something about the object is about to leave for this contact."""
    with identite.agir(SYSTEME):
        return Message.objects.en_file().filter(contact_id=contact.pk, objet_id=objet_id).exists()


def ecrits(objet_id: UUID) -> set[UUID]:
    """The contacts to whom something was written about the object, whatever became of it."""
    with identite.agir(SYSTEME):
        lettres = Message.objects.filter(objet_id=objet_id, contact_id__isnull=False)
        return {pk for pk in lettres.values_list("contact_id", flat=True) if pk is not None}


@transaction.atomic
def laisser(contexte: Contexte, echec_id: UUID) -> None:
    """It is settled otherwise: somebody called, or the mailbox works again. Raises DejaFait."""
    _regler(_a_regler(contexte, echec_id), "réglée autrement")


def _a_regler(contexte: Contexte, echec_id: UUID) -> AdresseEnEchec:
    echec = a_retrouver(contexte, echec_id)
    if echec is None:
        raise DejaFait
    return echec


def _regler(echec: AdresseEnEchec, issue: str) -> None:
    clore([TROUVER_ADRESSE.code], echec, issue=issue)
    with identite.agir(SYSTEME):
        AdresseEnEchec.objects.filter(pk=echec.pk).delete()


def oublier_les_corrigees() -> int:
    """Contacts that were given another address elsewhere, or replaced by nobody: nothing to look for any more."""
    faits = 0
    with identite.agir(SYSTEME), transaction.atomic():
        echecs = AdresseEnEchec.objects.filter(contact_id__isnull=False).order_by("pk")
        contacts = Contact.objects.in_bulk([echec.contact_id for echec in echecs])
        for echec in echecs:
            contact = contacts.get(echec.contact_id) if echec.contact_id else None
            if contact is None:
                _regler(echec, "sans objet")
                faits += 1
            elif echec.adresse not in (contact.courriel.lower(), contact.telephone):
                joignable_de_nouveau(contact)
                faits += 1
    return faits


def _chez(message: Message) -> str:
    if message.jeune_id:
        return "un jeune"
    if message.representant_id:
        return "un représentant légal"
    chez = Organisation.objects.filter(pk=message.organisation_id).first() if message.organisation_id else None
    return chez.nom if chez else "un titulaire de compte"


def _proprietaire(echec: AdresseEnEchec) -> Proprietaire:
    """Who follows what could not be told; never the one who cannot be reached."""
    return _suit(echec) or _selon_l_objet(echec) or _equipe_nationale()


def _suit(echec: AdresseEnEchec) -> Proprietaire | None:
    """As the waits of the file say: the tutor rather than the coordination."""
    if echec.objet_id is None:
        return None
    fils = Attente.objects.filter(objet_id=echec.objet_id).values_list("fil", flat=True)
    ids = {echec.objet_id}.union(*fils)
    attentes = Attente.objects.filter(fil__overlap=list(ids), role=Role.TUTEUR, utilisateur_id__isnull=False)
    if echec.utilisateur_id:
        attentes = attentes.exclude(utilisateur_id=echec.utilisateur_id)
    trouvee = attentes.filter(fil__contains=[echec.objet_id]).order_by("-ouverte_le").first()
    trouvee = trouvee or attentes.filter(objet_id__in=ids).order_by("-ouverte_le").first()
    if trouvee is None:
        return None
    return Proprietaire(
        role=trouvee.role,
        libelle=trouvee.proprietaire,
        organisation_id=trouvee.organisation_id,
        utilisateur_id=trouvee.utilisateur_id,
    )


def _selon_l_objet(echec: AdresseEnEchec) -> Proprietaire | None:
    if echec.objet_id is None or echec.objet_type not in RESPONSABLES:
        return None
    trouve = RESPONSABLES[echec.objet_type](echec.objet_id)
    return None if trouve and trouve.utilisateur_id and trouve.utilisateur_id == echec.utilisateur_id else trouve


def _equipe_nationale() -> Proprietaire:
    equipe = Organisation.objects.filter(genre=GenreOrganisation.NATIONALE).order_by("cree_le").first()
    return Proprietaire(
        role=Role.NATIONAL,
        libelle=equipe.nom if equipe else "équipe nationale",
        organisation_id=equipe.pk if equipe else None,
    )


TROUVER_ADRESSE = TypeAttente(
    code="trouver_adresse",
    action="Trouver une autre adresse, ou un autre numéro : quelqu’un n’est plus joignable",
    delai="delai_adresse",
    proprietaire=_proprietaire,
    url=lambda echec_id: reverse("echeances:adresse", args=[echec_id]),
)
