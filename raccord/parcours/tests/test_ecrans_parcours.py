"""The stay's pages over HTTP: each role, each state, bad input kept and explained, nobody else's page."""

import datetime as dt
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from raccord.parcours.actions import semaines
from raccord.parcours.enums import EtatParcours
from raccord.parcours.models import Parcours, Signalement
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique

LONG = "é" * 10_000
MALICE = "<script>alert(1)</script> \u202egnirts 🪚 =cmd"
ETAPES = ("convenu", "a_venir", "en_cours", "interrompu", "termine", "bilan_signe", "suite_connue")


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def page(parcours: Parcours, suite: str = "") -> str:
    return f"/parcours/{parcours.pk}/{suite}"


@pytest.mark.parametrize("etape", ETAPES)
def test_la_page_dans_chaque_etat_pour_chaque_role(fabrique: Fabrique, etape: str) -> None:
    d = fabrique.d
    parcours = getattr(fabrique, etape)()
    noms = (parcours.jeune.prenom, parcours.jeune.nom)
    for qui, statut, voit_le_nom in (
        (d.tuteur, 200, True),
        (d.tuteur_collegue, 200, True),
        (d.tuteur_etranger, 404, False),
        (d.coordonnateur, 200, False),
        (d.coordonnateur_etranger, 404, False),
        (d.acheteur, 200, False),
        (d.acheteur_etranger, 404, False),
        (d.national, 200, False),
    ):
        reponse = qui.client().get(page(parcours))
        assert reponse.status_code == statut
        html = reponse.content.decode()
        assert all(nom in html for nom in noms) == voit_le_nom, qui.adhesion.role
        if statut == 200:
            contact = d.referent.courriel in html.replace("<wbr>", "")
            assert contact == (qui in (d.tuteur, d.acheteur, d.national)), qui.adhesion.role
            accent = BeautifulSoup(html, "html.parser").select(".rc-encart--accent")
            assert (len(accent) == 1) == (qui is d.tuteur or etape == "suite_connue"), (qui.adhesion.role, etape)


def test_un_seul_bouton_primaire_au_tuteur(fabrique: Fabrique) -> None:
    parcours = fabrique.a_venir()
    html = fabrique.d.tuteur.client().get(page(parcours)).content.decode()
    soupe = BeautifulSoup(html, "html.parser")
    (bouton,) = soupe.select(".rc-encart--accent button")
    assert bouton.has_attr("disabled") and "12 octobre 2026" in bouton.parent.get_text()


ECRITURES = (
    ("convenu", "convention/", {"signee_le": "2026-10-06"}),
    ("a_venir", "dates/", {"debut": "2026-10-19", "fin": "2026-11-20"}),
    ("en_cours", "adapter/", {"fin": "2026-11-06", "heures_hebdo": "28", "motif": "Le mercredi est pris"}),
    ("en_cours", "interrompre/", {"dernier_jour": "2026-10-06", "motif": "projet", "precisions": "Pas son métier"}),
    ("interrompu", "reprendre/", {"fin": "2026-10-30"}),
    ("convenu", "annuler/", {"motif": "autre", "precisions": "A déménagé"}),
    ("bilan_signe", "suite/", {"suite": "apprentissage", "le": "2026-10-06", "precisions": ""}),
)


@pytest.mark.parametrize(("etape", "suite", "donnees"), ECRITURES, ids=[cas[1] for cas in ECRITURES])
def test_chaque_pas_en_un_formulaire(fabrique: Fabrique, etape: str, suite: str, donnees: dict[str, str]) -> None:
    d = fabrique.d
    parcours = getattr(fabrique, etape)()
    avant = Parcours.objects.get(pk=parcours.pk).etat
    for qui, statut in (
        (d.tuteur_collegue, 403),
        (d.acheteur, 403),
        (d.tuteur_etranger, 404),
        (d.acheteur_etranger, 404),
        (d.coordonnateur_etranger, 404),
    ):
        client = qui.client()
        assert client.get(page(parcours, suite)).status_code == statut
        assert client.post(page(parcours, suite), donnees).status_code == statut
    if suite != "annuler/":
        assert d.coordonnateur.client().post(page(parcours, suite), donnees).status_code == 403
    client = d.tuteur.client()
    assert client.get(page(parcours, suite)).status_code == 200
    vide = client.post(page(parcours, suite), dict.fromkeys(donnees, ""))
    assert vide.status_code == 422 and "resume-erreurs" in vide.content.decode()
    assert Parcours.objects.get(pk=parcours.pk).etat == avant
    assert client.post(page(parcours, suite), donnees).status_code == 302
    # The double click is told, nothing is written twice.
    encore = client.post(page(parcours, suite), donnees, follow=True)
    assert encore.status_code in (200, 422)


@pytest.mark.parametrize("texte", [LONG, MALICE, "\x00nul"])
def test_saisie_etrange_gardee_et_expliquee(fabrique: Fabrique, texte: str) -> None:
    parcours = fabrique.en_cours()
    client = fabrique.d.tuteur.client()
    reponse = client.post(
        page(parcours, "interrompre/"), {"dernier_jour": "31/02/2026", "motif": "autre", "precisions": texte}
    )
    html = reponse.content.decode()
    assert reponse.status_code == 422
    assert "<script>alert" not in html and "\u202e" not in html
    saisi = BeautifulSoup(html, "html.parser").select_one("textarea").get_text()
    assert len(saisi.strip()) >= len(texte.strip().replace("\u202e", "")) - 1


def test_demarrer_et_terminer_par_un_bouton(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.a_venir(debut=fabrique.lundi)
    assert d.tuteur_collegue.client().post(page(parcours, "demarrer/")).status_code == 403
    client = d.tuteur.client()
    assert client.get(page(parcours, "demarrer/")).status_code == 405
    for _ in range(2):
        assert client.post(page(parcours, "demarrer/")).status_code == 302
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.EN_COURS
    refus = client.get(page(parcours, "terminer/")).content.decode()
    assert "disabled" in refus and "Le dernier jour prévu est le" in refus
    client.post(page(parcours, "terminer/"))
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.EN_COURS


def test_terminer_mene_au_bilan(fabrique: Fabrique) -> None:
    parcours = fabrique.avec_heures(fabrique.en_cours(heures=70))
    reponse = fabrique.d.tuteur.client().post(page(parcours, "terminer/"))
    assert reponse.status_code == 302 and reponse.url == page(parcours, "bilan/")


def test_rendre_la_place(fabrique: Fabrique) -> None:
    parcours = fabrique.interrompu()
    client = fabrique.d.tuteur.client()
    assert "Rendre la place" in client.get(page(parcours)).content.decode()
    for _ in range(2):
        assert client.post(page(parcours, "rendre/"), follow=True).status_code == 200
    html = client.get(page(parcours)).content.decode()
    assert "Rendre la place" not in html and "La place a été rendue" in html


def test_la_coordination_annule(fabrique: Fabrique) -> None:
    parcours = fabrique.convenu()
    client = fabrique.d.coordonnateur.client()
    assert "Il ne commencera pas" in client.get(page(parcours)).content.decode()
    assert client.post(page(parcours, "annuler/"), {"motif": "autre", "precisions": "x"}).status_code == 302


# --- Hours -----------------------------------------------------------------------------------------


def test_heures_par_le_tuteur(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    client = d.tuteur.client()
    html = client.get(page(parcours, "heures/")).content.decode()
    soupe = BeautifulSoup(html, "html.parser")
    assert "Semaine du 21 septembre 2026" in soupe.get_text()
    (complete,) = [b for b in soupe.select("form button") if "Semaine complète" in b.get_text()]
    champs = {
        c["name"]: c["value"]
        for c in complete.find_parent("form").select("input[type=hidden]")
        if c["name"] != "csrfmiddlewaretoken"
    }
    assert client.post(page(parcours, "heures/"), champs).status_code == 302
    assert parcours.semaines.get().heures == 35
    deja = client.post(page(parcours, "heures/"), champs, follow=True).content.decode()
    assert "déjà notées" in deja
    assert "Semaine du 28 septembre 2026" in client.get(page(parcours, "heures/")).content.decode()
    for valeur, mots in (("-3", "positif"), ("49", "maximum"), ("abc", "nombre d’heures"), ("", "Remplissez")):
        refus = client.post(page(parcours, "heures/"), {"lundi": "2026-09-28", "heures": valeur, "version": ""})
        assert refus.status_code == 422 and mots in refus.content.decode()
    futur = client.post(page(parcours, "heures/"), {"lundi": "2026-10-12", "heures": "35", "version": ""})
    assert futur.status_code == 422 and "n&#x27;a pas commencé" in futur.content.decode()
    assert client.post(page(parcours, "heures/"), {"lundi": "zzz", "heures": "35"}).status_code == 422
    assert parcours.semaines.count() == 1
    for qui in (d.tuteur_collegue, d.coordonnateur, d.acheteur, d.national):
        autre = qui.client()
        lu = autre.get(page(parcours, "heures/"))
        assert lu.status_code == 200 and "Noter" not in lu.content.decode()
        assert autre.post(page(parcours, "heures/"), champs).status_code == 403


def test_deux_personnes_notent_la_meme_semaine(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    semaines.noter(fabrique.d.contexte_referent, parcours.pk, lundi=parcours.debut, heures=Decimal(35))
    client = fabrique.d.tuteur.client()
    donnees = {"lundi": parcours.debut.isoformat(), "heures": "28", "absences": "absent lundi", "version": ""}
    reponse = client.post(page(parcours, "heures/"), donnees)
    html = reponse.content.decode()
    assert reponse.status_code == 422 and "Une autre personne a enregistré" in html
    assert "absent lundi" in html and "rc-comparaison" in html
    version = BeautifulSoup(html, "html.parser").select_one("input[name=version]")["value"]
    assert client.post(page(parcours, "heures/"), donnees | {"version": version}).status_code == 302
    assert parcours.semaines.get().heures == 28


def test_les_absences_ne_sortent_pas(fabrique: Fabrique) -> None:
    parcours = fabrique.en_cours()
    semaines.noter(
        fabrique.d.contexte_referent, parcours.pk, lundi=parcours.debut, heures=Decimal(7), absences="malade mardi"
    )
    assert "malade mardi" in fabrique.d.tuteur.client().get(page(parcours, "heures/")).content.decode()
    for qui in (fabrique.d.acheteur, fabrique.d.coordonnateur, fabrique.d.national):
        for adresse in ("heures/", ""):
            assert "malade mardi" not in qui.client().get(page(parcours, adresse)).content.decode()


def test_qui_agit_dans_l_entreprise_n_est_nomme_qu_a_qui_l_appelle(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.avec_heures(fabrique.en_cours())
    for qui, nomme in ((d.tuteur, True), (d.national, True), (d.tuteur_collegue, False), (d.coordonnateur, False)):
        fil = BeautifulSoup(qui.client().get(page(parcours)).content, "html.parser").find(class_="rc-fil")
        assert (d.referent.nom in fil.get_text()) is nomme, qui


# --- The same day ----------------------------------------------------------------------------------


def test_signaler_puis_traiter(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    client = d.tuteur.client()
    donnees = {"nature": "incident", "jour": "2026-10-06", "texte": "Une dispute à l'atelier."}
    assert client.get(page(parcours, "signaler/")).status_code == 200
    assert client.post(page(parcours, "signaler/"), {"nature": "zzz"}).status_code == 422
    reponse = client.post(page(parcours, "signaler/"), donnees)
    signalement = Signalement.objects.get()
    adresse = f"/signalements/{signalement.pk}/"
    assert reponse.url == adresse
    assert client.post(page(parcours, "signaler/"), donnees).status_code == 302
    assert Signalement.objects.count() == 1
    lu = client.get(adresse).content.decode()
    assert "Une dispute" in lu and parcours.jeune.nom in lu
    assert "Une dispute" in d.tuteur_collegue.client().get(adresse).content.decode()
    for qui, statut in (
        (d.acheteur, 403),
        (d.coordonnateur, 403),
        (d.national, 403),
        (d.tuteur_etranger, 404),
    ):
        assert qui.client().get(adresse).status_code == statut
        assert "Une dispute" not in qui.client().get(page(parcours)).content.decode()
    assert d.tuteur_collegue.client().post(adresse, {"reponse": "x"}).status_code == 403
    assert client.post(adresse, {"reponse": ""}).status_code == 422
    assert client.post(adresse, {"reponse": "Réunis tous les deux."}).status_code == 302
    assert "déjà" in client.post(adresse, {"reponse": "Encore"}, follow=True).content.decode()


def test_objet_disparu(fabrique: Fabrique) -> None:
    client = fabrique.d.tuteur.client()
    absent = fabrique.d.referent.pk
    for adresse in (f"/parcours/{absent}/", f"/signalements/{absent}/", f"/transferts/{absent}/", "/parcours/zzz/"):
        assert client.get(adresse).status_code == 404


def test_ferme_a_qui_n_est_pas_entre(fabrique: Fabrique, client: Client) -> None:
    parcours = fabrique.convenu()
    for suite in ("", "heures/", "bilan/", "preuve.pdf"):
        reponse = client.get(page(parcours, suite))
        assert reponse.status_code == 302 and "/connexion/" in reponse.url


def test_memes_requetes_pour_une_et_dix_semaines(fabrique: Fabrique) -> None:
    client = fabrique.d.tuteur.client()
    court = fabrique.en_cours(semaines_passees=0)

    def compter(parcours: Parcours) -> int:
        client.get(page(parcours, "heures/"))
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(page(parcours, "heures/")).status_code == 200
        return len(requetes)

    une = compter(court)
    long = fabrique.avec_heures(
        fabrique.en_cours(semaines_passees=8, fin=fabrique.lundi + dt.timedelta(days=60), referent=fabrique.d.rrh)
    )
    assert compter(long) == une
