"""Behind the scenes: in the test database alone, a test may prepare and look at confidential rows without being
anybody. What it writes is written in the name of the scenes, which no policy knows. The scene, every request and every
thread that is not the test's own, plays under the product's policies and in its own name.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from raccord.socle import identite
from raccord.socle.cloisonnement import POLITIQUES
from raccord.socle.contexte import Contexte

NOM = "coulisses"
OUVERTES = f"SET raccord.coulisses = 'ouvertes'; SET raccord.role = '{NOM}'; SET raccord.motif = '{NOM}'"
FERMEES = "SET raccord.coulisses = ''; SET raccord.role = ''; SET raccord.motif = ''"
# In a transaction, what the test does by itself has this name; out of one, the connection's own, which is the same.
IDENTITE = identite.de(Contexte(role=NOM), motif=NOM)
identite._en_cours.set(IDENTITE)
_closes = 0


def ouvrir(proprietaire: BaseDatabaseWrapper, role: str) -> None:
    """Add the door to the test database, which the product's own never has."""
    with proprietaire.cursor() as curseur:
        for table in POLITIQUES:
            curseur.execute(
                f"CREATE POLICY coulisses ON {table} TO {role} "
                "USING (current_setting('raccord.coulisses', true) = 'ouvertes')"
            )


def _a_la_connexion(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if not _closes and threading.current_thread() is threading.main_thread():
        with connection.cursor() as curseur:
            curseur.execute(OUVERTES)


connection_created.connect(_a_la_connexion)


def entrer() -> None:
    """For a thread of a test that plays an action without a request."""
    identite._en_cours.set(IDENTITE)
    with connection.cursor() as curseur:
        curseur.execute(OUVERTES)


@contextmanager
def fermees() -> Iterator[None]:
    """The product's policies alone, as every user has them, and nobody's name: not even for the owner's door."""
    global _closes
    _closes += 1
    _dire(FERMEES)
    avant = identite._en_cours.get()
    identite._changer(identite.PERSONNE)
    try:
        yield
    finally:
        _closes -= 1
        _dire(FERMEES if _closes else OUVERTES)
        identite._changer(avant)


def _dire(ordre: str) -> None:
    for porte in connections.all(initialized_only=True):
        if porte.connection is not None and not porte.needs_rollback:
            with porte.connection.cursor() as curseur:
                curseur.execute(ordre)
