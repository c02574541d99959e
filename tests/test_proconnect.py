"""Signing in by ProConnect, before a provider that tells the truth and one that lies, by real HTTP."""

import datetime as dt
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from raccord.comptes.models import CompteProConnect, Utilisateur
from raccord.comptes.proconnect import reglages
from raccord.comptes.proconnect.reglages import Reglages
from raccord.echeances.models import Message
from tests.distribution import Distribution
from tests.fournisseur_menteur import (
    ABSENT,
    AUTRE_CLE,
    Fournisseur,
    fournisseur_en_service,
    sans_signature,
    signer,
    signer_en_hs256,
)
from tests.pieges import texte_de


@pytest.fixture
def fournisseur(settings: Any, distribution: Distribution) -> Iterator[Fournisseur]:
    with fournisseur_en_service() as fournisseur:
        settings.PROCONNECT = fournisseur.reglages
        fournisseur.courriel = distribution.tuteur.utilisateur.courriel
        yield fournisseur
    cache.clear()


def partir(client: Client, suite: str = "/jeunes/") -> dict[str, str]:
    """To the provider: what it is asked."""
    reponse = client.get("/proconnect/", {"next": suite})
    assert reponse.status_code == 302, texte_de(reponse)
    return {nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(reponse["Location"]).query).items()}


def entrer(fournisseur: Fournisseur, client: Client | None = None) -> Any:
    """There and back."""
    client = client or Client()
    demande = partir(client)
    fournisseur.nonce = demande["nonce"]
    return client.get("/proconnect/retour/", {"code": "un-code", "state": demande["state"]})


def connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- The truth --------------------------------------------------------------------------------------


def test_entrer_puis_revenir_ou_l_on_allait(fournisseur: Fournisseur, distribution: Distribution) -> None:
    client = Client()
    page = client.get(client.get("/jeunes/")["Location"])
    assert 'href="/proconnect/?next=%2Fjeunes%2F"' in texte_de(page) or "/proconnect/?next=/jeunes/" in texte_de(page)
    demande = partir(client)
    avant, fournisseur.nonce = client.session.session_key, demande["nonce"]
    reponse = client.get("/proconnect/retour/", {"code": "un-code", "state": demande["state"]})
    assert reponse.status_code == 302 and reponse["Location"] == "/jeunes/"
    assert client.session["_auth_user_id"] == str(distribution.tuteur.utilisateur.pk)
    assert client.session.session_key != avant  # a session set by somebody else is not the one that is signed in
    assert client.get("/ma-journee/").status_code == 200


def test_ce_qui_est_demande(fournisseur: Fournisseur) -> None:
    client = Client()
    demande = partir(client)
    assert set(demande) == {
        "response_type", "client_id", "redirect_uri", "scope", "claims", "state", "nonce",
        "code_challenge", "code_challenge_method",
    }  # fmt: skip
    assert demande["code_challenge_method"] == "S256" and len(demande["state"]) == len(demande["nonce"]) == 32
    assert demande["redirect_uri"] == "http://testserver/proconnect/retour/"
    fournisseur.nonce = demande["nonce"]
    client.get("/proconnect/retour/", {"code": "un-code", "state": demande["state"]})
    envoi = fournisseur.envois[0]
    assert envoi["client_secret"] == fournisseur.secret and len(envoi["code_verifier"]) >= 43


def test_une_adresse_qui_change_ouvre_le_meme_compte(fournisseur: Fournisseur, distribution: Distribution) -> None:
    entrer(fournisseur)
    fournisseur.courriel = distribution.acheteur.utilisateur.courriel  # even if it is somebody else's here
    client = Client()
    entrer(fournisseur, client)
    assert client.session["_auth_user_id"] == str(distribution.tuteur.utilisateur.pk)
    assert CompteProConnect.objects.get().utilisateur == distribution.tuteur.utilisateur


def test_l_adresse_se_lit_sans_majuscules(fournisseur: Fournisseur) -> None:
    fournisseur.courriel = f" {fournisseur.courriel.upper()} "
    client = Client()
    entrer(fournisseur, client)
    assert connecte(client)


def test_sortir_aussi_de_proconnect(fournisseur: Fournisseur) -> None:
    client = Client()
    entrer(fournisseur, client)
    page = client.post("/sortir/")
    assert page.status_code == 200 and not connecte(client)
    trouve = re.search(r'content="0;url=([^"]+)"', page.content.decode())
    assert trouve
    adresse = urlsplit(trouve.group(1).replace("&amp;", "&"))
    demande = {nom: valeurs[0] for nom, valeurs in parse_qs(adresse.query).items()}
    assert adresse.path == "/sortie" and demande["id_token_hint"].count(".") == 2
    assert demande["post_logout_redirect_uri"] == "http://testserver/proconnect/sorti/"
    autre = client.get("/proconnect/sorti/", {"state": "x" * 32})
    assert "Vous êtes sorti" not in texte_de(client.get(autre["Location"]))


def test_le_retour_de_la_sortie_se_dit(fournisseur: Fournisseur) -> None:
    client = Client()
    entrer(fournisseur, client)
    client.post("/sortir/")
    retour = client.get("/proconnect/sorti/", {"state": client.session["proconnect_sortie"]})
    assert "de ProConnect. À bientôt" in texte_de(client.get(retour["Location"]))


def test_sortir_quand_proconnect_est_en_panne(fournisseur: Fournisseur) -> None:
    client = Client()
    entrer(fournisseur, client)
    cache.clear()
    fournisseur.reponses["/.well-known/openid-configuration"] = (503, "text/plain", "")
    assert client.post("/sortir/")["Location"] == "/" and not connecte(client)


# --- Nobody is created, nobody is named ---------------------------------------------------------------


def test_inconnu_et_compte_ferme_lisent_la_meme_page(fournisseur: Fournisseur, distribution: Distribution) -> None:
    combien = Utilisateur.objects.count()
    Utilisateur.objects.filter(pk=distribution.tuteur.utilisateur.pk).update(is_active=False)
    pages = []
    for courriel in (fournisseur.courriel, "personne@ailleurs.example"):
        fournisseur.courriel, client = courriel, Client()
        reponse = entrer(fournisseur, client)
        assert reponse.status_code == 403 and not connecte(client)
        pages.append(re.sub(r'nonce="[^"]*"', "", texte_de(reponse)))
    assert pages[0] == pages[1] and "invit" in pages[0]
    assert Utilisateur.objects.count() == combien and not CompteProConnect.objects.exists()


def test_un_compte_relie_puis_ferme(fournisseur: Fournisseur, distribution: Distribution) -> None:
    ouverte = Client()
    entrer(fournisseur, ouverte)
    Utilisateur.objects.filter(pk=distribution.tuteur.utilisateur.pk).update(is_active=False)
    client = Client()
    assert entrer(fournisseur, client).status_code == 403 and not connecte(client)
    assert ouverte.get("/ma-journee/").status_code == 302  # the session that was open is closed too


# --- Lies -------------------------------------------------------------------------------------------

JSON, JETON = "application/json", "application/jwt"
Mensonge = Callable[[Fournisseur], object]


def _dans(secondes: int) -> int:
    return int(timezone.now().timestamp()) + secondes


def _en_rs512(f: Fournisseur) -> None:
    cles = json.loads(f.repondre("/cles", {})[2])
    cles["keys"][0]["alg"] = "RS512"
    f.reponses["/cles"] = (200, JSON, json.dumps(cles))
    f.signer_jeton = f.signer_personne = lambda contenu: signer(contenu, algorithme="RS512")


MENSONGES: dict[str, Mensonge] = {
    "autre destinataire": lambda f: f.jeton.update(aud="un-autre-service"),
    "plusieurs destinataires": lambda f: f.jeton.update(aud=[f.client, "un-autre-service"]),
    "sans destinataire": lambda f: f.jeton.update(aud=ABSENT),
    "autre émetteur": lambda f: f.jeton.update(iss="https://ailleurs.example"),
    "sans émetteur": lambda f: f.jeton.update(iss=ABSENT),
    "sans personne": lambda f: f.jeton.update(sub=ABSENT),
    "clé inconnue": lambda f: setattr(f, "signer_jeton", lambda c: signer(c, cle=AUTRE_CLE, kid="autre-cle")),
    "autre clé sous le même nom": lambda f: setattr(f, "signer_jeton", lambda c: signer(c, cle=AUTRE_CLE)),
    "clé sans nom": lambda f: setattr(f, "signer_jeton", lambda c: signer(c, kid=None)),
    "algorithme none": lambda f: setattr(f, "signer_jeton", sans_signature),
    "HS256 par la clé publique": lambda f: setattr(f, "signer_jeton", signer_en_hs256),
    "algorithme hors liste": lambda f: setattr(f, "signer_jeton", lambda c: signer(c, algorithme="RS512")),
    "algorithme hors liste, publié comme tel": _en_rs512,
    "jeton qui n'en est pas un": lambda f: setattr(f, "signer_jeton", lambda _: "a.b.c"),
    "expiré": lambda f: f.jeton.update(exp=_dans(-31)),
    "sans expiration": lambda f: f.jeton.update(exp=ABSENT),
    "pas encore valable": lambda f: f.jeton.update(nbf=_dans(31)),
    "émis plus tard": lambda f: f.jeton.update(iat=_dans(31)),
    "autre nonce": lambda f: f.jeton.update(nonce="x" * 32),
    "sans nonce": lambda f: f.jeton.update(nonce=ABSENT),
    "nonce vide": lambda f: f.jeton.update(nonce=None),
    "sans niveau": lambda f: f.jeton.update(acr=ABSENT),
    "niveau trop faible": lambda f: f.jeton.update(acr="eidas0"),
    "jeton d'un autre": lambda f: f.jeton.update(at_hash="x" * 22),
    "empreinte qui n'est pas un texte": lambda f: f.jeton.update(at_hash=["x"]),
    "autre personne": lambda f: f.personne.update(sub="quelqu-un-d-autre"),
    "personne sans nom": lambda f: f.personne.update(sub=ABSENT),
    "personne pour un autre": lambda f: f.personne.update(aud="un-autre-service"),
    "personne d'un autre émetteur": lambda f: f.personne.update(iss="https://ailleurs.example"),
    "personne expirée": lambda f: f.personne.update(exp=_dans(-31)),
    "personne signée d'une autre clé": lambda f: setattr(f, "signer_personne", lambda c: signer(c, cle=AUTRE_CLE)),
    "personne en HS256": lambda f: setattr(f, "signer_personne", signer_en_hs256),
    "personne sans signature": lambda f: setattr(f, "signer_personne", sans_signature),
    "personne en JSON": lambda f: setattr(f, "type_personne", JSON),
    "adresse non vérifiée": lambda f: f.personne.update(email_verified=False),
    "sans adresse": lambda f: f.personne.update(email=ABSENT),
    "adresse qui n'est pas un texte": lambda f: f.personne.update(email=["a@b.example"]),
    "code refusé": lambda f: f.reponses.update({"/jeton": (400, JSON, '{"error": "invalid_grant"}')}),
    "jeton en panne": lambda f: f.reponses.update({"/jeton": (500, "text/html", "<h1>Camille Essai</h1>")}),
    "jeton illisible": lambda f: f.reponses.update({"/jeton": (200, JSON, "{")}),
    "jeton en liste": lambda f: f.reponses.update({"/jeton": (200, JSON, "[]")}),
    "sans jeton d'identité": lambda f: f.reponses.update({"/jeton": (200, JSON, '{"access_token": "a"}')}),
    "personne en panne": lambda f: f.reponses.update({"/personne": (500, JETON, "")}),
    "personne illisible": lambda f: f.reponses.update({"/personne": (200, JETON, "é")}),
    "clés en panne": lambda f: f.reponses.update({"/cles": (500, JSON, "")}),
    "clés illisibles": lambda f: f.reponses.update({"/cles": (200, JSON, '{"keys": [{}, 3]}')}),
    "jeton sans réponse": lambda f: f.lenteurs.update({"/jeton": 1}),
    "personne sans réponse": lambda f: f.lenteurs.update({"/personne": 1}),
}


@pytest.mark.parametrize("mensonge", MENSONGES)
def test_un_mensonge_n_ouvre_rien(
    fournisseur: Fournisseur, mensonge: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reglages, "SECONDES", 0.3)
    client = Client()
    MENSONGES[mensonge](fournisseur)
    with caplog.at_level(logging.DEBUG):
        reponse = entrer(fournisseur, client)
    assert_refus_sans_perte(reponse, client)
    assert not CompteProConnect.objects.exists()
    traces = [ligne for ligne in caplog.records if ligne.name == "raccord.proconnect"]
    assert len(traces) == 1
    for ligne in caplog.records:
        for interdit in (fournisseur.courriel, fournisseur.sub, "Camille", "eyJ"):
            assert interdit not in ligne.getMessage()
        assert not ligne.exc_info


def assert_refus_sans_perte(reponse: Any, client: Client) -> None:
    """One page in words, nobody signed in, and a link by mail goes on to where one was going."""
    assert reponse.status_code == 403 and not connecte(client)
    html = texte_de(reponse)
    assert "L’entrée par ProConnect n’a pas abouti" in html
    texte = re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1].split("</main>")[0]).lower()
    for technique in ("jeton", "token", "oidc", "openid", "nonce", "jwt", "signature", "erreur", "error"):
        assert technique not in texte
    assert 'href="/connexion/?next=/jeunes/"' in html and 'href="/proconnect/?next=/jeunes/"' in html
    assert "proconnect_jeton" not in client.session


def test_apres_un_refus_le_lien_mene_ou_l_on_allait(fournisseur: Fournisseur) -> None:
    client = Client()
    fournisseur.jeton["nonce"] = "autre"
    assert_refus_sans_perte(entrer(fournisseur, client), client)
    page = "/connexion/?next=/jeunes/"
    client.get(page)
    client.post(page, {"courriel": fournisseur.courriel})
    trouve = re.search(r"https?://[^/\s]+(/connexion/\S+)", Message.objects.get(code="comptes.connexion").corps)
    assert trouve and client.post(trouve.group(1))["Location"] == "/jeunes/"


def test_un_jeton_rejoue(fournisseur: Fournisseur) -> None:
    """A good token of an earlier sign-in, kept by a provider or by somebody who read it."""
    premier = Client()
    entrer(fournisseur, premier)
    assert connecte(premier)
    ancien = signer(fournisseur.contenu_jeton())
    fournisseur.signer_jeton = lambda _: ancien
    client = Client()
    assert_refus_sans_perte(entrer(fournisseur, client), client)


def test_un_niveau_demande_refuse_les_plus_faibles(fournisseur: Fournisseur, settings: Any) -> None:
    settings.PROCONNECT = Reglages(
        fournisseur.adresse, fournisseur.client, fournisseur.secret, acr=("eidas2", "eidas3")
    )
    client = Client()
    assert entrer(fournisseur, client).status_code == 403
    fournisseur.jeton["acr"] = "eidas2"
    assert entrer(fournisseur, client).status_code == 302


@pytest.mark.parametrize("champ, ecart", [("exp", -20), ("nbf", 20), ("iat", 20)])
def test_des_horloges_un_peu_differentes(fournisseur: Fournisseur, champ: str, ecart: int) -> None:
    fournisseur.jeton[champ] = _dans(ecart)
    client = Client()
    entrer(fournisseur, client)
    assert connecte(client)


DECOUVERTES: dict[str, Mensonge] = {
    "d'un autre": lambda f: f.decouverte.update(issuer="https://ailleurs.example"),
    "incomplète": lambda f: f.decouverte.update(userinfo_endpoint=ABSENT),
    "sans protection": lambda f: f.decouverte.update(token_endpoint="ftp://ailleurs.example"),
    "en panne": lambda f: f.reponses.update({"/.well-known/openid-configuration": (500, JSON, "")}),
    "illisible": lambda f: f.reponses.update({"/.well-known/openid-configuration": (200, JSON, "<")}),
    "en liste": lambda f: f.reponses.update({"/.well-known/openid-configuration": (200, JSON, "[]")}),
    "sans réponse": lambda f: f.lenteurs.update({"/.well-known/openid-configuration": 1}),
}


@pytest.mark.parametrize("mensonge", DECOUVERTES)
def test_une_decouverte_mensongere(fournisseur: Fournisseur, mensonge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reglages, "SECONDES", 0.3)
    client = Client()
    DECOUVERTES[mensonge](fournisseur)
    assert_refus_sans_perte(client.get("/proconnect/", {"next": "/jeunes/"}), client)


def test_un_refus_ne_mene_pas_ailleurs(fournisseur: Fournisseur) -> None:
    fournisseur.decouverte["issuer"] = "autre"
    reponse = Client().get("/proconnect/", {"next": "https://ailleurs.example/"})
    assert reponse.status_code == 403 and "ailleurs" not in texte_de(reponse)


# --- The way back -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "retour",
    [{}, {"code": "c"}, {"code": "c", "state": "x" * 32}, {"error": "access_denied", "state": "x"}, {"state": "\0"}],
)
def test_un_retour_que_personne_n_a_demande(fournisseur: Fournisseur, retour: dict[str, str]) -> None:
    client = Client()
    partir(client)
    assert_refus_sans_perte(client.get("/proconnect/retour/", retour), client)
    assert fournisseur.envois == []


def test_l_etat_d_une_autre_session(fournisseur: Fournisseur) -> None:
    """Somebody makes their victim open the end of their own sign-in."""
    demande = partir(Client())
    fournisseur.nonce, victime = demande["nonce"], Client()
    partir(victime)
    reponse = victime.get("/proconnect/retour/", {"code": "un-code", "state": demande["state"]})
    assert_refus_sans_perte(reponse, victime)


def test_un_etat_sert_une_fois(fournisseur: Fournisseur) -> None:
    client = Client()
    demande = partir(client)
    fournisseur.nonce = demande["nonce"]
    fournisseur.jeton["acr"] = "faible"
    client.get("/proconnect/retour/", {"code": "un-code", "state": demande["state"]})
    fournisseur.jeton.clear()
    reponse = client.get("/proconnect/retour/", {"code": "un-code", "state": demande["state"]})
    assert_refus_sans_perte(reponse, client)


def test_renoncer_ou_un_retour_d_un_autre_emetteur(fournisseur: Fournisseur) -> None:
    for reponse in ({"error": "access_denied"}, {"code": "un-code", "iss": "https://ailleurs.example"}):
        client = Client()
        etat = partir(client)["state"]
        assert_refus_sans_perte(client.get("/proconnect/retour/", reponse | {"state": etat}), client)
    assert fournisseur.envois == []


def test_qui_est_deja_entre_le_reste(fournisseur: Fournisseur, distribution: Distribution) -> None:
    client = distribution.acheteur.client()
    for adresse in ("/proconnect/", "/proconnect/retour/?error=x&state=y", "/proconnect/retour/?code=c&state=y"):
        assert client.get(adresse)["Location"] == "/ma-journee/"
    assert client.session["_auth_user_id"] == str(distribution.acheteur.utilisateur.pk)


@pytest.mark.parametrize("suite", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_jamais_vers_ailleurs(fournisseur: Fournisseur, suite: str) -> None:
    client = Client()
    demande = partir(client, suite)
    fournisseur.nonce = demande["nonce"]
    reponse = client.get("/proconnect/retour/", {"code": "c", "state": demande["state"], "next": suite})
    assert reponse["Location"] == "/ma-journee/" and connecte(client)


# --- Absent, half set, badly set ----------------------------------------------------------------------


def test_sans_proconnect_pas_de_bouton_et_tout_marche(db: None, settings: Any) -> None:
    settings.PROCONNECT = None
    page = Client().get("/connexion/")
    assert page.status_code == 200 and "ProConnect" not in texte_de(page)
    for adresse in ("/proconnect/", "/proconnect/retour/", "/proconnect/sorti/"):
        assert Client().get(adresse).status_code == 404


def test_avec_proconnect_les_deux_choix(fournisseur: Fournisseur) -> None:
    html = texte_de(Client().get("/connexion/"))
    assert "S’identifier avec ProConnect" in html and "Recevoir mon lien" in html


REGLE = {
    "RACCORD_PROCONNECT_EMETTEUR": "https://fournisseur.example",
    "RACCORD_PROCONNECT_CLIENT": "raccord",
    "RACCORD_PROCONNECT_SECRET": "secret",
}


@pytest.mark.parametrize(
    "change",
    [
        {"RACCORD_PROCONNECT_CLIENT": ""},
        {"RACCORD_PROCONNECT_SECRET": ""},
        {"RACCORD_PROCONNECT_EMETTEUR": "http://fournisseur.example"},
        {"RACCORD_PROCONNECT_ALGORITHMES": "none"},
        {"RACCORD_PROCONNECT_ALGORITHMES": "RS256,HS256"},
        {"RACCORD_PROCONNECT_ALGORITHMES": ","},
        {"RACCORD_PROCONNECT_ACR": ","},
    ],
)
def test_un_reglage_dangereux_arrete_le_demarrage(monkeypatch: pytest.MonkeyPatch, change: dict[str, str]) -> None:
    for nom, valeur in (REGLE | change).items():
        monkeypatch.setenv(nom, valeur)
    with pytest.raises(ImproperlyConfigured, match="PROCONNECT"):
        reglages.depuis_environnement(demo=False)


def test_regle_ou_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reglages.depuis_environnement(demo=False) is None
    for nom, valeur in REGLE.items():
        monkeypatch.setenv(nom, valeur)
    regle = reglages.depuis_environnement(demo=False)
    assert regle == Reglages("https://fournisseur.example", "raccord", "secret")


def test_ce_que_le_fournisseur_publie_est_relu_chaque_heure(fournisseur: Fournisseur) -> None:
    partir(Client())
    fournisseur.reponses["/.well-known/openid-configuration"] = (500, JSON, "")
    partir(Client())
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        assert Client().get("/proconnect/").status_code == 403
