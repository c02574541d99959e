import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from raccord.comptes.intergiciel import CLE_SESSION
from raccord.comptes.models import Utilisateur
from raccord.echeances.models import Message

pytestmark = pytest.mark.django_db
RECUS = "#resultats details"


def message(**champs):
    defauts = {"code": "comptes.connexion", "sujet": "Votre lien", "corps": "Bonjour.\n", "courriel": "a@essai.example"}
    return Message.objects.create(**(defauts | champs))


def page(adresse, **parametres):
    reponse = Client().get(adresse, parametres)
    assert reponse.status_code == 200
    return BeautifulSoup(reponse.content, "html.parser")


# --- Accounts ----------------------------------------------------------------------------------------


def test_sans_donnees_la_page_dit_quoi_faire():
    assert "generer-demo" in page("/demo/").text


def test_un_compte_par_role_et_ce_qui_l_attend(distribution):
    distribution.offre_publiee()
    etranger = distribution.coordonnateur_etranger.adhesion
    etranger.debut += dt.timedelta(days=1)  # the oldest account of a role comes first
    etranger.save()
    soupe = page("/demo/")
    titres = [titre.text for titre in soupe.select("main .rc-grille h2")]
    assert titres == ["Acheteur", "Tuteur MLDS", "Coordonnateur MLDS", "Équipe nationale"]
    assert "1 action l’attend" in soupe.text.replace("\xa0", " ")
    assert distribution.tuteur_collegue.utilisateur.nom_complet in soupe.text


def test_entrer_ouvre_la_session_du_role_choisi(distribution):
    client = Client(enforce_csrf_checks=True)
    soupe = BeautifulSoup(client.get("/demo/").content, "html.parser")
    formulaire = soupe.find("form", action=f"/demo/entrer/{distribution.coordonnateur.adhesion.pk}/")
    jeton = formulaire.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"]
    reponse = client.post(formulaire["action"], {"csrfmiddlewaretoken": jeton}, follow=True)
    assert reponse.redirect_chain == [("/ma-journee/", 302)]
    assert client.session["_auth_user_id"] == str(distribution.coordonnateur.utilisateur.pk)
    assert client.session[CLE_SESSION] == str(distribution.coordonnateur.adhesion.pk)


def test_changer_de_role_quitte_le_precedent(distribution):
    client = distribution.tuteur.client()
    client.post(f"/demo/entrer/{distribution.national.adhesion.pk}/")
    assert client.session["_auth_user_id"] == str(distribution.national.utilisateur.pk)


@pytest.mark.parametrize("adresse", ["camille.roy@ac-lille.fr", "camille@essai.example.fr"])
def test_un_vrai_compte_ne_s_ouvre_jamais_ainsi(distribution, adresse):
    Utilisateur.objects.filter(pk=distribution.national.utilisateur.pk).update(courriel=adresse)
    client = Client()
    assert client.post(f"/demo/entrer/{distribution.national.adhesion.pk}/").status_code == 404
    assert "_auth_user_id" not in client.session
    assert distribution.national.utilisateur.nom_complet not in page("/demo/").text


def test_une_adhesion_finie_ou_inconnue_ne_s_ouvre_pas(distribution):
    adhesion = distribution.tuteur.adhesion
    adhesion.fin = timezone.now()
    adhesion.save()
    assert Client().post(f"/demo/entrer/{adhesion.pk}/").status_code == 404
    assert Client().post("/demo/entrer/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert Client().get(f"/demo/entrer/{adhesion.pk}/").status_code == 405


def test_les_personnes_sans_compte_ont_leurs_messages(distribution):
    distribution.offre_a_confirmer()
    jeune = distribution.jeune()
    message(courriel=jeune.courriel, jeune_id=jeune.pk)
    liens = [lien["href"] for lien in page("/demo/").select("main li a")]
    assert f"/demo/messages/?a={distribution.referent.courriel.replace('@', '%40')}" in liens
    assert f"/demo/messages/?a={jeune.courriel.replace('@', '%40')}" in liens


def test_la_page_de_connexion_y_mene():
    assert page("/connexion/").find("a", href="/demo/")


# --- Messages ----------------------------------------------------------------------------------------


def test_sans_message():
    assert "Aucun message" in page("/demo/messages/").text


def test_le_plus_recent_d_abord_avec_son_destinataire(distribution):
    maintenant = timezone.now()
    message(sujet="Ancien", cree_le=maintenant - dt.timedelta(days=2))
    message(sujet="Récent", organisation_id=distribution.entreprise.pk)
    message(sujet="Par SMS", courriel="", telephone="+33612345678", cree_le=maintenant - dt.timedelta(days=1))
    soupe = page("/demo/messages/")
    recus = soupe.select(RECUS)
    assert [recu.summary.text.split("\n")[2].strip() for recu in recus] == ["Récent", "Par SMS", "Ancien"]
    assert "Menuiserie Dubois" in recus[0].text
    assert "06\xa012\xa034\xa056\xa078 par SMS" in recus[1].text


def test_chercher_par_boite_et_par_mots():
    message(sujet="Répondre à la proposition", courriel="a@essai.example")
    message(sujet="Autre", corps="Une réponse vous attend pour la proposition.", courriel="b@essai.example")
    message(sujet="Autre chose", courriel="", telephone="+33612345678")
    assert len(page("/demo/messages/", q="proposition").select(RECUS)) == 2
    assert len(page("/demo/messages/", q="proposition répondre").select(RECUS)) == 1
    assert len(page("/demo/messages/", a="b@essai.example", q="proposition").select(RECUS)) == 1
    assert len(page("/demo/messages/", a="+33612345678").select(RECUS)) == 1
    assert "Aucun message ne correspond" in page("/demo/messages/", q="introuvable").text


@pytest.mark.parametrize("parametres", [{"a": "personne@x.example"}, {"q": "x" * 10_000}, {"page": "abc"}, {"q": "🙂"}])
def test_criteres_etranges(parametres):
    message()
    page("/demo/messages/", **parametres)


def test_les_liens_marchent_sur_le_port_du_jour_et_le_reste_est_du_texte():
    message(corps="Ouvrez http://localhost:8000/lien/abc-DEF_1/. Sinon <b>http://mal.example/x</b>\nMerci & à bientôt")
    corps = page("/demo/messages/").select_one(RECUS)
    assert [lien["href"] for lien in corps.find_all("a")] == ["/lien/abc-DEF_1/"]
    assert corps.find("b") is None
    assert "<b>http://mal.example/x</b>" in corps.text


def test_un_sms_se_lit_comme_le_telephone_le_montre():
    message(
        courriel="", telephone="+33600000000", sujet="Votre rencontre", corps="Secret.\nhttp://localhost:8000/lien/a/\n"
    )
    recu = page("/demo/messages/").select_one(RECUS)
    assert "Raccord : Votre rencontre" in recu.text and "Secret" not in recu.text
    assert [lien["href"] for lien in recu.find_all("a")] == ["/lien/a/"]
    assert "SMS de 55" in recu.text


@pytest.mark.parametrize("adresse", ["/demo/", "/demo/messages/"])
def test_jamais_en_cache(adresse):
    assert "no-store" in Client().get(adresse)["Cache-Control"]


def test_htmx_ne_recoit_que_la_liste():
    message()
    reponse = Client().get("/demo/messages/", headers={"HX-Request": "true"})
    assert b"<html" not in reponse.content
    assert b"Votre lien" in reponse.content


def test_autant_de_requetes_pour_1_et_20_messages(distribution):
    def requetes():
        with CaptureQueriesContext(
            connection,
        ) as captees:
            page("/demo/messages/")
        return len(captees)

    message(organisation_id=distribution.entreprise.pk)
    une = requetes()
    for numero in range(19):
        message(courriel=f"m{numero}@essai.example", organisation_id=distribution.entreprise.pk)
    assert requetes() == une
