"""Everybody opens what pages offer and sends every form: nothing breaks, nobody reads what is not theirs.

A sample that always is the same; `make bench` goes further (`outils/bench/araignee.py`).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from conftest import INSTANT
from raccord.demo.generateur.generation import generer
from raccord.jeunes.models import AccesJeune
from raccord.parcours import impression
from raccord.parcours.models import Parcours
from tests.araignee import schema
from tests.araignee.oracle import Qui, noms_uniques
from tests.araignee.toile import Araignee, Limites, comptes, porteurs, visiteur


@pytest.fixture(scope="module")
def territoire(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Told once, every name in it of one person alone; undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(INSTANT, tick=False), noms_uniques():
            generer(1)
        yield
        transaction.set_rollback(True)


class EnClair:
    """A printed page before it is laid out: quick, and its words can be read, which those of a PDF cannot."""

    def __init__(self, string: str, **_: object) -> None:
        self.octets = string.encode()

    def write_pdf(self, **_: object) -> bytes:
        return self.octets


@pytest.fixture(scope="module")
def araignee(territoire: None) -> Iterator[Araignee]:
    """One crawl for the whole module."""
    with time_machine.travel(INSTANT, tick=False), mock.patch.object(impression, "HTML", EnClair):
        yield Araignee(Limites(pages=1, hostiles=1))


def test_l_oracle_sait_ce_qui_est_d_autrui(araignee: Araignee) -> None:
    acces = AccesJeune.objects.en_cours().select_related("jeune").filter(organisation__genre="mlds").earliest("pk")
    nom, tuteur = acces.jeune.nom, Qui("tuteur", acces.organisation_id)
    page = f"<td>{nom.upper()}</td>".encode()
    assert araignee.oracle.etrangers(tuteur, page) == []
    assert araignee.oracle.etrangers(Qui("jeune", jeune=acces.jeune_id), page) == []
    for autre in (Qui(), Qui("tuteur", uuid4()), Qui("coordonnateur", acces.organisation_id)):
        assert araignee.oracle.etrangers(autre, page) == [nom.lower()]
    with transaction.atomic():
        AccesJeune.objects.filter(pk=acces.pk).update(revoque_le=timezone.now(), motif_retrait="essai")
        assert araignee.oracle.etrangers(tuteur, page) == [nom.lower()]
        transaction.set_rollback(True)


def test_une_page_qui_nomme_a_tort_se_voit(araignee: Araignee, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database lets the national team reach the stay: that it reads no name is the application's rule."""
    parcours = Parcours.objects.filter(etat="en_cours").earliest("pk")
    nationale = next(acteur for acteur in comptes(1) if acteur.qui.role == "national")
    monkeypatch.setattr(
        "raccord.parcours.acces.parcours.identite", lambda jeune, *, ouvert: f"{jeune.prenom} {jeune.nom}"
    )
    essai = Araignee(Limites(pages=1, hostiles=0))
    essai.comptes["national"] = Counter()
    list(essai._ouvrir(nationale, f"/parcours/{parcours.pk}/", "", Counter()))
    assert "donnée d'autrui : national lit parcours:parcours" in essai.defauts


def test_ce_qui_est_imprime_a_tort_se_voit(araignee: Araignee, monkeypatch: pytest.MonkeyPatch) -> None:
    parcours = Parcours.objects.filter(etat="bilan_signe", jeune__isnull=False).earliest("pk")
    nationale = next(acteur for acteur in comptes(1) if acteur.qui.role == "national")
    monkeypatch.setattr(impression, "render_to_string", lambda *_: f"<p>{parcours.jeune.nom}</p>")
    essai = Araignee(Limites(pages=1, hostiles=0))
    essai.comptes["national"] = Counter()
    list(essai._ouvrir(nationale, f"/parcours/{parcours.pk}/preuve.pdf", "", Counter()))
    assert "donnée d'autrui : national lit parcours:preuve" in essai.defauts


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
