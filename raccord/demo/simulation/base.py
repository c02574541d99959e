"""A base of its own for the time of a simulation, on the same server, removed afterwards whatever happens."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

ALIAS = ("default", "proprietaire")


class BaseRefusee(Exception):
    """The server does not let us make a base; the message says so."""


@contextmanager
def jetable() -> Iterator[None]:
    """Both connections go to a new base, prepared like any other; nothing of the usual one is touched.

    Raises BaseRefusee.
    """
    avant = settings.DATABASES["proprietaire"]["NAME"]
    nom = f"raccord_simulation_{os.getpid()}"
    _aller(nom)
    try:
        call_command("preparer_base", verbosity=0, stdout=io.StringIO())
        yield
    except psycopg.errors.InsufficientPrivilege as erreur:
        raise BaseRefusee("Le propriétaire de la base ne peut pas en créer une : donnez-lui CREATEDB.") from erreur
    finally:
        _aller(avant)
        _effacer(nom)


def _aller(nom: str) -> None:
    for alias in ALIAS:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = nom
        connections[alias].settings_dict["NAME"] = nom


def _effacer(nom: str) -> None:
    base = settings.DATABASES["proprietaire"]
    with psycopg.connect(
        dbname="postgres",
        host=base["HOST"] or None,
        port=base["PORT"] or None,
        user=base["USER"] or None,
        password=base["PASSWORD"] or None,
        autocommit=True,
    ) as connexion:
        connexion.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nom)))
