"""Headers on every page, and logs that tell without naming."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from raccord.comptes import liens
from raccord.socle.traces import LigneJson, middleware_requete
from tests.distribution import Distribution

EN_TETES = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("adresse", ["/", "/connexion/", "/lien/inconnu/", "/rien-ici/", "/aide/"])
def test_en_tetes(db: None, adresse: str) -> None:
    reponse = Client().get(adresse)
    for nom, valeur in EN_TETES.items():
        assert reponse[nom] == valeur
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(reponse["Permissions-Policy"].split(", "))
    politique = reponse["Content-Security-Policy"]
    assert "default-src 'none'" in politique and "unsafe" not in politique


def test_une_session_ne_suit_pas_les_autres_sites(distribution: Distribution) -> None:
    client = distribution.tuteur.client()
    temoin = client.get("/ma-journee/").wsgi_request.META["CSRF_COOKIE"]
    assert temoin
    biscuit = client.cookies["csrftoken"]
    assert biscuit["samesite"] == "Lax" and biscuit["httponly"]


def test_post_sans_jeton_refuse(distribution: Distribution) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(distribution.tuteur.utilisateur, backend="sesame.backends.ModelBackend")
    reponse = client.post("/sortir/")
    assert reponse.status_code == 403
    assert "_auth_user_id" in client.session


def test_les_traces_n_ont_ni_nom_ni_secret(distribution: Distribution, caplog: pytest.LogCaptureFixture) -> None:
    jeune = distribution.jeune()
    chemin = liens.creer_pour_contact("essai.inconnu", distribution.entreprise.pk, distribution.referent)
    jeton = chemin.strip("/").rsplit("/", 1)[1]
    client = distribution.tuteur.client()
    with caplog.at_level(logging.INFO, logger="raccord"):
        client.get(f"/jeunes/{jeune.pk}/")
        client.get(f"/lien/{jeton}/")
        client.post("/connexion/", {"courriel": distribution.tuteur.utilisateur.courriel})
    lignes = [LigneJson().format(ligne) for ligne in caplog.records if ligne.name.startswith("raccord")]
    assert len(lignes) >= 3
    for ligne in lignes:
        for interdit in (jeune.nom, jeune.prenom, jeton, distribution.tuteur.utilisateur.courriel):
            assert interdit not in ligne
    assert {json.loads(ligne)["route"] for ligne in lignes} >= {"lien/<str:jeton>/", "connexion/"}


def test_une_sonde_n_emplit_pas_les_traces(rf: RequestFactory) -> None:
    """The server warns of a body sent to HEAD; its length is still told."""
    page = HttpResponse("bonjour", headers={"Content-Length": "7"})
    reponse = middleware_requete(lambda _: page)(rf.head("/"))
    assert reponse.content == b"" and reponse["Content-Length"] == "7"


def test_une_exception_ne_dit_pas_ce_qui_etait_ecrit() -> None:
    try:
        raise ValueError("Camille Essai, 06 00 00 00 00")
    except ValueError as erreur:
        ligne = logging.LogRecord(
            "raccord", logging.ERROR, "", 0, "panne", None, (type(erreur), erreur, erreur.__traceback__)
        )
    assert "Camille" not in LigneJson().format(ligne)
    assert "ValueError" in LigneJson().format(ligne)
