"""Not too many tries: counted in the base, exactly, without anybody's name."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.echeances.models import Message
from raccord.socle import limites
from raccord.socle.exceptions import TropDEssais
from raccord.socle.models import Essai, Parametre
from tests.distribution import Distribution
from tests.fournisseur_menteur import fournisseur_en_service


def _limiter(limite: str, nombre: int, minutes: int = 15) -> None:
    Parametre.objects.filter(cle=f"limite_{limite}").update(valeur=[nombre, minutes])


def _demander(courriel: str, **meta: Any) -> Any:
    return Client().post("/connexion/", {"courriel": courriel}, **meta)


# --- Sign-in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("existe", [True, False])
def test_trop_de_demandes_pour_une_adresse(distribution: Distribution, existe: bool) -> None:
    """The same whether the account exists or not, from wherever it is asked, and it comes back by itself."""
    courriel = distribution.tuteur.utilisateur.courriel if existe else "personne@essai.example"
    for i in range(5):
        assert _demander(courriel, REMOTE_ADDR=f"192.0.2.{i}").status_code == 200
    reponse = _demander(courriel.upper(), REMOTE_ADDR="192.0.2.9")
    assert reponse.status_code == 429 and reponse["Retry-After"] == "900"
    assert "réessayez dans 15" in reponse.content.decode()
    assert Message.objects.count() == (5 if existe else 0)
    assert _demander(distribution.acheteur.utilisateur.courriel, REMOTE_ADDR="192.0.2.9").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=15), tick=False):
        assert _demander(courriel).status_code == 200


def test_demander_un_autre_lien_compte_aussi(distribution: Distribution) -> None:
    courriel = distribution.tuteur.utilisateur.courriel
    for _ in range(4):
        _demander(courriel)
    lien = Message.objects.order_by("pk")[0].corps.split("/connexion/")[1].split("/")[0]
    assert Client().post(f"/connexion/{lien}/autre/").status_code == 200
    assert Client().post(f"/connexion/{lien}/autre/").status_code == 429
    assert _demander(courriel).status_code == 429


def test_trop_de_demandes_d_un_meme_reseau(db: None) -> None:
    _limiter("connexion_reseau", 3)
    for i in range(3):
        assert _demander(f"a{i}@essai.example", REMOTE_ADDR="2001:db8:1:2::1").status_code == 200
    assert _demander("a9@essai.example", REMOTE_ADDR="2001:db8:1:2:ffff::9").status_code == 429  # same subscriber
    assert _demander("a9@essai.example", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.horloge_reelle
def test_une_course_ne_passe_pas_la_limite() -> None:
    distribution = Distribution()
    courriel = distribution.tuteur.utilisateur.courriel

    def demander(_: int) -> int:
        try:
            return int(_demander(courriel).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as fils:
        statuts = list(fils.map(demander, range(24)))
    assert sorted(statuts) == [200] * 5 + [429] * 19
    assert Message.objects.count() == 5


# --- Links and public forms ------------------------------------------------------------------------


def test_trop_de_liens_inconnus(distribution: Distribution) -> None:
    """A network that guesses finds nothing any more, not even a link that exists; another network does."""
    _limiter("lien_inconnu", 3)
    adresse = liens.creer_pour_contact("parcours.suivi", distribution.entreprise.pk, distribution.referent)
    vrai = f"/lien/{adresse.rstrip('/').rsplit('/', 1)[1]}/"
    for i, suite in enumerate(("", "confier/", "")):
        assert Client().get(f"/lien/invente{i}/{suite}").status_code == 404
    assert Client().get("/lien/invente9/").status_code == 429
    for chemin in (vrai, f"{vrai}confier/"):
        assert Client().get(chemin).status_code == 429
    assert Client().post(f"{vrai}nouveau/").status_code == 429
    assert LienAction.objects.get().ouvert_le is None
    assert Client().get(f"{vrai}confier/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_une_action_ne_se_confie_pas_sans_fin(distribution: Distribution) -> None:
    """From hand to hand, to addresses that somebody chooses: five times a day, then no more letters."""
    adresse = liens.creer_pour_contact("parcours.suivi", distribution.entreprise.pk, distribution.referent)
    statuts = []
    for i in range(6):
        chemin = "/" + adresse.split("/", 3)[3]
        champs = {"nom": "Dominique Petit", "courriel": f"colleague{i}@essai.example"}
        statuts.append(Client().post(f"{chemin}confier/", champs, REMOTE_ADDR=f"192.0.2.{i}").status_code)
        if statuts[-1] == 200:
            corps = Message.objects.get(courriel=champs["courriel"]).corps
            adresse = next(mot for mot in corps.split() if "/lien/" in mot)
    assert statuts == [200] * 5 + [429]
    assert Client().get("/" + adresse.split("/", 3)[3] + "confier/").status_code == 200  # the link still lives


TEXTE = "Nous accueillerions volontiers un jeune à l'atelier, le matin."


def test_un_formulaire_public_refuse_rend_son_texte(db: None) -> None:
    _limiter("formulaire_public", 0)
    champs = {"nom": "Dominique", "courriel": "d@essai.example", "fonction": TEXTE}
    adresse = liens.creer_pour_contact("parcours.suivi", Distribution().entreprise.pk, Distribution().referent)
    reponse = Client().post("/" + adresse.split("/", 3)[3] + "confier/", champs)
    assert reponse.status_code == 429 and TEXTE in reponse.content.decode().replace("&#x27;", "'")


def test_demander_a_rejoindre_se_compte(distribution: Distribution) -> None:
    _limiter("formulaire_public", 0)
    champs = {"courriel": "d@essai.example", "prenom": "Dominique", "nom": "Essai", "role": "acheteur", "mot": TEXTE}
    adresse = reverse("comptes:demander", args=[distribution.acheteur.organisation.pk])
    reponse = Client().post(adresse, champs)
    assert reponse.status_code == 429 and TEXTE in reponse.content.decode().replace("&#x27;", "'")
    assert Client().post(reverse("comptes:redemander_invitation", args=["x" * 43])).status_code == 429


# --- What is kept ----------------------------------------------------------------------------------


def test_rien_de_personne_n_est_garde(distribution: Distribution) -> None:
    _demander(distribution.tuteur.utilisateur.courriel, REMOTE_ADDR="192.0.2.1")
    assert Essai.objects.count() == 2
    for essai in Essai.objects.all():
        assert len(essai.cle) == 64 and not {"192", "@"} & {essai.cle[:3], essai.cle}
        assert "@" not in f"{essai.cle}{essai}"


def test_les_compteurs_finis_s_oublient_chaque_jour(db: None) -> None:
    limites.compter("connexion", "a@essai.example")
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        limites.compter("connexion", "b@essai.example")
        call_command("relever_echeances", sans_envoi=True)
        assert Essai.objects.count() == 1


def test_ce_qui_reussit_oublie_les_essais(db: None) -> None:
    for _ in range(5):
        limites.compter("code", "x")
    with pytest.raises(TropDEssais):
        limites.compter("code", "x")
    limites.oublier("code", "x")
    limites.compter("code", "x")


@pytest.mark.parametrize(
    ("proxy", "meta", "attendu"),
    [
        (False, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}, "192.0.2.1"),
        (True, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}, "198.51.100.7"),
        (True, {"REMOTE_ADDR": "127.0.0.1"}, "127.0.0.1"),
        (False, {"REMOTE_ADDR": "::ffff:192.0.2.1"}, "192.0.2.1"),
        (False, {"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"),
        (False, {"REMOTE_ADDR": ""}, "inconnu"),
        (True, {"HTTP_X_FORWARDED_FOR": "<script>"}, "inconnu"),
    ],
)
def test_d_ou_vient_une_requete(settings: Any, proxy: bool, meta: dict[str, str], attendu: str) -> None:
    """What the visitor writes in X-Forwarded-For is not believed: only what our own proxy adds to it."""
    settings.DERRIERE_PROXY = proxy
    assert limites.reseau(RequestFactory().get("/", **meta)) == attendu


def test_trop_de_departs_vers_proconnect(distribution: Distribution, settings: Any) -> None:
    """Each asks the provider for its addresses and keeps a state: counted before either."""
    _limiter("proconnect", 2)
    with fournisseur_en_service() as fournisseur:
        settings.PROCONNECT = fournisseur.reglages
        statuts = [Client().get("/proconnect/", REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)]
        assert statuts == [302, 302, 429]
        assert Client().get("/proconnect/", REMOTE_ADDR="192.0.2.2").status_code == 302
    cache.clear()
