"""The gallery, and what a person reads when something is refused or broken."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client, RequestFactory

from raccord.socle import erreurs
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.intergiciel import ErreursMetier
from tests.pieges import verifier_page

LONG = "Sofia accueille les visiteurs et range les dossiers du matin."


def test_galerie(db: None) -> None:
    page = Client().get("/composants/").content.decode()
    for piece in ("Pourquoi 300 h", "points à corriger", "Enregistré entre-temps", "Aucune offre", 'id="carte"'):
        assert piece in page


def test_galerie_absente_en_production(db: None, settings: Any) -> None:
    settings.DEMO = False
    assert Client().get("/composants/").status_code == 404


def test_une_page_perimee_rend_les_textes_longs(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    reponse = client.post("/connexion/", {"courriel": "a@b.fr", "taches": LONG, "malin": "<script>" + LONG})
    page = reponse.content.decode()
    assert reponse.status_code == 403
    assert LONG in page and "<script>Sofia" not in page and 'href="/connexion/"' in page
    assert "a@b.fr" not in page


@pytest.mark.parametrize("envoi", [{"taches": LONG}, {"courriel": "a@b.fr", "taches": "<script>" + LONG}])
def test_un_refus_entier_rend_les_textes_longs(db: None, envoi: dict[str, str]) -> None:
    """Gone, not for this role, not by this method: whatever page refuses, what was typed is there to be copied."""
    for adresse, statut in (("/rien-ici/", 404), ("/aide/", 405)):
        reponse = Client().post(adresse, envoi)
        page = reponse.content.decode()
        assert reponse.status_code == statut
        assert LONG in page and "<script>Sofia" not in page and "a@b.fr" not in page


def test_une_action_impossible_rend_les_textes_longs(rf: RequestFactory, db: None) -> None:
    request = rf.post("/x/", {"taches": LONG})
    reponse = ErreursMetier(erreurs.introuvable).process_exception(request, ErreurMetier("L'offre a été retirée."))
    assert reponse is not None and reponse.status_code == 409
    assert LONG in reponse.content.decode() and "a été retirée" in reponse.content.decode()


def test_une_methode_refusee_a_sa_page(db: None) -> None:
    reponse = Client().get("/lien/abc/nouveau/")
    assert reponse.status_code == 405 and reponse["Allow"] == "POST"
    assert "rien à lire" in reponse.content.decode()


@pytest.mark.parametrize("corps", [b"--x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'])
def test_un_envoi_coupe_vers_une_page_disparue(db: None, corps: bytes) -> None:
    reponse = Client().post("/rien-ici/", corps, content_type="multipart/form-data; boundary=")
    assert reponse.status_code == 404


@pytest.mark.parametrize(
    ("vue", "statut", "mot"),
    [
        (erreurs.requete_invalide, 400, "compris"),
        (erreurs.panne, 500, "de chez nous"),
        (erreurs.formulaire_perime, 403, "trop longtemps"),
    ],
)
def test_ces_pages_se_passent_de_tout(vue: Any, statut: int, mot: str) -> None:
    """No session, no database, no context processor: a request without middleware."""
    reponse = vue(RequestFactory().post("/x/"))
    assert reponse.status_code == statut and mot in reponse.content.decode()
    verifier_page(reponse)


def test_page_absente_et_acces_refuse(db: None) -> None:
    reponse = Client().get("/rien-ici/")
    assert reponse.status_code == 404 and "introuvable" in reponse.content.decode()


def test_trop_d_essais() -> None:
    reponse = erreurs.trop_d_essais(RequestFactory().get("/"), dt.timedelta(minutes=9, seconds=2))
    assert reponse.status_code == 429 and reponse["Retry-After"] == "600"
    assert "réessayez dans 10\N{NO-BREAK SPACE}minutes" in reponse.content.decode()
