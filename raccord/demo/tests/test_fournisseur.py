"""The demonstration's own provider: the whole road in a test, and no road at all in production."""

import importlib
import os
import secrets
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from mozilla_django_oidc.utils import generate_code_challenge

from raccord.demo import serveur
from raccord.demo.fournisseur import jetons
from tests.distribution import Distribution

RETOUR = "http://testserver/proconnect/retour/"
DEMANDE = {
    "client_id": jetons.CLIENT,
    "redirect_uri": RETOUR,
    "state": "s",
    "nonce": "n",
    "code_challenge": generate_code_challenge("v", "S256"),
}
ADRESSES = ("autoriser", "cles", "decouverte", "personne", "sortie")


def _code(**change: str) -> str:
    demande = DEMANDE | {"compte": "tuteur@essai.example"} | change
    reponse = Client().get("/demo/proconnect/autoriser/", demande)
    return parse_qs(urlsplit(reponse["Location"]).query)["code"][0]


def _jetons(**change: str) -> Any:
    envoi = {"client_id": jetons.CLIENT, "client_secret": jetons.SECRET, "redirect_uri": RETOUR, "code_verifier": "v"}
    return Client().post("/demo/proconnect/jeton/", envoi | change)


def test_le_choix_des_personnes_fictives(distribution: Distribution) -> None:
    page = Client().get("/demo/proconnect/autoriser/", DEMANDE)
    html = page.content.decode()
    assert page.status_code == 200 and distribution.tuteur.utilisateur.nom_complet in html
    assert f"compte={urlencode({'': distribution.tuteur.utilisateur.courriel})[1:]}" in html


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://ailleurs.example/proconnect/retour/"},
        {"redirect_uri": "http://testserver/autre/"},
        {"client_id": "un-autre"},
        {"compte": "une.personne@ville-de-lille.fr"},
    ],
)
def test_une_demande_qui_n_est_pas_d_ici(db: None, change: dict[str, str]) -> None:
    assert Client().get("/demo/proconnect/autoriser/", DEMANDE | change).status_code == 400


def test_un_code_et_ce_qui_va_avec(db: None) -> None:
    assert _jetons(code=_code()).status_code == 200
    for change in ({"code_verifier": "x"}, {"client_secret": "x"}, {"redirect_uri": "x"}, {"client_id": "x"}):
        assert _jetons(**{"code": _code()} | change).status_code == 400
    assert _jetons(code="x").status_code == 400


def test_le_fournisseur_n_ecrit_qu_a_qui_a_un_jeton(distribution: Distribution) -> None:
    acces = _jetons(code=_code()).json()["access_token"]
    reponse = Client().get("/demo/proconnect/personne/", headers={"authorization": f"Bearer {acces}"})
    assert reponse.status_code == 200 and reponse["Content-Type"] == "application/jwt"
    assert Client().get("/demo/proconnect/personne/").status_code == 401


def test_la_sortie_ne_mene_pas_ailleurs(db: None) -> None:
    jeton = _jetons(code=_code()).json()["id_token"]
    ici = {"id_token_hint": jeton, "post_logout_redirect_uri": "http://testserver/proconnect/sorti/", "state": "s"}
    assert Client().get("/demo/proconnect/sortie/", ici)["Location"] == "http://testserver/proconnect/sorti/?state=s"
    for change in ({"post_logout_redirect_uri": "https://ailleurs.example/"}, {"id_token_hint": "a.b.c"}):
        assert Client().get("/demo/proconnect/sortie/", ici | change).status_code == 400


# --- Never in production ------------------------------------------------------------------------------


def test_rien_ne_repond_hors_de_la_demonstration(db: None, settings: Any) -> None:
    settings.DEMO = False
    for nom in ADRESSES:
        assert Client().get(reverse(f"demo:fournisseur_{nom}"), DEMANDE).status_code == 404, nom
    assert _jetons(code="x").status_code == 404


def test_ses_cles_ne_se_font_pas_hors_de_la_demonstration(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="démonstration"):
        importlib.reload(jetons)


def test_en_production_ses_adresses_n_existent_pas() -> None:
    """A process that starts as production does, from nothing."""
    essai = """
import django
django.setup()
from django.urls import Resolver404, resolve
try:
    resolve("/demo/proconnect/autoriser/")
except Resolver404:
    pass
else:
    raise SystemExit("une adresse répond")
try:
    import raccord.demo.fournisseur.jetons
except django.core.exceptions.ImproperlyConfigured:
    raise SystemExit(0)
raise SystemExit("les clés se sont faites")
"""
    environnement = os.environ | {
        "DJANGO_SETTINGS_MODULE": "raccord.config.settings",
        "RACCORD_MODE": "production",
        "RACCORD_CLE_SECRETE": secrets.token_urlsafe(48),
        "RACCORD_CLE_DOCUMENTS": secrets.token_urlsafe(48),
        "RACCORD_HOTES": "raccord.example",
        "RACCORD_ADRESSE": "https://raccord.example",
        "RACCORD_EXPEDITEUR": "Raccord <ne-pas-repondre@clause-sociale.fr>",
        "DATABASE_URL": "postgres://personne@localhost/rien",
        "RACCORD_PROCONNECT_EMETTEUR": "",
    }
    fini = subprocess.run([sys.executable, "-c", essai], env=environnement, capture_output=True, text=True, check=False)
    assert fini.returncode == 0, fini.stderr


def test_la_demonstration_parle_a_son_fournisseur_ou_a_celui_qu_on_nomme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RACCORD_PROCONNECT_EMETTEUR", raising=False)
    donne = serveur.environnement("http://localhost:8000")
    assert donne["RACCORD_PROCONNECT_EMETTEUR"] == "http://localhost:8000/demo/proconnect"
    monkeypatch.setenv("RACCORD_PROCONNECT_EMETTEUR", "https://fournisseur.example")
    assert "RACCORD_PROCONNECT_EMETTEUR" not in serveur.environnement("http://localhost:8000")
