"""Signing in by a mail link: nothing to guess, nothing burnt by a scanner."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string
from sesame.utils import get_token

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, Utilisateur
from raccord.echeances.models import Message
from tests.distribution import Distribution


def _lien(distribution: Distribution, page: str = "/connexion/") -> str:
    Client().post(page, {"courriel": distribution.tuteur.utilisateur.courriel})
    return _dernier_lien()


def _dernier_lien() -> str:
    message = Message.objects.filter(code="comptes.connexion").latest("cree_le", "pk")
    trouve = re.search(r"https?://[^/\s]+(/connexion/\S+)", message.corps)
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


@pytest.mark.parametrize("cas", ["expire", "deja_servi", "signature_coupee"])
def test_un_autre_lien_sans_rien_retaper(distribution: Distribution, cas: str) -> None:
    """From the dead link itself: same address, same page to go to."""
    lien = _lien(distribution, "/connexion/?next=/jeunes/")
    if cas == "deja_servi":
        Client().post(lien)
    if cas == "signature_coupee":
        lien = re.sub(r".{4}/\?next", "/?next", lien)
    plus_tard = dt.timedelta(minutes=20 if cas == "expire" else 1)
    with time_machine.travel(timezone.now() + plus_tard, tick=False):
        reponse = Client().post(lien)
        assert reponse.status_code == 410
        page = BeautifulSoup(reponse.content, "html.parser")
        autre = page.find("form", action=re.compile("/autre/"))["action"]
        assert page.find("input", attrs={"name": "courriel"}) is None
        assert Client().post(autre).status_code == 200
        nouveau = _dernier_lien()
        assert nouveau != lien
        assert Client().post(nouveau)["Location"] == "/jeunes/"


def test_un_autre_lien_ne_dit_pas_si_le_compte_existe(distribution: Distribution) -> None:
    """A link made up for an account that is not, one for an account that is: same page, no message for the first."""
    inconnu = get_token(Utilisateur(pk=uuid4(), courriel="x@essai.example", password="!x"))
    connu = get_token(distribution.tuteur.utilisateur)
    pages = [_neutre(Client().post(f"/connexion/{jeton}/autre/")) for jeton in (inconnu, connu)]
    assert pages[0] == pages[1] and "une fois" in pages[0]
    assert [message.courriel for message in Message.objects.all()] == [distribution.tuteur.utilisateur.courriel]
    assert Client().post("/connexion/abc/autre/")["Location"] == "/connexion/"
    assert Client().get(f"/connexion/{connu}/autre/").status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.horloge_reelle
def test_deux_usages_au_meme_instant_un_seul_entre() -> None:
    lien = _lien(Distribution())
    with ThreadPoolExecutor(8) as fils:
        statuts = list(fils.map(lambda _: _poster(lien), range(8)))
    assert sorted(statuts) == [302] + [410] * 7


def _poster(adresse: str, champs: dict[str, str] | None = None) -> int:
    try:
        return Client().post(adresse, champs or {}).status_code
    finally:
        connection.close()


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
        adresse: _neutre(Client().post("/connexion/", {"courriel": adresse})).replace(adresse, "X")
        for adresse in (connu, inconnu)
    }
    assert reponses[connu] == reponses[inconnu]
    assert Message.objects.filter(courriel=inconnu).count() == 0
    assert Message.objects.exclude(courriel=connu).count() == 0


def _neutre(reponse: HttpResponse) -> str:
    return re.sub(r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"', "", reponse.content.decode())


def test_meme_travail_que_le_compte_existe_ou_non(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same statements in the same order, a token and a rendered message each: the clock has nothing to tell."""
    distribution.tuteur_collegue.utilisateur.is_active = False
    distribution.tuteur_collegue.utilisateur.save()
    travaux: list[str] = []
    for quoi in ("raccord.comptes.actions.get_token", "raccord.echeances.boite.composer"):
        faire = import_string(quoi)
        monkeypatch.setattr(quoi, lambda *args, faire=faire, quoi=quoi: travaux.append(quoi) or faire(*args))
    couts = []
    for adresse in (
        distribution.tuteur.utilisateur.courriel,
        "personne@essai.example",
        distribution.tuteur_collegue.utilisateur.courriel,
    ):
        travaux.clear()
        with CaptureQueriesContext(connection) as requetes:
            Client().post("/connexion/", {"courriel": adresse})
        ordres = [_forme(requete["sql"]) for requete in requetes]
        couts.append(([ordre for ordre in ordres if "savepoint" not in ordre], len(ordres), list(travaux)))
    assert couts[0] == couts[1] == couts[2]
    assert len(couts[0][2]) == 2 and any("insert into echeances_message" in ordre for ordre in couts[0][0])


def _forme(sql: str) -> str:
    """A statement without its values."""
    sans = re.sub(r"'(?:[^']|'')*'(::\w+)?|\b\d+\b", "?", sql.replace('"', "").lower())
    return re.sub(r"\s+", " ", re.sub(r"(rollback to|release) savepoint .*", "fin de savepoint", sans))


def test_compte_ferme(distribution: Distribution) -> None:
    lien = _lien(distribution)
    distribution.tuteur.utilisateur.is_active = False
    distribution.tuteur.utilisateur.save()
    assert Client().post(lien).status_code == 410


@pytest.mark.parametrize(
    "suite",
    [
        "https://ailleurs.example/",
        "//ailleurs.example",
        "///ailleurs.example",
        "/\\ailleurs.example",
        "http://testserver@ailleurs.example/",
        "http://testserver.ailleurs.example/",
        "javascript:alert(1)",
        "/jeunes/\r\nSet-Cookie: a=b",
        "/" + "a" * 5000,
    ],
)
def test_jamais_vers_ailleurs(distribution: Distribution, suite: str) -> None:
    """Neither asked for with the link, nor added to it afterwards."""
    lien = _lien(distribution, f"/connexion/?{urlencode({'next': suite})}")
    reponse = Client().post(f"{lien.split('?')[0]}?{urlencode({'next': suite})}")
    assert reponse.status_code == 302 and "Set-Cookie: a=b" not in str(reponse.headers)
    assert reponse["Location"] in {"/ma-journee/", quote("/jeunes/\r\nSet-Cookie: a=b", safe="/:=")}
    assert not reponse["Location"].startswith("//")


def test_revient_ou_l_on_allait(distribution: Distribution) -> None:
    """Even from another browser than the one that asked: the link itself knows."""
    reponse = Client().get("/jeunes/?q=a")
    assert reponse.status_code == 302
    lien = _lien(distribution, reponse["Location"])
    assert Client().get(lien).status_code == 200
    assert Client().post(lien)["Location"] == "/jeunes/?q=a"


@pytest.mark.parametrize("courriel", ["", "pas-une-adresse", "a@b\nBcc: x@y.example", "é" * 300 + "@x.example"])
def test_adresse_impossible(db: None, courriel: str) -> None:
    reponse = Client().post("/connexion/", {"courriel": courriel})
    assert reponse.status_code == 422
    assert Message.objects.count() == 0
    assert "Regardez votre courrier" not in reponse.content.decode()


def test_changer_d_organisation_puis_sortir(distribution: Distribution) -> None:
    seconde = Adhesion.objects.create(
        utilisateur=distribution.tuteur.utilisateur,
        organisation=distribution.acheteur.organisation,
        role=Role.ACHETEUR,
    )
    client = distribution.tuteur.client()
    assert client.post(f"/agir-pour/{seconde.pk}/").status_code == 302
    assert "Marchés" in client.get("/ma-journee/").content.decode()
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


# --- How long a session lives ----------------------------------------------------------------------


@pytest.mark.parametrize(("qui", "heures"), [("tuteur", 12), ("acheteur", 12), ("coordonnateur", 8), ("national", 8)])
def test_la_session_dure_selon_le_role(distribution: Distribution, qui: str, heures: int) -> None:
    """Counted from the entry: being busy does not put it off."""
    personne, client = getattr(distribution, qui), Client()
    client.post("/connexion/", {"courriel": personne.utilisateur.courriel})
    client.post(_dernier_lien())
    debut = timezone.now()
    for passees, ouverte in ((heures - 1, True), (heures, False)):
        with time_machine.travel(debut + dt.timedelta(hours=passees, seconds=1), tick=False):
            assert ("/connexion/" not in client.get("/mon-compte/").headers.get("Location", "")) is ouverte


def test_qui_a_deux_roles_a_la_session_du_plus_strict(distribution: Distribution) -> None:
    Adhesion.objects.create(
        utilisateur=distribution.tuteur.utilisateur,
        organisation=distribution.tuteur.organisation,
        role=Role.COORDONNATEUR,
    )
    client = Client()
    client.post(_lien(distribution))
    assert client.session.get_expiry_age() == 8 * 3600


@pytest.mark.parametrize("changement", [{"role": Role.COORDONNATEUR}, {"fin": "2026-10-06T08:00Z"}])
def test_un_role_qui_change_ferme_les_sessions(distribution: Distribution, changement: dict[str, str]) -> None:
    """Whoever writes it, even by `update()`: the database does it. The links on their way are void too."""
    client, lien = distribution.tuteur.client(), _lien(distribution)
    autre = distribution.tuteur_collegue.client()
    assert client.get("/mon-compte/").status_code == 200
    Adhesion.objects.filter(pk=distribution.tuteur.adhesion.pk).update(**changement)
    assert "/connexion/" in client.get("/mon-compte/")["Location"]
    assert Client().post(lien).status_code == 410
    assert autre.get("/mon-compte/").status_code == 200


def test_sortir_de_partout(distribution: Distribution) -> None:
    ici, ailleurs, lien = distribution.tuteur.client(), distribution.tuteur.client(), _lien(distribution)
    assert "Sortir de partout" in ici.get("/mon-compte/").content.decode()
    assert ici.post("/mon-compte/sortir-partout/")["Location"] == "/"
    for client in (ici, ailleurs):
        assert "/connexion/" in client.get("/mon-compte/")["Location"]
    assert Client().post(lien).status_code == 410
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1), tick=False):
        assert Client().post(_lien(distribution)).status_code == 302  # a link asked for since serves


def test_les_sessions_finies_s_oublient_chaque_jour(distribution: Distribution) -> None:
    distribution.tuteur.client()
    with time_machine.travel(timezone.now() + dt.timedelta(days=30), tick=False):
        call_command("travailler", une_fois=True, sans_envoi=True)
    assert Session.objects.count() == 0
