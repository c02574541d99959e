"""A kept connection is used again as long as its server is there."""

from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])


@pytest.fixture
def gardee() -> Iterator[BaseDatabaseWrapper]:
    """A connection of the engine, kept from one request to the next."""
    connexion = connections.create_connection("default")
    connexion.ensure_connection()
    connexion.health_check_enabled = True
    yield connexion
    connexion.close()


def numero(connexion: BaseDatabaseWrapper) -> int:
    """The server's process behind it."""
    return int(connexion.connection.info.backend_pid)


def sur_le_serveur(ordre: str, processus: int) -> object:
    with connections["default"].cursor() as curseur:  # the same role: no right on the server is asked
        curseur.execute(ordre, [processus])
        return curseur.fetchone()[0]


def test_une_ligne_silencieuse_se_reprend_sans_question(gardee: BaseDatabaseWrapper) -> None:
    processus = numero(gardee)
    with gardee.cursor() as curseur:
        curseur.execute("SELECT 'la dernière'")
        curseur.fetchall()
    gardee.health_check_done = False
    gardee.close_if_health_check_failed()
    assert gardee.connection is not None
    assert numero(gardee) == processus
    derniere = sur_le_serveur("SELECT query FROM pg_stat_activity WHERE pid = %s", processus)
    assert derniere == "SELECT 'la dernière'"


def test_un_serveur_parti_se_remplace(gardee: BaseDatabaseWrapper) -> None:
    processus = numero(gardee)
    assert sur_le_serveur("SELECT pg_terminate_backend(%s, 5000)", processus)
    gardee.health_check_done = False
    gardee.close_if_health_check_failed()
    with gardee.cursor() as curseur:
        curseur.execute("SELECT 1")
        assert curseur.fetchone() == (1,)
    assert numero(gardee) != processus


def test_une_ligne_fermee_ici_se_remplace(gardee: BaseDatabaseWrapper) -> None:
    gardee.connection.close()
    gardee.health_check_done = False
    gardee.close_if_health_check_failed()
    with gardee.cursor() as curseur:
        curseur.execute("SELECT 1")
        assert curseur.fetchone() == (1,)


def test_une_transaction_rompue_ne_se_reprend_pas(gardee: BaseDatabaseWrapper) -> None:
    gardee.set_autocommit(False)
    assert gardee.is_usable()
    with gardee.cursor() as curseur, pytest.raises(ProgrammingError):
        curseur.execute("SELECT rien")
    assert not gardee.is_usable()
