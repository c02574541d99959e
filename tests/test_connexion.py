"""Signing in by a mail link: nothing to guess, nothing burnt by a scanner."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from raccord.comptes.models import Adhesion
from raccord.echeances.models import Message
from tests.distribution import Distribution


def _lien(distribution: Distribution) -> str:
    Client().post("/connexion/", {"courriel": distribution.tuteur.utilisateur.courriel})
    corps = Message.objects.get(code="comptes.connexion").corps
    trouve = re.search(r"https?://[^/\s]+(/connexion/\S+/)", corps)
    assert trouve
    return trouve.group(1)


def test_le_lien_fait_entrer_apres_un_bouton(distribution: Distribution) -> None:
    lien, client = _lien(distribution), Client()
    for _ in range(3):  # a scanner opens it as often as it likes
        assert client.get(lien).status_code == client.head(lien).status_code == 200
    assert "_auth_user_id" not in client.session
    reponse = client.post(lien)
    assert reponse.status_code == 302 and reponse["Location"] == "/ma-journee/"
    assert client.get("/ma-journee/").status_code == 200


def test_le_lien_sert_une_fois(distribution: Distribution) -> None:
    lien = _lien(distribution)
    Client().post(lien)
    reponse = Client().post(lien)
    assert reponse.status_code == 410
    assert "Recevoir un autre lien" in reponse.content.decode()


def test_le_lien_expire_en_quinze_minutes(distribution: Distribution) -> None:
    lien = _lien(distribution)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16), tick=False):
        assert Client().post(lien).status_code == 410


@pytest.mark.parametrize("lien", ["/connexion/abc/", "/connexion/%00/", "/connexion/" + "a" * 5000 + "/"])
def test_lien_invente(db: None, lien: str) -> None:
    assert Client().get(lien).status_code in {200, 404}
    assert Client().post(lien).status_code in {410, 404}


def test_meme_reponse_que_le_compte_existe_ou_non(distribution: Distribution) -> None:
    connu, inconnu = distribution.tuteur.utilisateur.courriel, "personne@essai.example"
    reponses = {
        adresse: Client().post("/connexion/", {"courriel": adresse}).content.decode().replace(adresse, "X")
        for adresse in (connu, inconnu)
    }
    nonce = re.compile(r'nonce="[^"]*"|X-Requete.*')
    assert nonce.sub("", reponses[connu]) == nonce.sub("", reponses[inconnu])
    assert Message.objects.filter(courriel=inconnu).count() == 0


def test_compte_ferme(distribution: Distribution) -> None:
    lien = _lien(distribution)
    distribution.tuteur.utilisateur.is_active = False
    distribution.tuteur.utilisateur.save()
    assert Client().post(lien).status_code == 410


@pytest.mark.parametrize("suite", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_jamais_vers_ailleurs(distribution: Distribution, suite: str) -> None:
    client = Client()
    client.get("/connexion/", {"next": suite})
    assert client.post(_lien(distribution))["Location"] == "/ma-journee/"


def test_revient_ou_l_on_allait(distribution: Distribution) -> None:
    client = Client()
    reponse = client.get("/jeunes/")
    assert reponse.status_code == 302
    client.get(reponse["Location"])
    assert client.post(_lien(distribution))["Location"] == "/jeunes/"


@pytest.mark.parametrize("courriel", ["", "pas-une-adresse", "a@b\nBcc: x@y.example", "é" * 300 + "@x.example"])
def test_adresse_impossible(db: None, courriel: str) -> None:
    reponse = Client().post("/connexion/", {"courriel": courriel})
    assert reponse.status_code == 422
    assert Message.objects.count() == 0
    assert "Regardez votre courrier" not in reponse.content.decode()


def test_changer_d_organisation_puis_sortir(distribution: Distribution) -> None:
    seconde = Adhesion.objects.create(
        utilisateur=distribution.tuteur.utilisateur,
        organisation=distribution.national.organisation,
        role="national",
    )
    client = distribution.tuteur.client()
    assert client.post(f"/agir-pour/{seconde.pk}/").status_code == 302
    assert "État des lieux" in client.get("/ma-journee/").content.decode()
    assert client.post(f"/agir-pour/{distribution.acheteur.adhesion.pk}/").status_code == 404
    assert client.post("/sortir/").status_code == 302
    assert client.get("/ma-journee/").status_code == 302


TEXTE = "Sofia accueille les visiteurs et range les dossiers du matin."


def test_un_formulaire_envoye_apres_la_fin_de_la_session_rend_ses_textes(distribution: Distribution) -> None:
    page = f"/jeunes/{distribution.jeune().pk}/modifier/"
    reponse = Client().post(page, {"contraintes": TEXTE}, headers={"referer": f"http://testserver{page}"})
    assert reponse.status_code == 403
    html = reponse.content.decode()
    assert TEXTE in html and "Entrer de nouveau" in html
    assert f"/connexion/?next=http%3A//testserver{page}" in html or f"/connexion/?next={page}" in html


@pytest.mark.parametrize("origine", ["https://ailleurs.example/piege/", ""])
def test_apres_la_session_on_ne_revient_pas_ailleurs(db: None, origine: str) -> None:
    reponse = Client().post("/sortir/", headers={"referer": origine} if origine else {})
    assert reponse.status_code == 302 and reponse["Location"] == "/connexion/?next=/ma-journee/"
