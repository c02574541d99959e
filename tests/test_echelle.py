"""The rounds of the ladder: what is due is found by its date and nothing else is read; a rung that fails comes back.

What the ladders say, when and to whom, is tried in `parcours/tests/test_echelle.py`.
"""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from raccord.echeances import echelle
from raccord.echeances.attentes import TYPES, Proprietaire, TypeAttente, ouvrir
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Echelle, Rappel
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.models import Positionnement
from tests.distribution import Distribution
from tests.fabriques_positionnement import jour, messages_de, transmis

DEPART = dt.datetime(2026, 10, 6, 10, 0, tzinfo=dt.UTC)
FIN = {"code": "fin", "delai": 0, "unite": "jours", "depuis": "echeance", "qui": "qui veut", "demande": "essayer"}


def apres(jours: float) -> int:
    with time_machine.travel(DEPART + dt.timedelta(days=jours), tick=False):
        return relever()


def gravis() -> dict[str, str]:
    """Rungs of the proposal's wait, and what came of each."""
    return dict(Rappel.objects.filter(attente__code="repondre").values_list("echelon", "issue"))


@pytest.fixture
def positionnement(distribution: Distribution) -> Positionnement:
    return transmis(distribution)


def test_une_attente_close_ne_bouge_plus(positionnement: Positionnement, distribution: Distribution) -> None:
    actions.contre_proposer(distribution.contexte_referent, positionnement.pk, creneaux=[jour(6)])
    apres(40)
    assert gravis() == {}


def test_un_barreau_en_panne_n_arrete_pas_les_autres_et_revient(
    positionnement: Positionnement, monkeypatch: pytest.MonkeyPatch
) -> None:
    relever()
    effet = echelle.EFFETS["repondre", "rrh"]

    def casser(attente: Attente) -> None:
        effet(attente)
        raise ValueError

    monkeypatch.setitem(echelle.EFFETS, ("repondre", "rrh"), casser)
    apres(5.5)
    assert gravis() == {"referent": "dit"} and messages_de("reponse_relance") == [], "rien à moitié"
    monkeypatch.setitem(echelle.EFFETS, ("repondre", "rrh"), effet)
    apres(5.5)
    assert gravis() == {"referent": "dit", "second": "passe", "rrh": "dit"}
    assert len(messages_de("reponse_relance")) == 1


@pytest.fixture
def essais(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ten waits of a kind of ours, that fall the same day; the subjects climbed."""
    faits: list[str] = []
    un_type = TypeAttente(
        code="essai",
        action="Essayer",
        proprietaire=lambda _: Proprietaire(role="national", libelle="essai"),
        url=lambda _: "/",
        delai="delai_annonce",
    )
    del TYPES["essai"]
    Echelle.objects.create(attente="essai", debut=DEPART.date(), echelons=[FIN], source="essai")
    monkeypatch.setitem(TYPES, "essai", un_type)
    monkeypatch.setitem(echelle.EFFETS, ("essai", "fin"), lambda attente: faits.append(attente.sujet))
    for _ in range(10):
        ouvrir(un_type, distribution.jeune())
    return faits


def test_page_apres_page_chacun_une_fois(essais: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echelle, "PAGE", 3)
    assert apres(10) == 10 and len(essais) == 10
    assert apres(11) == 0


def test_ce_qui_n_est_pas_du_n_est_pas_lu(essais: list[str]) -> None:
    with CaptureQueriesContext(connection) as requetes:
        assert relever() == 0
    assert len([requete for requete in requetes if "echeances" in requete["sql"]]) == 1
    with connection.cursor() as curseur:
        # Few rows: the planner is asked whether the index can serve, not whether it is worth it.
        for autre in ("seqscan", "bitmapscan", "sort"):
            curseur.execute(f"SET LOCAL enable_{autre} = off")
        requete, valeurs = echelle._dues(DEPART).query.sql_with_params()
        curseur.execute(f"EXPLAIN {requete}", valeurs)
        plan = "\n".join(ligne for (ligne,) in curseur.fetchall())
    assert "attente_a_relever" in plan
