"""Action links: shown by GET, done by POST, renewed, handed over, closed."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction
from raccord.comptes.requete import Requete
from raccord.echeances.models import Message
from raccord.socle.exceptions import DejaFait
from raccord.socle.models import Journal
from tests.distribution import Distribution


def _vue(request: Requete, lien: LienAction) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.contexte.role} {request.contexte.contact_id}", "text/plain")


@pytest.fixture(autouse=True)
def essai() -> Iterator[None]:
    liens.definir("essai.dire", "Dire quelque chose", _vue)
    yield
    del liens.DEFINITIONS["essai.dire"]


def _chemin(adresse: str) -> str:
    return "/" + adresse.split("/", 3)[3]


@pytest.fixture
def chemin(distribution: Distribution) -> str:
    return _chemin(liens.creer_pour_contact("essai.dire", distribution.entreprise.pk, distribution.referent))


def test_le_porteur_agit_sans_compte(distribution: Distribution, chemin: str) -> None:
    assert Client().get(chemin).content.decode() == f"GET entreprise {distribution.referent.pk}"
    assert Client().post(chemin).content.decode() == f"POST entreprise {distribution.referent.pk}"


def test_un_robot_qui_demande_l_en_tete_a_la_meme_reponse(chemin: str) -> None:
    assert Client().head(chemin).status_code == Client().head(f"{chemin}confier/").status_code == 200
    assert Client().head(chemin[:-5] + "/").status_code == 404
    assert LienAction.objects.get().valide


def test_le_secret_n_est_pas_garde(chemin: str) -> None:
    jeton = chemin.strip("/").split("/")[1]
    lien = LienAction.objects.get()
    assert jeton not in {str(valeur) for valeur in vars(lien).values()}


@pytest.mark.parametrize("coupe", [1, 5, 20])
def test_lien_tronque(chemin: str, coupe: int) -> None:
    reponse = Client().get(chemin.rstrip("/")[:-coupe] + "/")
    assert reponse.status_code == 404
    assert "pas complet" in reponse.content.decode()


def test_lien_expire_puis_renouvele(distribution: Distribution, chemin: str) -> None:
    with time_machine.travel(timezone.now() + dt.timedelta(days=61), tick=False):
        reponse = Client().get(chemin)
        assert reponse.status_code == 410 and "Recevoir un nouveau lien" in reponse.content.decode()
        assert Client().post(chemin).status_code == 410
        assert Client().post(f"{chemin}nouveau/").status_code == 200
        message = Message.objects.get(code="comptes.lien_renouvele")
        assert message.courriel == distribution.referent.courriel
        nouveau = re.search(r"https?://[^/\s]+(/lien/\S+/)", message.corps)
        assert nouveau and Client().get(nouveau.group(1)).status_code == 200
        assert Client().get(chemin).status_code == 410


@pytest.mark.parametrize("suite", ["", "confier/"])
def test_un_lien_expire_rend_le_texte_qu_on_y_envoyait(chemin: str, suite: str) -> None:
    texte = "Le jeune accueillera les clients avec Dominique, le matin."
    with time_machine.travel(timezone.now() + dt.timedelta(days=61), tick=False):
        reponse = Client().post(chemin + suite, {"taches": texte})
    assert reponse.status_code == 410 and texte in reponse.content.decode()


def test_confier_a_un_collegue(distribution: Distribution, chemin: str) -> None:
    bonne = {"nom": "Dominique Petit", "fonction": "Cheffe d'atelier", "courriel": "d.petit@essai.example"}
    reponse = Client().post(f"{chemin}confier/", bonne)
    assert reponse.status_code == 200 and "c’est confié" in reponse.content.decode()
    contact = Contact.objects.get(courriel="d.petit@essai.example")
    assert contact.organisation_id == distribution.entreprise.pk
    assert Client().get(chemin).status_code == 410
    assert Client().post(f"{chemin}confier/", bonne).status_code == 410
    Client().post(f"{chemin}nouveau/")  # a closed link does not come back by this road
    assert not Message.objects.filter(code="comptes.lien_renouvele").exists()
    message = Message.objects.get(code="comptes.lien_confie")
    assert message.courriel == contact.courriel
    nouveau = re.search(r"https?://[^/\s]+(/lien/\S+/)", message.corps)
    assert nouveau and Client().get(nouveau.group(1)).content.decode() == f"GET entreprise {contact.pk}"
    assert Journal.objects.filter(verbe="lien.confier").exists()


def test_confier_deux_fois_au_meme_instant(distribution: Distribution, chemin: str) -> None:
    lien = LienAction.objects.select_related("contact__organisation").get()
    bonne = {"nom": "Dominique Petit", "fonction": "Cheffe d'atelier", "courriel": "d.petit@essai.example"}
    liens.confier(lien, **bonne)
    with pytest.raises(DejaFait):  # the other request had read the link before
        liens.confier(lien, **bonne)
    assert Message.objects.filter(code="comptes.lien_confie").count() == 1
    assert LienAction.objects.filter(revoque_le__isnull=True).count() == 1


@pytest.mark.parametrize(
    "champs",
    [
        {"nom": "", "courriel": "x@essai.example"},
        {"nom": "Dominique", "courriel": "pas une adresse"},
        {"nom": "a" * 10_000, "courriel": "x@essai.example"},
        {"nom": "Dominique", "courriel": "x@essai.example\r\nBcc: y@essai.example"},
    ],
)
def test_confier_mal_rempli_ne_perd_rien(chemin: str, champs: dict[str, str]) -> None:
    reponse = Client().post(f"{chemin}confier/", champs)
    assert reponse.status_code == 422
    assert champs["nom"][:50] in reponse.content.decode()
    assert Client().get(chemin).status_code == 200


def test_un_lien_n_ouvre_pas_le_reste(chemin: str) -> None:
    client = Client()
    client.get(chemin)
    assert client.get("/ma-journee/").status_code == 302


def test_un_lien_de_jeune_ne_se_confie_pas(distribution: Distribution) -> None:
    chemin = _chemin(liens.creer_pour_jeune("essai.dire", distribution.entreprise.pk, distribution.jeune().pk))
    assert Client().get(f"{chemin}confier/").status_code == 404


def test_un_message_garde_ses_apostrophes(distribution: Distribution) -> None:
    distribution.entreprise.nom = "L'Atelier d'Anne & fils"
    distribution.entreprise.save()
    chemin = _chemin(liens.creer_pour_contact("essai.dire", distribution.entreprise.pk, distribution.referent))
    Client().post(f"{chemin}confier/", {"nom": "Dominique Petit", "courriel": "d.petit@essai.example"})
    assert "L'Atelier d'Anne & fils" in Message.objects.get(code="comptes.lien_confie").corps
