"""Action links: made, read, renewed, handed over, revoked (conception §1.4).

A slice registers what its links do in its own `liens.py`: `definir("offre.fiche", titre, vue)`. The view
receives the request, already acting as the holder, and the link.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import messages
from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, LienAction
from raccord.comptes.requete import Requete
from raccord.socle import calendrier, courrier, journal
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import Destinataire
from raccord.socle.exceptions import DejaFait
from raccord.socle.parametres import regle
from raccord.socle.passe import MOTIFS

OCTETS_DU_SECRET = 24


@dataclass(frozen=True, kw_only=True)
class DefinitionLien:
    """What a link does. `destinataire` finds the address of a holder whom `comptes` cannot know: a young person, a
    legal representative; nobody when they may no longer be written to.
    """

    action: str
    titre: str
    vue: Callable[[Requete, LienAction], HttpResponse]
    destinataire: Callable[[LienAction], Destinataire] | None = None


DEFINITIONS: dict[str, DefinitionLien] = {}


def definir(
    action: str,
    titre: str,
    vue: Callable[[Requete, LienAction], HttpResponse],
    destinataire: Callable[[LienAction], Destinataire] | None = None,
) -> None:
    """Register one kind of link."""
    DEFINITIONS[action] = DefinitionLien(action=action, titre=titre, vue=vue, destinataire=destinataire)
    MOTIFS[action] = f"Par un lien : {titre}"


def empreinte(jeton: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def adresse(jeton: str) -> str:
    """The whole address to put in a message."""
    return settings.ADRESSE_PUBLIQUE + reverse("comptes:lien", args=[jeton])


def _expiration() -> dt.datetime:
    validite = regle("validite_lien")
    return calendrier.fin_du_jour(calendrier.ajouter(calendrier.aujourdhui(), validite.valeur, validite.unite))


def creer_pour_contact(action: str, objet_id: UUID, contact: Contact, *, role: str = Role.ENTREPRISE) -> str:
    """A link for a contact; returns the address."""
    return _creer(action, objet_id, role, contact=contact)


def creer_pour_jeune(action: str, objet_id: UUID, jeune_id: UUID) -> str:
    """A link for a young person; returns the address."""
    return _creer(action, objet_id, Role.JEUNE, jeune_id=jeune_id)


def creer_pour_representant(action: str, objet_id: UUID, representant_id: UUID) -> str:
    """A link for a legal representative of a minor; returns the address."""
    return _creer(action, objet_id, Role.REPRESENTANT, representant_id=representant_id)


def _creer(action: str, objet_id: UUID, role: str, **porteur: Any) -> str:
    """The secret is never kept, only its hash."""
    jeton = secrets.token_urlsafe(OCTETS_DU_SECRET)
    LienAction.objects.create(
        empreinte=empreinte(jeton), action=action, objet_id=objet_id, role=role, expire_le=_expiration(), **porteur
    )
    return adresse(jeton)


def lire(jeton: str) -> LienAction | None:
    """The link behind a secret, valid or not; None when it never was."""
    return LienAction.objects.select_related("contact__organisation").filter(empreinte=empreinte(jeton)).first()


def contexte_du(lien: LienAction) -> Contexte:
    """The holder, acting by this link."""
    return Contexte(
        role=lien.role,
        contact_id=lien.contact_id,
        jeune_id=lien.jeune_id,
        representant_id=lien.representant_id,
        organisation_id=lien.contact.organisation_id if lien.contact else None,
        lien_id=lien.pk,
    )


def destinataire_du(lien: LienAction) -> Destinataire:
    """Where a renewed link is sent: to its holder, nowhere else."""
    if lien.contact is not None:
        return lien.contact.destinataire()
    chercher = DEFINITIONS[lien.action].destinataire
    return chercher(lien) if chercher else Destinataire()


@transaction.atomic
def renouveler(lien: LienAction) -> None:
    """Send the holder a fresh link for the same thing; the old one stays closed.

    When nobody may be written to (no address, a parent once the young person is 18), nothing is made.
    """
    lien = LienAction.objects.select_for_update(of=("self",)).select_related("contact").get(pk=lien.pk)
    destinataire = destinataire_du(lien)
    if not destinataire.joignable:
        return
    porteur = {"contact": lien.contact, "jeune_id": lien.jeune_id, "representant_id": lien.representant_id}
    nouvelle = _creer(lien.action, lien.objet_id, lien.role, **porteur)
    revoquer_les(
        lien.action,
        lien.objet_id,
        contact_id=lien.contact_id,
        jeune_id=lien.jeune_id,
        representant_id=lien.representant_id,
        sauf=nouvelle,
    )
    journal.inscrire(contexte_du(lien), lien, "lien.renouveler", "a demandé un nouveau lien")
    courrier.envoyer(
        messages.LIEN_RENOUVELE,
        [destinataire],
        {"lien": nouvelle, "titre": DEFINITIONS[lien.action].titre},
        objet=lien,
    )


@transaction.atomic
def confier(lien: LienAction, *, nom: str, fonction: str, courriel: str, telephone: str = "") -> Contact:
    """Hand the link over to a colleague: a contact of the same organisation, a link of their own; mine is closed.

    The caller's slice decides whether the new contact also replaces the old one on its objects
    (see `APRES_CONFIE`). Only a contact's link can be handed over. Raises DejaFait when it has been, meanwhile.
    """
    ancien = lien.contact
    if ancien is None:
        raise ValueError("seul le lien d'un contact se confie")
    if not LienAction.objects.select_for_update(of=("self",)).get(pk=lien.pk).valide:
        raise DejaFait
    contact = Contact.objects.filter(organisation_id=ancien.organisation_id, courriel__iexact=courriel).first()
    if contact is None:
        contact = Contact.objects.create(
            organisation_id=ancien.organisation_id, nom=nom, fonction=fonction, courriel=courriel, telephone=telephone
        )
    nouvelle = creer_pour_contact(lien.action, lien.objet_id, contact, role=lien.role)
    LienAction.objects.filter(pk=lien.pk).update(revoque_le=timezone.now())
    journal.inscrire(contexte_du(lien), lien, "lien.confier", "a confié l'action à un collègue")
    for suivre in APRES_CONFIE:
        suivre(lien, ancien, contact)
    courrier.envoyer(
        messages.LIEN_CONFIE,
        [contact.destinataire()],
        {"lien": nouvelle, "titre": DEFINITIONS[lien.action].titre, "organisation": str(contact.organisation)},
        objet=lien,
    )
    return contact


# A slice whose objects name the contact (an offer's referent, a wait's owner) moves them here.
APRES_CONFIE: list[Callable[[LienAction, Contact, Contact], None]] = []


def revoquer_les(
    action: str,
    objet_id: UUID,
    *,
    contact_id: UUID | None = None,
    jeune_id: UUID | None = None,
    representant_id: UUID | None = None,
    sauf: str = "",
) -> int:
    """Close the holder's links of this kind on this object, but the one at address `sauf`. Returns how many."""
    porteurs = {"contact_id": contact_id, "jeune_id": jeune_id, "representant_id": representant_id}
    porteur = {cle: valeur for cle, valeur in porteurs.items() if valeur is not None}
    return (
        LienAction.objects.filter(**porteur, action=action, objet_id=objet_id, revoque_le__isnull=True)
        .exclude(empreinte=empreinte(sauf.rstrip("/").rsplit("/", 1)[-1]))
        .update(revoque_le=timezone.now())
    )


def fermer_ceux_du_representant(representant_id: UUID) -> int:
    """Somebody who is no longer a representative, or whose address was wrong, reads nothing more. Returns how many."""
    return LienAction.objects.filter(representant_id=representant_id, revoque_le__isnull=True).update(
        revoque_le=timezone.now()
    )
