"""The ladder: what is due is found by its date, and after a stop only the last rung speaks."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from raccord.echeances import echelle
from raccord.echeances.attentes import TYPES, Echelon, Proprietaire, TypeAttente, ouvrir
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Rappel
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.models import Positionnement
from raccord.socle import calendrier
from raccord.socle.models import Parametre
from tests.distribution import Distribution
from tests.fabriques_positionnement import jour, messages_de, transmis

DEPART = dt.datetime(2026, 10, 6, 10, 0, tzinfo=dt.UTC)


def apres(jours: float) -> int:
    with time_machine.travel(DEPART + dt.timedelta(days=jours), tick=False):
        return relever()


def gravis() -> dict[str, bool]:
    """Rungs of the proposal's wait: whether each was jumped over."""
    return dict(Rappel.objects.filter(attente__code="repondre").values_list("echelon", "saute"))


@pytest.fixture
def positionnement(distribution: Distribution) -> Positionnement:
    return transmis(distribution)


def repondre() -> Attente:
    return Attente.objects.get(code="repondre")


def test_apres_un_long_arret_le_dernier_barreau_parle_seul(positionnement: Positionnement) -> None:
    apres(20)
    assert gravis() == {"relance": True, "acheteur": True, "depasse": False}
    assert messages_de("reponse_relance") == messages_de("reponse_silence") == []
    assert len(messages_de("reponse_depassee_acheteur")) == 1
    assert apres(40) == 0 and repondre().prochain is None


def test_un_week_end_d_arret_n_en_saute_aucun(positionnement: Positionnement) -> None:
    apres(7)
    assert gravis() == {"relance": False}


def test_la_date_du_prochain_barreau_suit(positionnement: Positionnement) -> None:
    attendu = [dt.date(2026, 10, jour) for jour in (11, 16, 21)]
    vus = []
    for jours in (0, 5.1, 10.1):
        apres(jours)
        prochain = repondre().prochain
        vus.append(prochain and prochain.astimezone(calendrier.PARIS).date())
    assert vus == attendu


def test_une_attente_close_ne_bouge_plus(positionnement: Positionnement, distribution: Distribution) -> None:
    actions.contre_proposer(distribution.contexte_referent, positionnement.pk, creneaux=[jour(6)])
    apres(40)
    assert gravis() == {}


def test_une_regle_allongee_depuis_remet_le_barreau(positionnement: Positionnement) -> None:
    Parametre.objects.create(
        cle="relance_entreprise", debut=DEPART.date(), valeur=8, unite="jours", libelle="Essai", source="Essai"
    )
    apres(6)
    assert gravis() == {}
    prochain = repondre().prochain
    assert prochain is not None and prochain.astimezone(calendrier.PARIS).date() == dt.date(2026, 10, 14)
    apres(8.1)
    assert gravis() == {"relance": False}


def test_un_barreau_en_panne_n_arrete_pas_les_autres_et_revient(
    positionnement: Positionnement, monkeypatch: pytest.MonkeyPatch
) -> None:
    effet = echelle.EFFETS["repondre", "relance"]

    def casser(attente: Attente) -> None:
        effet(attente)
        raise ValueError

    monkeypatch.setitem(echelle.EFFETS, ("repondre", "relance"), casser)
    apres(6)
    assert gravis() == {} and messages_de("reponse_relance") == [], "rien à moitié"
    monkeypatch.setitem(echelle.EFFETS, ("repondre", "relance"), effet)
    apres(6)
    assert gravis() == {"relance": False} and len(messages_de("reponse_relance")) == 2


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
        echelons=(Echelon(code="fin"),),
    )
    del TYPES["essai"]
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
        curseur.execute("SET LOCAL enable_seqscan = off")
        curseur.execute(f"EXPLAIN {echelle._dues(DEPART).query.sql_with_params()[0]}", [DEPART])
        plan = "\n".join(ligne for (ligne,) in curseur.fetchall())
    assert "attente_a_relever" in plan
