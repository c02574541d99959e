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

    `contractuel` messages cannot be muted by their recipient.
    """

    code: str
    description: str
    gabarit: str
    contractuel: bool = False


REGISTRE: dict[str, TypeMessage] = {}


def definir(code: str, description: str, *, contractuel: bool = False) -> TypeMessage:
    """Register the type 'slice.evenement'; its words are in templates/<slice>/messages/<evenement>.txt."""
    tranche, evenement = code.split(".")
    type_message = TypeMessage(
        code=code, description=description, gabarit=f"{tranche}/messages/{evenement}.txt", contractuel=contractuel
    )
    REGISTRE[code] = type_message
    return type_message


Depot = Callable[[TypeMessage, Destinataire, dict[str, Any], ObjetSuivi | None], None]


@dataclass
class Boite:
    """Where `echeances` plugs the outbox in."""

    deposer: Depot | None = field(default=None)


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

    `donnees` feeds the template: ids, links, dates; never a young person's data.
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
