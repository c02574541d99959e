"""Links of the company and of the young person along a stay: two taps, plain words, dead links, handing over."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction
from raccord.echeances.models import Attente, Message
from raccord.parcours.actions import transfert
from raccord.parcours.actions.positionnement import annoncer
from raccord.parcours.enums import EtatParcours, EtatPositionnement
from raccord.parcours.models import Parcours, Positionnement, Signalement
from raccord.parcours.workflow import POSITIONNEMENT
from raccord.socle.workflow import executer
from tests.distribution import Distribution, contact
from tests.fabriques_parcours import Fabrique, le

ETAPES = ("convenu", "a_venir", "en_cours", "interrompu", "termine", "bilan_signe", "suite_connue")


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


@pytest.mark.parametrize("etape", ETAPES)
def test_la_page_de_l_entreprise_dans_chaque_etat(fabrique: Fabrique, client: Client, etape: str) -> None:
    parcours = getattr(fabrique, etape)()
    html = client.get(fabrique.lien_entreprise("parcours.suivi", parcours)).content.decode()
    assert parcours.jeune.prenom not in html and parcours.jeune.nom not in html
    assert fabrique.d.tuteur.utilisateur.courriel in html.replace("<wbr>", "")


@pytest.mark.parametrize("etape", ETAPES)
def test_la_page_du_jeune_dans_chaque_etat(fabrique: Fabrique, client: Client, etape: str) -> None:
    parcours = getattr(fabrique, etape)()
    html = client.get(fabrique.lien_jeune("parcours.jeune", parcours)).content.decode()
    assert f"Bonjour {parcours.jeune.prenom}" in html
    assert "décroch" not in html.lower()
    par_la_proposition = client.get(fabrique.lien_jeune("parcours.jeune", parcours.positionnement)).content.decode()
    assert BeautifulSoup(par_la_proposition, "html.parser").h1 == BeautifulSoup(html, "html.parser").h1


def test_deux_gestes_pour_la_semaine(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.a_venir(debut=fabrique.lundi)
    lien = fabrique.lien_entreprise("parcours.suivi", parcours)
    assert "Oui, il est là" in client.get(lien).content.decode()
    for _ in range(2):
        assert client.post(lien, {"geste": "demarrer"}, follow=True).status_code == 200
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.EN_COURS
    soupe = BeautifulSoup(client.get(lien).content, "html.parser")
    formulaire = next(f for f in soupe.select("form") if "Semaine complète" in f.get_text())
    champs = {c["name"]: c["value"] for c in formulaire.select("input") if c["name"] != "csrfmiddlewaretoken"}
    assert champs["heures"] == "35"
    assert client.post(lien, champs).status_code == 302
    assert parcours.semaines.get().heures == 35
    assert "Toutes les semaines sont notées" in client.get(lien).content.decode()
    assert "déjà notées" in client.post(lien, champs, follow=True).content.decode()
    corriger = client.get(f"{lien}?semaine={fabrique.lundi.isoformat()}").content.decode()
    assert "Pour corriger" in corriger


@pytest.mark.parametrize(
    ("heures", "mots"), [("-1", "positif"), ("60", "maximum"), ("é" * 10_000, "forme"), ("", "Remplissez")]
)
def test_mauvaises_heures_gardees(fabrique: Fabrique, client: Client, heures: str, mots: str) -> None:
    parcours = fabrique.en_cours()
    lien = fabrique.lien_entreprise("parcours.suivi", parcours)
    reponse = client.post(
        lien,
        {"geste": "semaine", "lundi": parcours.debut.isoformat(), "heures": heures, "absences": "mardi", "version": ""},
    )
    html = reponse.content.decode()
    assert reponse.status_code == 422 and "resume-erreurs" in html and 'value="mardi"' in html
    assert not parcours.semaines.exists()


@pytest.mark.parametrize("qui", ["entreprise", "jeune"])
def test_signaler_par_lien(fabrique: Fabrique, client: Client, qui: str) -> None:
    parcours = fabrique.en_cours()
    lien = (
        fabrique.lien_entreprise("parcours.suivi", parcours)
        if qui == "entreprise"
        else fabrique.lien_jeune("parcours.jeune", parcours)
    )
    assert "ecran=signaler" in client.get(lien).content.decode()
    adresse = f"{lien}?ecran=signaler"
    Contact.objects.filter(pk=parcours.referent_id).update(telephone="+33199000001")
    page = client.get(adresse).content.decode()
    assert ('value="accueil"' in page) == (qui == "jeune")
    assert ("+33199000001" in page) == (qui == "jeune"), "on lui demande d'appeler : le numéro est là"
    donnees = {"geste": "signaler", "nature": "absence", "jour": "2026-10-06", "texte": "Bus en panne 🚌"}
    if qui == "entreprise":
        assert client.post(adresse, donnees | {"nature": "accueil"}).status_code == 422
    assert client.post(adresse, donnees | {"texte": ""}).status_code == 422
    assert client.post(adresse, donnees | {"jour": "2030-01-01"}).status_code == 422
    assert client.post(adresse, donnees).status_code == 302
    assert "déjà signalé" in client.post(adresse, donnees, follow=True).content.decode()
    assert Signalement.objects.get().signale_par == qui
    assert Message.objects.filter(code="parcours.signalement").count() == 1


def test_lien_tronque_perime_revoque_ou_d_un_autre(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.en_cours()
    lien = fabrique.lien_entreprise("parcours.suivi", parcours)
    assert client.get(lien[:-6] + "/").status_code == 404
    with le(fabrique.aujourdhui + dt.timedelta(days=90)):
        assert client.get(lien).status_code == 410
        assert client.post(lien, {"geste": "semaine"}).status_code == 410
    ailleurs = contact(fabrique.d.acheteur.organisation)
    faux = liens.creer_pour_contact("parcours.suivi", parcours.pk, ailleurs)
    assert client.get(faux.replace("http://localhost:8000", "")).status_code == 404
    autre = fabrique.d.jeune()
    for action in ("parcours.jeune", "parcours.bilan_jeune"):
        faux = liens.creer_pour_jeune(action, parcours.pk, autre.pk)
        assert client.get(faux.replace("http://localhost:8000", "")).status_code == 404


def test_ouvrir_ne_brule_rien(fabrique: Fabrique, client: Client) -> None:
    """A mail scanner opens every link: nothing moves."""
    parcours = fabrique.a_venir(debut=fabrique.lundi)
    for lien in (
        fabrique.lien_entreprise("parcours.suivi", parcours),
        fabrique.lien_jeune("parcours.jeune", parcours),
    ):
        for suite in ("", "?ecran=signaler", "?semaine=zzz", "?document=pdf"):
            assert client.get(lien + suite).status_code == 200
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.A_VENIR and not Signalement.objects.exists()


def test_ce_n_est_pas_moi(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.en_cours()
    lien = fabrique.lien_entreprise("parcours.suivi", parcours)
    client.post(
        f"{lien}confier/",
        {"nom": "Karim Haddad", "fonction": "Chef d'atelier", "courriel": "k@dubois.example", "telephone": ""},
    )
    parcours.refresh_from_db()
    assert parcours.referent.courriel == "k@dubois.example"
    assert Attente.objects.ouvertes().get(code="noter_heures").contact_id == parcours.referent_id
    assert client.get(lien).status_code == 410
    message = Message.objects.get(code="comptes.lien_confie")
    nouveau = "/lien/" + message.corps.split("/lien/")[1].split()[0]
    assert client.get(nouveau).status_code == 200


def test_ce_n_est_pas_moi_mais_il_accueille_deja(fabrique: Fabrique, client: Client) -> None:
    collegue = contact(fabrique.d.entreprise, courriel="occupe@dubois.example")
    fabrique.en_cours(referent=collegue)
    parcours = fabrique.en_cours()
    lien = fabrique.lien_entreprise("parcours.suivi", parcours)
    reponse = client.post(
        f"{lien}confier/", {"nom": "Occupé", "fonction": "x", "courriel": "occupe@dubois.example", "telephone": ""}
    )
    assert reponse.status_code == 200
    parcours.refresh_from_db()
    assert parcours.referent == fabrique.d.referent
    assert LienAction.objects.filter(contact=collegue, action="parcours.suivi").exists()


def test_le_jeune_avant_le_parcours(fabrique: Fabrique, client: Client) -> None:
    proposition = fabrique.proposition()
    lien = fabrique.lien_jeune("parcours.jeune", proposition)
    html = client.get(lien).content.decode()
    assert "Votre rencontre est fixée" in html and "12 rue des Essais" in html and "pièce d’identité" in html
    assert client.post(lien, {"geste": "bilan"}).status_code == 404
    with executer(POSITIONNEMENT["refuser"], fabrique.d.contexte_referent, Positionnement, proposition.pk) as refusee:
        refusee.motif_refus, refusee.precisions_refus = "projet", "Trop jeune."
    assert refusee.etat == EtatPositionnement.REFUSE
    assert "vous appelle pour en parler" in client.get(lien).content.decode()
    annoncer(fabrique.d.tuteur.contexte, refusee.pk)
    html = client.get(lien).content.decode()
    assert "Cette piste s’arrête, pas vous" in html and "Trop jeune" not in html


def test_le_jeune_renouvelle_son_lien(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.en_cours()
    lien = fabrique.lien_jeune("parcours.jeune", parcours)
    Message.objects.all().delete()
    client.post(f"{lien}nouveau/")
    message = Message.objects.get()
    assert message.courriel == parcours.jeune.courriel
    assert client.get("/lien/" + message.corps.split("/lien/")[1].split()[0]).status_code == 200


def test_le_jeune_voit_son_nouveau_tuteur(fabrique: Fabrique, client: Client) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    transfere = transfert.demander(
        d.national.contexte, parcours.pk, vers_id=d.tuteur_etranger.organisation.pk, motif="Déménage."
    )
    transfert.accepter(d.national.contexte, transfere.pk, tuteur_id=d.tuteur_etranger.utilisateur.pk)
    html = client.get(fabrique.lien_jeune("parcours.jeune", Parcours.objects.get(pk=parcours.pk))).content.decode()
    assert d.tuteur_etranger.utilisateur.nom_complet in html
