"""GET /territoires/communes/: public suggestions."""

import pytest
from django.test import Client

from tests.pieges import TRANSACTION

pytestmark = pytest.mark.django_db
ADRESSE = "/territoires/communes/"


def test_les_suggestions_sont_publiques_et_gardees(client: Client) -> None:
    reponse = client.get(ADRESSE, {"q": "lille"})
    assert reponse.status_code == 200
    assert set(reponse["Cache-Control"].split(", ")) == {"max-age=3600", "public"}
    assert reponse.json()["communes"][0] == {
        "nom": "Lille",
        "code": "59350",
        "codes_postaux": ["59000", "59160", "59260", "59777", "59800"],
        "departement": "Nord",
        "libelle": "Lille (59000)",
    }
    assert not reponse.cookies


def test_le_code_postal_tape_est_garde(client: Client) -> None:
    assert client.get(ADRESSE, {"q": "59800"}).json()["communes"][0]["libelle"] == "Lille (59800)"


def test_dix_au_plus(client: Client) -> None:
    assert len(client.get(ADRESSE, {"q": "saint"}).json()["communes"]) == 10


@pytest.mark.parametrize(
    "requete", ["", "?q=", "?q=%00", "?q=" + "a" * 10_000, "?q=🙂", "?q=%FF%FE", "?q[]=1", "?q=%ED%A0%80", "?q=%25_"]
)
def test_une_mauvaise_question_ne_trouve_rien(client: Client, requete: str) -> None:
    reponse = client.get(ADRESSE + requete)
    assert (reponse.status_code, reponse.json()) == (200, {"communes": []})


def test_on_ne_peut_que_lire(client: Client) -> None:
    assert client.post(ADRESSE).status_code == 405


@pytest.mark.parametrize("saisie", ["lille", "saint", "grenobel", "27 rue oudinot 75007 paris"])
def test_peu_de_requetes(client: Client, saisie: str, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(3 + TRANSACTION):  # type: ignore[operator]
        client.get(ADRESSE, {"q": saisie})
