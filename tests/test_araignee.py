"""Everybody opens what pages offer and sends every form: nothing breaks, nobody reads what is not theirs.

A sample that always is the same; `make bench` goes further (`outils/bench/araignee.py`).
"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from conftest import INSTANT
from raccord.demo.generateur.generation import generer
from tests.araignee import schema
from tests.araignee.oracle import noms_uniques
from tests.araignee.toile import Araignee, Limites, comptes, porteurs, visiteur


@pytest.fixture(scope="module")
def territoire(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Told once, every name in it of one person alone; undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(INSTANT, tick=False), noms_uniques():
            generer(1)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def araignee(territoire: None) -> Iterator[Araignee]:
    """One crawl for the whole module."""
    with time_machine.travel(INSTANT, tick=False):
        yield Araignee(Limites(pages=1, hostiles=1))


def test_rien_ne_casse_et_rien_d_autrui(araignee: Araignee) -> None:
    araignee.parcourir([visiteur(), *comptes(1), *porteurs(1)])
    assert not araignee.defauts, en_mots(araignee.defauts)
    assert {"visiteur", "tuteur", "coordonnateur", "acheteur", "national", "partenaire"} <= set(araignee.comptes)
    assert {"entreprise", "jeune"} <= set(araignee.comptes)
    assert all(compte["pages"] > 1 for compte in araignee.comptes.values()), araignee.comptes
    assert sum(compte["envois"] for compte in araignee.comptes.values()) > 200


def test_schemathesis_ne_trouve_ni_panne_ni_refus_sans_mots(araignee: Araignee) -> None:
    document = schema.document(araignee.formes, araignee.ailleurs)
    joues, defauts = schema.eprouver(document, [visiteur(), *comptes(1)], exemples=3)
    assert not defauts, en_mots(defauts)
    assert joues["operations"] > 200


def en_mots(defauts: dict[str, str]) -> str:
    return "\n".join(f"{quoi}\n    {ou}" for quoi, ou in defauts.items())
