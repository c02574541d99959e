"""Behind the scenes: in the test database alone, a test may prepare and look at confidential rows without being
anybody. The scene, every request and every thread that is not the test's own, plays under the product's policies.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from raccord.socle.cloisonnement import POLITIQUES

OUVERTES, FERMEES = "SET raccord.coulisses = 'ouvertes'", "SET raccord.coulisses = ''"


def ouvrir(proprietaire: BaseDatabaseWrapper, role: str) -> None:
    """Add the door to the test database, which the product's own never has."""
    with proprietaire.cursor() as curseur:
        for table in POLITIQUES:
            curseur.execute(
                f"CREATE POLICY coulisses ON {table} TO {role} "
                "USING (current_setting('raccord.coulisses', true) = 'ouvertes')"
            )


def _a_la_connexion(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.alias == "default" and threading.current_thread() is threading.main_thread():
        with connection.cursor() as curseur:
            curseur.execute(OUVERTES)


connection_created.connect(_a_la_connexion)


def entrer() -> None:
    """For a thread of a test that plays an action without a request."""
    with connection.cursor() as curseur:
        curseur.execute(OUVERTES)


@contextmanager
def fermees() -> Iterator[None]:
    """The product's policies alone, as every user has them. Nothing to close when the base is not used."""
    if connection.connection is None:
        yield
        return
    _dire(FERMEES)
    try:
        yield
    finally:
        _dire(OUVERTES)


def _dire(ordre: str) -> None:
    if not connection.needs_rollback:
        with connection.connection.cursor() as curseur:
            curseur.execute(ordre)
