"""In whose name the database is asked, and why: what its row-level security and its history read (0013, 0017).

The identity lives as long as its transaction (`set_config(…, true)`): a connection that goes on to serve somebody
else keeps nothing of it. No identity, no confidential row; no reason, no writing of one. Nothing here decides who may
see what: policies do (`socle.cloisonnement`), from the grants.

The reason is the name of the gesture, said once for all that it does: the address for a request, the action of a link,
the rung, the round, the command for the machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from psycopg.pq import TransactionStatus

from raccord.socle.contexte import Contexte

# Each is `raccord.<nom>` in the database; an empty text is nobody, or no reason.
CHAMPS = ("role", "utilisateur_id", "organisation_id", "contact_id", "jeune_id", "representant_id", "academie_id")
ORDRE = "SELECT " + ", ".join(
    f"set_config('raccord.{nom}', %s, true)" for nom in (*CHAMPS, "dossiers", "motif", "instant")
)


@dataclass(frozen=True, slots=True)
class Identite:
    """Who acts (texts in the order of `CHAMPS`), on which files for the machine, and why."""

    valeurs: tuple[str, ...] = ("",) * len(CHAMPS)
    dossiers: str = ""
    motif: str = ""

    def textes(self) -> tuple[str, ...]:
        """What `ORDRE` takes."""
        return (*self.valeurs, self.dossiers, self.motif, timezone.now().isoformat())


PERSONNE = Identite()
_en_cours: ContextVar[Identite] = ContextVar("identite", default=PERSONNE)


def de(contexte: Contexte, dossiers: tuple[UUID, ...] = (), motif: str = "") -> Identite:
    """What the database is told of a context."""
    valeurs = (getattr(contexte, nom) for nom in CHAMPS)
    liste = "{" + ",".join(map(str, dossiers)) + "}" if dossiers else ""
    return Identite(tuple("" if valeur is None else str(valeur) for valeur in valeurs), liste, motif)


def poser(connexion: BaseDatabaseWrapper) -> None:
    """Tell the running transaction who acts. Called by the engine at each BEGIN."""
    identite = _en_cours.get()
    if identite != PERSONNE:
        _dire(connexion, identite)


def _dire(connexion: BaseDatabaseWrapper, identite: Identite) -> None:
    with connexion.connection.cursor() as curseur:
        curseur.execute(ORDRE, identite.textes())


@contextmanager
def agir(contexte: Contexte, *, dossiers: tuple[UUID, ...] = (), motif: str = "") -> Iterator[None]:
    """Everything inside is asked in that name: transactions that begin here, and the running one until the end.

    Without `motif` the reason stays that of what is going on.
    """
    avant = _en_cours.get()
    devenir(contexte, dossiers=dossiers, motif=motif)
    try:
        yield
    finally:
        _changer(avant)


def devenir(contexte: Contexte, *, dossiers: tuple[UUID, ...] = (), motif: str = "") -> None:
    """Go on in another name, until the enclosing `agir` ends: how a link's holder takes over a visitor's request."""
    _changer(de(contexte, dossiers, motif or _en_cours.get().motif))


def pour(motif: str) -> None:
    """Go on for that reason, until the enclosing `agir` ends."""
    _changer(replace(_en_cours.get(), motif=motif))


@contextmanager
def motiver(motif: str) -> Iterator[None]:
    """Everything inside is done for that reason, whoever acts."""
    avant = _en_cours.get()
    pour(motif)
    try:
        yield
    finally:
        _changer(avant)


def _changer(identite: Identite) -> None:
    _en_cours.set(identite)
    if connection.in_atomic_block and not _rompue(connection):
        _dire(connection, identite)


def _rompue(connexion: BaseDatabaseWrapper) -> bool:
    """In a broken transaction nothing more can be said, nor asked: its rollback takes the identity away."""
    return connexion.needs_rollback or connexion.connection.info.transaction_status == TransactionStatus.INERROR
