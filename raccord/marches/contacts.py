"""Keeping the contacts of an organisation from what people type: same person, same row; nobody becomes another.

A timeline names people by the id of their row: a row that stood for Anne must never start to stand for Paul.
"""

from dataclasses import asdict, dataclass
from enum import Enum
from uuid import UUID

from raccord.comptes.models import Contact
from raccord.territoires.noms import normaliser


class Parole(Enum):
    """How far the word of whoever types goes, against what is already known of a person."""

    ENTREPRISE = "entreprise"
    """The organisation itself: its word replaces everything."""
    PARTENAIRE = "partenaire"
    """Its buyer: replaces what nobody has confirmed, fills the rest."""
    VISITEUR = "visiteur"
    """Anybody: fills what is empty, replaces nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordonnees:
    """What a form says of somebody."""

    nom: str = ""
    fonction: str = ""
    courriel: str = ""
    telephone: str = ""

    @property
    def vides(self) -> bool:
        """Nobody was named."""
        return not any(asdict(self).values())

    @classmethod
    def de(cls, contact: Contact | None) -> "Coordonnees":
        """Those that are kept."""
        if contact is None:
            return cls()
        return cls(nom=contact.nom, fonction=contact.fonction, courriel=contact.courriel, telephone=contact.telephone)


def meme_personne(contact: Contact, voulu: Coordonnees) -> bool:
    """Same address, or same name whatever its accents and capitals."""
    if voulu.courriel and contact.courriel.lower() == voulu.courriel.lower():
        return True
    return normaliser(contact.nom) == normaliser(voulu.nom) != ""


def retenir(
    organisation_id: UUID,
    voulu: Coordonnees,
    *,
    actuel: Contact | None = None,
    parole: Parole = Parole.PARTENAIRE,
) -> Contact:
    """The row of this person in this organisation: found by address, else `actuel` if it is the same person, else new.

    Two contacts of one organisation may share a name, not an address. `parole` says what may be replaced.
    """
    contact = None
    if voulu.courriel:
        homonymes = Contact.objects.filter(organisation_id=organisation_id, courriel__iexact=voulu.courriel)
        contact = homonymes.order_by("cree_le", "pk").first()
    if contact is None and actuel is not None and meme_personne(actuel, voulu):
        contact = actuel
    if contact is None:
        return Contact.objects.create(organisation_id=organisation_id, **asdict(voulu))
    remplace = parole is Parole.ENTREPRISE or (parole is Parole.PARTENAIRE and contact.verifie_le is None)
    change = False
    for champ, valeur in asdict(voulu).items():
        present = getattr(contact, champ)
        if valeur != present and (remplace or not present) and (valeur or champ != "nom"):
            setattr(contact, champ, valeur)
            change = True
    if change:
        contact.save()
    return contact
