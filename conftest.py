"""The test database and the traps set on every test."""

import datetime as dt
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test.testcases import TransactionTestCase
from psycopg import sql

from tests import coulisses
from tests.distribution import Distribution
from tests.pieges import pieges

# A Tuesday of term time. Every test lives at this instant; those that need another travel from it.
INSTANT = dt.datetime(2026, 10, 6, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))

PREFIXE = "test_raccord_"
TABLES_DE_REFERENCE = {"django_migrations", "django_content_type", "auth_permission", "socle_parametre"}


def _administration() -> "psycopg.Connection[Any]":
    """A connection to the server itself, as the owner."""
    base = settings.DATABASES["proprietaire"]
    return psycopg.connect(
        dbname=settings.NOM_BASE_ADMINISTRATION,
        host=base["HOST"] or None,
        port=base["PORT"] or None,
        user=base["USER"] or None,
        password=base["PASSWORD"] or None,
        autocommit=True,
    )


def _vivant(pid: str) -> bool:
    with suppress(OSError, ValueError):
        os.kill(int(pid), 0)
        return True
    return False


def _empreinte_modele() -> str:
    """What the model database is made from: migrations, rules, reference data, grants, triggers."""
    condense = hashlib.sha256()
    for motif in (
        "*/migrations/*.py",
        "*/donnees/*",
        "*/chargement.py",
        "*/droits.py",
        "*/cloisonnement.py",
        "*/histoire.py",
        "*/statistiques.py",
    ):
        for fichier in sorted((settings.PAQUET).glob(motif)):
            condense.update(fichier.read_bytes())
    return condense.hexdigest()[:12]


def _pointer(nom: str) -> None:
    """Both doors, owner and application, now open on this database."""
    for alias in ("default", "proprietaire"):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = nom
        connections[alias].settings_dict["NAME"] = nom


def _modele(serveur: "psycopg.Connection[Any]") -> str:
    """The migrated and loaded database that each process copies; made once for a given state of the code."""
    nom = f"modele_raccord_{_empreinte_modele()}"
    serveur.execute("SELECT pg_advisory_lock(7220)")
    if not serveur.execute("SELECT 1 FROM pg_database WHERE datname = %s", [nom]).fetchone():
        for (base,) in serveur.execute("SELECT datname FROM pg_database WHERE datname LIKE 'modele_raccord_%'"):
            serveur.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(base)))
        chantier = f"{PREFIXE}{os.getpid()}"
        serveur.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(chantier)))
        serveur.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(chantier))
        )
        _pointer(chantier)
        call_command("preparer_base", verbosity=0, stdout=io.StringIO())
        coulisses.ouvrir(connections["proprietaire"], settings.DATABASES["default"]["USER"])
        _pointer(chantier)
        serveur.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(chantier), sql.Identifier(nom)))
    serveur.execute("SELECT pg_advisory_unlock(7220)")
    return nom


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A database of this process alone, made by the owner as in production, used by the application role."""
    nom = f"{PREFIXE}{os.getpid()}"
    with django_db_blocker.unblock(), _administration() as serveur:
        for (base,) in serveur.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_raccord_%'"):
            if not _vivant(base.removeprefix(PREFIXE)):
                serveur.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(base)))
        modele = _modele(serveur)
        serveur.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(nom), sql.Identifier(modele)))
        _pointer(nom)
    yield
    with django_db_blocker.unblock():
        for alias in ("default", "proprietaire"):
            connections[alias].close()
        with _administration() as serveur:
            serveur.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nom)))


def _vider(self: TransactionTestCase) -> None:
    """After a transactional test the owner empties what tests write; reference data stays."""
    tables = [
        modele._meta.db_table
        for modele in apps.get_models(include_auto_created=True)
        if modele._meta.app_label != "territoires" and modele._meta.db_table not in TABLES_DE_REFERENCE
    ]
    ordre = sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
    base = settings.DATABASES["proprietaire"]
    with psycopg.connect(
        dbname=base["NAME"],
        host=base["HOST"] or None,
        port=base["PORT"] or None,
        user=base["USER"] or None,
        password=base["PASSWORD"] or None,
    ) as connexion:
        connexion.execute(ordre)


TransactionTestCase._fixture_teardown = _vider  # type: ignore[method-assign]


@pytest.fixture
def distribution(db: None) -> Distribution:
    """The fixed cast, in a database of its own."""
    return Distribution()


@pytest.fixture(autouse=True)
def _pieges(request: pytest.FixtureRequest) -> Iterator[None]:
    """The traps, and a clock that stands still unless a real browser or a real server needs it to run."""
    if request.node.get_closest_marker("horloge_reelle") or request.node.get_closest_marker("navigateur"):
        with pieges():
            yield
        return
    with pieges(), time_machine.travel(INSTANT, tick=False):
        yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A run without the browser never looks like a whole run."""
    if os.environ.get("RACCORD_SANS_NAVIGATEUR") == "1":
        terminalreporter.section("SANS NAVIGATEUR", sep="!")
        terminalreporter.line("RACCORD_SANS_NAVIGATEUR=1 : les parcours dans un vrai navigateur n'ont pas été faits.")
