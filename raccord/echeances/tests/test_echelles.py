"""The screen of ladders: read by all staff, changed by the national administrator, never the past."""

import datetime as dt
import re
from typing import Any

import pytest

from raccord.echeances.models import Attente, Echelle
from tests.distribution import Distribution
from tests.fabriques_positionnement import transmis

NATIONALE = {"delai_referent": 0, "delai_second": 3, "delai_rrh": 5, "delai_acheteur": 7, "delai_courrier": 0}

OUVERT = r"<details[^>]* open>\s*<summary><span><span[^>]*>([^<]+)"


def poser(distribution: Distribution, **champs: Any) -> Any:
    """What the administrator sends: the ladder in force, but for what is said."""
    unites = {cle.replace("delai_", "unite_"): "jours" for cle in NATIONALE}
    donnees = {**NATIONALE, **unites, "portee": "", "debut": "2026-10-06", "source": "Réunion du 1er octobre", **champs}
    return distribution.national.client().post("/echelles/repondre/", donnees)


@pytest.mark.parametrize("qui", ["tuteur", "coordonnateur", "acheteur", "national"])
def test_tous_les_professionnels_lisent_les_echelles(distribution: Distribution, qui: str) -> None:
    page = getattr(distribution, qui).client().get("/echelles/").content.decode()
    assert "7 jours après" in page and "les ressources humaines" in page
    assert "15 jours" in page, "sa source"
    assert ("/echelles/repondre/" in page) == (qui == "national")


def test_qui_n_administre_pas_ne_change_rien(distribution: Distribution) -> None:
    ordinaire = distribution.tuteur.client()
    assert ordinaire.post("/echelles/repondre/", {}).status_code == 403
    assert distribution.national.client().get("/echelles/inconnue/").status_code == 404


def test_une_nouvelle_echelle_vaut_pour_ce_qui_s_ouvre_ensuite(distribution: Distribution) -> None:
    avant = Attente.objects.get(code="repondre", objet_id=transmis(distribution).pk)
    assert poser(distribution, delai_second=4, unite_second="jours_ouvres", delai_rrh="").status_code == 302
    apres = Attente.objects.get(code="repondre", objet_id=transmis(distribution).pk)
    assert apres.echelle is not None and avant.echelle is not None
    codes = [(echelon["code"], echelon["delai"], echelon["unite"]) for echelon in apres.echelle.echelons]
    assert codes[1] == ("second", 4, "jours_ouvres") and "rrh" not in [code for code, *_ in codes]
    avant.refresh_from_db()
    assert avant.echelle.echelons[1]["delai"] == 3 and avant.echelle_id != apres.echelle_id
    page = distribution.tuteur.client().get("/echelles/").content.decode()
    assert "Depuis le 6 octobre 2026. Réunion du 1er octobre." in page and "France entière, avant" in page


def test_seul_ce_qui_s_ecarte_de_la_regle_commune_est_ouvert(distribution: Distribution) -> None:
    client = distribution.tuteur.client()
    assert not re.search(OUVERT, client.get("/echelles/").content.decode())
    acheteur = distribution.acheteur.organisation
    assert poser(distribution, portee=f"acheteur:{acheteur.pk}", delai_second=4).status_code == 302
    page = client.get("/echelles/").content.decode()
    (ouvert,) = re.findall(OUVERT, page)
    assert ouvert == "Répondre : choisir un créneau, en proposer d&#x27;autres, ou dire pourquoi non"
    assert "5\u00a0échelons, le dernier : l&#x27;acheteur, le tuteur et la coordination" in page
    assert f" ; autrement : Partenariat avec {acheteur.nom} (en vigueur)" in page


@pytest.mark.parametrize("qui", ["tuteur", "acheteur"])
def test_sa_journee_y_mene(distribution: Distribution, qui: str) -> None:
    assert 'href="/echelles/"' in getattr(distribution, qui).client().get("/ma-journee/").content.decode()


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"debut": "2026-10-05"}, "Le passé ne se change pas"),
        ({"delai_courrier": ""}, "Le dernier échelon reste"),
        ({"delai_second": "-1"}, "0"),
        ({"source": ""}, "Pourquoi"),
        ({"portee": "mars:1"}, "Où"),
    ],
)
def test_ce_qui_ne_se_pose_pas(distribution: Distribution, champs: dict[str, str], mot: str) -> None:
    nombre = Echelle.objects.count()
    reponse = poser(distribution, **champs)
    assert reponse.status_code == 422 and Echelle.objects.count() == nombre
    assert mot in reponse.content.decode()


def test_deux_echelles_le_meme_jour_non(distribution: Distribution) -> None:
    assert poser(distribution, debut="2026-11-02").status_code == 302
    deuxieme = poser(distribution, debut="2026-11-02", delai_second=4)
    assert deuxieme.status_code == 422 and "commence déjà ce jour-là" in deuxieme.content.decode()
    assert Echelle.objects.get(attente="repondre", debut=dt.date(2026, 11, 2)).echelons[1]["delai"] == 3
