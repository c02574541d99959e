"""In whose name the database is asked: what its row-level security reads (decision 0013).

The identity lives as long as its transaction (`set_config(…, true)`): a connection that goes on to serve somebody
else keeps nothing of it. No identity, no confidential row. Nothing here decides who may see what: policies do
(`socle.cloisonnement`), from the grants.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from psycopg.pq import TransactionStatus

from raccord.socle.contexte import VISITEUR, Contexte

# Each is `raccord.<nom>` in the database; an empty text is nobody.
CHAMPS = ("role", "utilisateur_id", "organisation_id", "contact_id", "jeune_id", "representant_id", "academie_id")
ORDRE = "SELECT " + ", ".join(f"set_config('raccord.{nom}', %s, true)" for nom in (*CHAMPS, "dossiers", "instant"))

Identite = tuple[str, ...]
PERSONNE: Identite = ("",) * (len(CHAMPS) + 1)
_en_cours: ContextVar[Identite] = ContextVar("identite", default=PERSONNE)


def de(contexte: Contexte, dossiers: tuple[UUID, ...] = ()) -> Identite:
    """What the database is told of a context, in texts, in the order of `CHAMPS`, then the machine's files."""
    if contexte == VISITEUR:
        return PERSONNE
    valeurs = (getattr(contexte, nom) for nom in CHAMPS)
    liste = "{" + ",".join(map(str, dossiers)) + "}" if dossiers else ""
    return (*("" if valeur is None else str(valeur) for valeur in valeurs), liste)


def poser(connexion: BaseDatabaseWrapper) -> None:
    """Tell the running transaction who acts. Called by the engine at each BEGIN."""
    identite = _en_cours.get()
    if identite != PERSONNE:
        _dire(connexion, identite)


def _dire(connexion: BaseDatabaseWrapper, identite: Identite) -> None:
    with connexion.connection.cursor() as curseur:
        curseur.execute(ORDRE, (*identite, timezone.now().isoformat()))


@contextmanager
def agir(contexte: Contexte, *, dossiers: tuple[UUID, ...] = ()) -> Iterator[None]:
    """Everything inside is asked in that name: transactions that begin here, and the running one until the end."""
    avant = _en_cours.get()
    devenir(contexte, dossiers=dossiers)
    try:
        yield
    finally:
        _changer(avant)


def devenir(contexte: Contexte, *, dossiers: tuple[UUID, ...] = ()) -> None:
    """Go on in another name, until the enclosing `agir` ends: how a link's holder takes over a visitor's request."""
    _changer(de(contexte, dossiers))


def _changer(identite: Identite) -> None:
    _en_cours.set(identite)
    if connection.in_atomic_block and not _rompue(connection):
        _dire(connection, identite)


def _rompue(connexion: BaseDatabaseWrapper) -> bool:
    """In a broken transaction nothing more can be said, nor asked: its rollback takes the identity away."""
    return connexion.needs_rollback or connexion.connection.info.transaction_status == TransactionStatus.INERROR
