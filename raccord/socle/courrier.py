"""Messages as the slices see them: one type per event, registered, its words in a template.

The outbox itself is in `echeances`, which stands above `comptes` and plugs itself in here, so that
signing in and action links can write to people too.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from raccord.socle.models import ObjetSuivi


@dataclass(frozen=True, kw_only=True)
class Destinataire:
    """To whom: an address and the one id of the person behind it."""

    courriel: str = ""
    telephone: str = ""
    utilisateur_id: UUID | None = None
    contact_id: UUID | None = None
    jeune_id: UUID | None = None
    representant_id: UUID | None = None
    organisation_id: UUID | None = None

    @property
    def joignable(self) -> bool:
        """Somebody without mail and phone cannot be written to."""
        return bool(self.courriel or self.telephone)


@dataclass(frozen=True, kw_only=True)
class TypeMessage:
    """One event worth a message. The template's first line is the subject, the rest the body.

    `contractuel` messages cannot be muted by their recipient, nor gathered with others. `immediat`: somebody waits for
    it in front of the screen. `a_l_heure`: of no use in tomorrow's digest.
    """

    code: str
    description: str
    gabarit: str
    contractuel: bool = False
    immediat: bool = False
    a_l_heure: bool = False


REGISTRE: dict[str, TypeMessage] = {}


# To which roles each message that may be muted is written: whose preferences list it.
LECTEURS: dict[str, set[str]] = {}


def definir(
    code: str, description: str, *, contractuel: bool = False, immediat: bool = False, a_l_heure: bool = False
) -> TypeMessage:
    """Register the type 'slice.evenement'; its words are in templates/<slice>/messages/<evenement>.txt."""
    tranche, evenement = code.split(".")
    type_message = TypeMessage(
        code=code,
        description=description,
        gabarit=f"{tranche}/messages/{evenement}.txt",
        contractuel=contractuel,
        immediat=immediat,
        a_l_heure=a_l_heure,
    )
    REGISTRE[code] = type_message
    return type_message


def destiner(role: str, *types: TypeMessage) -> None:
    """Say that people in that role receive these."""
    for type_message in types:
        LECTEURS.setdefault(type_message.code, set()).add(role)


def a_couper(role: str) -> list[TypeMessage]:
    """What somebody in that role may do without, by description."""
    codes = (code for code, roles in LECTEURS.items() if role in roles)
    return sorted((REGISTRE[code] for code in codes), key=lambda type_message: type_message.description)


Depot = Callable[[TypeMessage, Destinataire, dict[str, Any], ObjetSuivi | None], None]
Retrait = Callable[[Iterable[str], ObjetSuivi], int]


@dataclass
class Boite:
    """Where `echeances` plugs the outbox in."""

    deposer: Depot | None = field(default=None)
    retirer: Retrait | None = field(default=None)


BOITE = Boite()
_ecrits: ContextVar[list[Destinataire] | None] = ContextVar("ecrits", default=None)


@contextmanager
def compter() -> Iterator[list[Destinataire]]:
    """Those to whom something is really written meanwhile: how a ladder knows whom its rung told."""
    ecrits: list[Destinataire] = []
    jeton = _ecrits.set(ecrits)
    try:
        yield ecrits
    finally:
        _ecrits.reset(jeton)


def envoyer(
    type_message: TypeMessage,
    destinataires: Iterable[Destinataire],
    donnees: dict[str, Any] | None = None,
    *,
    objet: ObjetSuivi | None = None,
) -> int:
    """Write one message per reachable recipient into the outbox, inside the caller's transaction. Returns how many.

    `donnees` feeds the template: ids, links, dates; never a young person's data. `calendrier` in it is no word of the
    template: a function of the recipient that gives what joins the message for their calendar.
    """
    if BOITE.deposer is None:
        raise RuntimeError("Aucune boîte d'envoi n'est branchée.")
    joignables = [destinataire for destinataire in dict.fromkeys(destinataires) if destinataire.joignable]
    for destinataire in joignables:
        BOITE.deposer(type_message, destinataire, donnees or {}, objet)
    ecrits = _ecrits.get()
    if ecrits is not None:
        ecrits.extend(joignables)
    return len(joignables)


def retirer(types: Iterable[TypeMessage], objet: ObjetSuivi) -> int:
    """What was written about the object and has not left has nothing to say any more. Returns how many."""
    if BOITE.retirer is None:
        raise RuntimeError("Aucune boîte d'envoi n'est branchée.")
    return BOITE.retirer([type_message.code for type_message in types], objet)
