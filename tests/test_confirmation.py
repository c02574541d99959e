"""The second factor: nothing opens before it, a code serves once, a lost telephone has a way out."""

import datetime as dt
import io
import re
import time
from base64 import b32encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from raccord.comptes.models import Adhesion, Telephone
from raccord.echeances.models import Message
from raccord.socle.exceptions import ScellementRompu
from raccord.socle.models import Journal
from tests.distribution import Distribution, Personne
from tests.test_matrice import TABLE_LUE

AVANT = {"comptes:confirmer", "comptes:activer", "comptes:sortir", "comptes:changer_adhesion"}


def entree(personne: Personne) -> Client:
    """A browser that came in by a mail link."""
    client = Client()
    client.force_login(personne.utilisateur, backend="sesame.backends.ModelBackend")
    return client


def code_de(telephone: Telephone) -> str:
    return f"{totp(telephone.bin_key):06d}"


def activer(client: Client) -> list[str]:
    """Register a telephone as a person does: from what the page says. Returns the recovery codes."""
    soupe = BeautifulSoup(client.get("/confirmation/telephone/").content, "html.parser")
    cle = soupe.find("code").text.replace(" ", "")
    telephone = Telephone.objects.get(confirmed=False)
    assert parse_qs(urlsplit(telephone.config_url).query)["secret"] == [cle]
    reponse = client.post("/confirmation/telephone/", {"code": code_de(telephone)})
    assert reponse.status_code == 200
    return [code.text for code in BeautifulSoup(reponse.content, "html.parser").find_all("code")]


# --- What stays closed -----------------------------------------------------------------------------


def _adresse_de(nom: str) -> str:
    """An address of that name, whatever its object: the door is before the view."""
    *espaces, dernier = nom.split(":")
    resolveur = get_resolver()
    for espace in espaces:
        resolveur = resolveur.namespace_dict[espace][1]
    convertisseurs = resolveur.reverse_dict.getlist(dernier)[0][3]
    exemples = {"UUIDConverter": uuid4(), "IntConverter": 1}
    return reverse(nom, kwargs={cle: exemples.get(type(c).__name__, "x") for cle, c in convertisseurs.items()})


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("qui", ["coordonnateur", "national"])
def test_rien_de_prive_ne_s_ouvre_avant_le_code(distribution: Distribution, qui: str, methode: str) -> None:
    """Every address of the matrix that a visitor is sent away from."""
    client, vues = entree(getattr(distribution, qui)), 0
    for nom, (_, methodes) in TABLE_LUE.items():
        if methodes[methode.upper()][0] != 302 or nom in AVANT or nom.startswith("demo:"):
            continue
        adresse = _adresse_de(nom)
        if "/connexion/" not in Client().get(adresse).headers.get("Location", ""):
            continue  # a public page that redirects
        reponse = getattr(client, methode)(adresse)
        assert reponse.status_code == 302 and reponse["Location"].startswith("/confirmation/?next="), nom
        vues += 1
    assert vues > 40


def test_avant_le_code_on_est_un_visiteur(distribution: Distribution) -> None:
    """On public pages too: neither the menu of the role nor what it sees; and the way out is there."""
    client = entree(distribution.coordonnateur)
    page = client.get("/offres/").content.decode()
    assert "État des lieux" not in page and "Se déconnecter" in page
    assert client.post("/sortir/").status_code == 302
    assert "/connexion/" in client.get("/ma-journee/")["Location"]


def test_avant_le_code_un_formulaire_rend_son_texte(distribution: Distribution) -> None:
    texte = "Un motif assez long pour mériter d'être recopié avant de recommencer."
    reponse = entree(distribution.national).post(f"/offres/{uuid4()}/decliner/", {"motif": texte})
    assert reponse.status_code == 403 and "Un motif assez long" in reponse.content.decode()
    assert "/confirmation/?next=" in reponse.content.decode()


def test_les_autres_n_ont_pas_de_code_a_donner(distribution: Distribution) -> None:
    for personne in (distribution.tuteur, distribution.acheteur_collegue):
        client = entree(personne)
        assert client.get("/ma-journee/").status_code == 200
        for adresse in ("/confirmation/", "/confirmation/telephone/"):
            assert client.get(adresse).status_code == 404
        assert client.post("/confirmation/codes/").status_code == 404
        assert "téléphone" not in client.get("/mon-compte/").content.decode()
    assert Telephone.objects.count() == 0


def test_un_autre_role_de_la_meme_personne_reste_ouvert(distribution: Distribution) -> None:
    """Coordinator here, tutor there: the code is asked under the first membership only."""
    simple = Adhesion.objects.create(
        utilisateur=distribution.coordonnateur.utilisateur,
        organisation=distribution.tuteur_etranger.organisation,
        role="tuteur",
    )
    client = entree(distribution.coordonnateur)
    assert client.get("/ma-journee/").status_code == 302
    assert client.post(f"/agir-pour/{simple.pk}/").status_code == 302
    assert client.get("/ma-journee/").status_code == 200
    client.post(f"/agir-pour/{distribution.coordonnateur.adhesion.pk}/")
    assert "/confirmation/" in client.get("/ma-journee/")["Location"]


# --- Registering -----------------------------------------------------------------------------------


def test_enregistrer_puis_entrer(distribution: Distribution) -> None:
    client = entree(distribution.coordonnateur)
    porte = client.get("/etat-des-lieux/")["Location"]
    assert porte == "/confirmation/?next=/etat-des-lieux/"
    assert client.get(porte)["Location"] == "/confirmation/telephone/?next=/etat-des-lieux/"
    page = client.get("/confirmation/telephone/?next=/etat-des-lieux/").content.decode()
    assert 'src="data:image/svg+xml' in page and "<style" not in page
    assert client.get("/confirmation/telephone/").content.decode().count("data:image/svg+xml") == 1
    codes = activer(client)
    assert len(set(codes)) == 10 and all(re.fullmatch(r"\d{4} \d{4} \d{4}", code) for code in codes)
    assert client.get("/etat-des-lieux/").status_code == 200
    assert Journal.objects.filter(verbe="compte.telephone").count() == 1
    assert (
        Message.objects.get(code="comptes.confirmation_changee").courriel
        == distribution.coordonnateur.utilisateur.courriel
    )


def test_le_premier_code_faux_n_enregistre_rien(distribution: Distribution) -> None:
    client = entree(distribution.national)
    client.get("/confirmation/telephone/")
    for faux in ("000000", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "1_2_3_4", "-12345", ""):
        assert client.post("/confirmation/telephone/", {"code": faux}).status_code == 422, faux
    assert not Telephone.objects.filter(confirmed=True).exists()
    assert client.get("/ma-journee/").status_code == 302


def test_les_codes_ne_se_gardent_ni_ne_se_remontrent(distribution: Distribution) -> None:
    client = entree(distribution.national)
    codes = activer(client)
    gardes = {jeton.token for jeton in StaticToken.objects.all()}
    assert len(gardes) == 10 and not gardes & {code.replace(" ", "") for code in codes}
    page = client.get("/mon-compte/").content.decode()
    assert "10" in page and not any(code in page for code in codes)


def test_une_boite_volee_ne_remplace_pas_le_telephone(distribution: Distribution) -> None:
    """Whoever has the mailbox alone is sent to give a code, not to register another telephone."""
    activer(entree(distribution.coordonnateur))
    voleur = entree(distribution.coordonnateur)
    assert "/confirmation/?next=" in voleur.get("/confirmation/telephone/")["Location"]
    assert "/confirmation/?next=" in voleur.post("/confirmation/telephone/", {"code": "123456"})["Location"]
    assert "/confirmation/?next=" in voleur.post("/confirmation/codes/")["Location"]
    assert Telephone.objects.count() == 1


def test_changer_de_telephone(distribution: Distribution) -> None:
    client, autre = entree(distribution.coordonnateur), entree(distribution.coordonnateur)
    activer(client)
    ancien = Telephone.objects.get()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2), tick=False):
        autre.post("/confirmation/", {"code": code_de(ancien)})
        assert autre.get("/ma-journee/").status_code == 200
        activer(client)
        assert Telephone.objects.get().pk != ancien.pk
        assert autre.get("/ma-journee/").status_code == 302  # the other browser had shown the former one
        assert client.get("/ma-journee/").status_code == 200


# --- Entering --------------------------------------------------------------------------------------


@pytest.fixture
def telephone(distribution: Distribution) -> Telephone:
    return distribution.coordonnateur.telephone()


def test_le_code_ouvre_et_mene_ou_l_on_allait(distribution: Distribution, telephone: Telephone) -> None:
    client = entree(distribution.coordonnateur)
    cle = client.session.session_key
    code = code_de(telephone)
    reponse = client.post("/confirmation/?next=/etat-des-lieux/", {"code": f"{code[:3]} {code[3:]}"})
    assert reponse.status_code == 302 and reponse["Location"] == "/etat-des-lieux/"
    assert client.session.session_key != cle
    assert client.get("/etat-des-lieux/").status_code == 200
    assert client.get("/confirmation/")["Location"] == "/ma-journee/"


@pytest.mark.parametrize("suite", ["https://ailleurs.example/", "//ailleurs.example"])
def test_le_code_ne_mene_pas_ailleurs(distribution: Distribution, telephone: Telephone, suite: str) -> None:
    reponse = entree(distribution.coordonnateur).post(f"/confirmation/?next={suite}", {"code": code_de(telephone)})
    assert reponse["Location"] == "/ma-journee/"


def test_un_code_ne_sert_qu_une_fois(distribution: Distribution, telephone: Telephone) -> None:
    code = code_de(telephone)
    assert entree(distribution.coordonnateur).post("/confirmation/", {"code": code}).status_code == 302
    reponse = entree(distribution.coordonnateur).post("/confirmation/", {"code": code})
    assert reponse.status_code == 422 and "déjà servi" in reponse.content.decode()


def test_le_code_d_un_autre_ou_trop_vieux(distribution: Distribution, telephone: Telephone) -> None:
    client, autre = entree(distribution.coordonnateur), distribution.national.telephone()
    assert client.post("/confirmation/", {"code": code_de(autre)}).status_code == 422
    ancien = code_de(telephone)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2), tick=False):
        assert client.post("/confirmation/", {"code": ancien}).status_code == 422
        assert client.get("/ma-journee/").status_code == 302


def test_deviner_s_arrete_vite(distribution: Distribution, telephone: Telephone) -> None:
    """Five tries a quarter of an hour for the person, from however many browsers; then even the right code waits."""
    for _ in range(5):
        assert entree(distribution.coordonnateur).post("/confirmation/", {"code": "000000"}).status_code == 422
    client = entree(distribution.coordonnateur)
    assert client.post("/confirmation/", {"code": code_de(telephone)}).status_code == 429
    assert client.get("/ma-journee/").status_code == 302
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=15), tick=False):
        assert client.post("/confirmation/", {"code": code_de(telephone)}).status_code == 302
        assert entree(distribution.coordonnateur).post("/confirmation/", {"code": "000000"}).status_code == 422


@pytest.mark.django_db(transaction=True)
@pytest.mark.horloge_reelle
@pytest.mark.parametrize("bon", [True, False])
def test_une_course_de_codes(bon: bool) -> None:
    """The right code at the same instant from several browsers: one comes in. Wrong ones: five are looked at."""
    distribution = Distribution()
    telephone = distribution.coordonnateur.telephone()
    time.sleep(max(0.0, 30 - time.time() % 30 - 27))  # not astride two codes
    clients = [entree(distribution.coordonnateur) for _ in range(8)]
    code = code_de(telephone) if bon else "000000"

    def essayer(client: Client) -> int:
        try:
            return int(client.post("/confirmation/", {"code": code}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as fils:
        statuts = list(fils.map(essayer, clients))
    if bon:
        assert statuts.count(302) == 1
    else:
        assert sorted(statuts) == [422] * 5 + [429] * 3


# --- Without the telephone -------------------------------------------------------------------------


def test_un_code_de_secours_ouvre_une_fois(distribution: Distribution) -> None:
    codes = activer(entree(distribution.coordonnateur))
    client = entree(distribution.coordonnateur)
    assert client.post("/confirmation/", {"code": codes[3]}).status_code == 302
    assert "Enregistrez-en un autre" in client.get("/ma-journee/").content.decode()
    reponse = entree(distribution.coordonnateur).post("/confirmation/", {"code": codes[3]})
    assert reponse.status_code == 422
    assert StaticToken.objects.count() == 9
    assert Journal.objects.filter(verbe="compte.secours").count() == 1
    assert Message.objects.filter(corps__contains="code de secours vient de servir").count() == 1


def test_le_code_de_secours_d_un_autre(distribution: Distribution, telephone: Telephone) -> None:
    codes = activer(entree(distribution.national))
    assert entree(distribution.coordonnateur).post("/confirmation/", {"code": codes[0]}).status_code == 422


def test_refaire_ses_codes(distribution: Distribution) -> None:
    client = entree(distribution.coordonnateur)
    anciens = activer(client)
    entre_par_secours = entree(distribution.coordonnateur)
    entre_par_secours.post("/confirmation/", {"code": anciens[0]})
    reponse = client.post("/confirmation/codes/")
    nouveaux = [code.text for code in BeautifulSoup(reponse.content, "html.parser").find_all("code")]
    assert len(nouveaux) == 10 and not set(nouveaux) & set(anciens)
    assert entree(distribution.coordonnateur).post("/confirmation/", {"code": anciens[1]}).status_code == 422
    assert entree(distribution.coordonnateur).post("/confirmation/", {"code": nouveaux[1]}).status_code == 302
    assert entre_par_secours.get("/ma-journee/").status_code == 200


def test_retirer_le_telephone_sur_la_machine(distribution: Distribution) -> None:
    client = entree(distribution.coordonnateur)
    activer(client)
    sortie = io.StringIO()
    call_command("retirer_totp", distribution.coordonnateur.utilisateur.courriel.upper(), stdout=sortie)
    assert "retirés" in sortie.getvalue()
    assert "/connexion/" in client.get("/ma-journee/")["Location"]
    assert Telephone.objects.count() == StaticToken.objects.count() == 0
    ligne = Journal.objects.get(verbe="compte.retirer_telephone")
    assert ligne.objet_id == distribution.coordonnateur.organisation.pk and ligne.acteur_genre == "systeme"
    assert Message.objects.filter(corps__contains="téléphone de confirmation a été retiré").count() == 1
    distribution.coordonnateur.utilisateur.refresh_from_db()
    assert entree(distribution.coordonnateur).get("/confirmation/")["Location"].startswith("/confirmation/telephone/")
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("retirer_totp", "personne@essai.example")


def test_un_telephone_retire_ferme_ce_qu_il_avait_ouvert(distribution: Distribution, telephone: Telephone) -> None:
    client = distribution.coordonnateur.client()
    assert client.get("/ma-journee/").status_code == 200
    telephone.delete()
    assert client.get("/ma-journee/").status_code == 302


# --- The demonstration -----------------------------------------------------------------------------


def test_la_demonstration_entre_d_un_geste(distribution: Distribution) -> None:
    """Only by its own door, only a fictitious account; by a mail link the same account gives its code."""
    client: Any = Client()
    client.post(f"/demo/entrer/{distribution.coordonnateur.adhesion.pk}/")
    assert client.get("/ma-journee/").status_code == 200
    utilisateur = distribution.coordonnateur.utilisateur
    utilisateur.courriel = "camille.roy@ac-lille.fr"
    utilisateur.save(update_fields=["courriel"])
    assert client.get("/ma-journee/").status_code == 302
    assert entree(distribution.national).get("/ma-journee/").status_code == 302


# --- The secret at rest ------------------------------------------------------------------------------


def test_le_secret_est_scelle_et_a_une_seule_personne(distribution: Distribution, telephone: Telephone) -> None:
    """A copy of the base makes no code; a secret written there by hand, or moved, opens nothing."""
    lu, secret = TOTPDevice.objects.get(pk=telephone.pk).key, telephone.bin_key
    assert len(secret) == 20 and secret.hex() not in lu and b32encode(secret).decode() not in lu
    for faux in (secret.hex(), distribution.national.telephone().key, "AAAA"):
        TOTPDevice.objects.filter(pk=telephone.pk).update(key=faux)
        with pytest.raises(ScellementRompu, match="téléphone n'est plus reconnu"):
            Telephone.objects.get(pk=telephone.pk).verify_token("123456")
    TOTPDevice.objects.filter(pk=telephone.pk).update(key=lu)
    assert Telephone.objects.get(pk=telephone.pk).bin_key == secret


def test_un_telephone_illisible_le_dit(distribution: Distribution, telephone: Telephone) -> None:
    TOTPDevice.objects.filter(pk=telephone.pk).update(key="AAAA")
    client = Client()
    client.force_login(distribution.coordonnateur.utilisateur, backend="sesame.backends.ModelBackend")
    reponse = client.post("/confirmation/", {"code": "123456"})
    assert reponse.status_code == 409 and "code de secours" in reponse.content.decode()
