"""The état des lieux: five blocks, counted from the journal for what is done, exported without a name."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from raccord.parcours.acces import etat_des_lieux as acces
from raccord.parcours.enums import EtatParcours
from raccord.parcours.models import Offre, Parcours
from raccord.parcours.workflow import OFFRE, PARCOURS
from raccord.socle.contexte import SYSTEME
from raccord.socle.workflow import executer, inaugurer
from tests.distribution import PARIS_7, Distribution, contact
from tests.fabriques_parcours import Fabrique, le

ICI = "/etat-des-lieux/"


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def chiffres(qui: Any, **filtres: str) -> dict[str, int]:
    soupe = BeautifulSoup(qui.client().get(ICI, filtres).content, "html.parser")
    return {
        ligne.select_one("a")["href"].split("bloc=")[1].split("#")[0]: int(ligne.strong.get_text())
        for ligne in soupe.select(".sv-chiffre")
    }


def test_cinq_blocs(fabrique: Fabrique) -> None:
    d = fabrique.d
    d.offre_publiee()
    d.offre_publiee(date_fin=fabrique.aujourdhui + dt.timedelta(days=90))
    d.offre_a_confirmer(date_fin=fabrique.aujourdhui + dt.timedelta(days=90))
    d.offre_brouillon()
    fabrique.proposition()
    fabrique.en_cours()
    fabrique.termine(referent=d.rrh, engagement=d.engagement(150))
    attendu = {"a_secourir": 2, "disponibles": 2, "preparation": 1, "en_cours": 1, "realises": 1}
    assert chiffres(d.coordonnateur) == attendu == chiffres(d.national)
    assert chiffres(d.national, academie="lille") == attendu
    assert chiffres(d.coordonnateur_etranger) == dict.fromkeys(attendu, 0) == chiffres(d.national, academie="paris")
    assert chiffres(d.coordonnateur_etranger, academie="lille") == dict.fromkeys(attendu, 0)
    assert chiffres(d.national, departement="59") == attendu
    assert chiffres(d.national, departement="75") == dict.fromkeys(attendu, 0)


def test_chaque_bloc_montre_ses_lignes_et_leurs_attentes(fabrique: Fabrique) -> None:
    d = fabrique.d
    for _ in range(acces.APERCU + 1):
        d.offre_publiee(date_fin=fabrique.aujourdhui + dt.timedelta(days=90))
    fabrique.proposition()
    fabrique.en_cours()
    fabrique.termine(referent=d.rrh, engagement=d.engagement(150))
    soupe = BeautifulSoup(d.coordonnateur.client().get(ICI).content, "html.parser")
    for bloc, nombre in chiffres(d.coordonnateur).items():
        titre = soupe.find(id=bloc)
        lignes = titre.find_next_sibling("table").select("tbody tr")
        assert titre.span.get_text() == f"({nombre})" and len(lignes) == min(nombre, acces.APERCU), bloc
        assert all(re.search("reste|en retard|dernier jour", ligne.get_text()) for ligne in lignes), bloc


def test_qui_entre(fabrique: Fabrique) -> None:
    d = fabrique.d
    for qui in (d.tuteur, d.acheteur):
        for adresse in (ICI, f"{ICI}offres.csv"):
            assert qui.client().get(adresse).status_code == 403
    assert d.national.client().get(ICI, {"academie": "zzz"}).status_code == 404
    for filtres in ({"bloc": "zzz"}, {"bloc": "disponibles", "page": "99"}, {"departement": "é" * 5000}):
        assert d.coordonnateur.client().get(ICI, filtres).status_code == 200


def test_chaque_ligne_a_qui_agit_et_jusqu_a_quand(fabrique: Fabrique) -> None:
    d = fabrique.d
    d.offre_publiee(date_fin=fabrique.aujourdhui + dt.timedelta(days=90))
    fabrique.proposition()
    fabrique.en_cours()
    for bloc, qui, quoi in (
        ("a_secourir", "MLDS de Lille", "Faire connaître l’offre"),
        ("preparation", "MLDS de Lille", "Dire comment la rencontre"),
        ("en_cours", "Menuiserie Dubois", "Noter les heures"),
    ):
        html = d.coordonnateur.client().get(ICI, {"bloc": bloc}).content.decode().replace("&#x27;", "’")
        ligne = BeautifulSoup(html, "html.parser").select_one("tbody tr").get_text(" ", strip=True)
        assert qui in ligne and quoi in ligne and re.search("reste|en retard|dernier jour", ligne), ligne


def test_ce_qui_est_fait_vient_du_journal(fabrique: Fabrique) -> None:
    d = fabrique.d
    fabrique.termine()
    with le(fabrique.aujourdhui - dt.timedelta(days=380)):
        autrefois = Fabrique(d)
        autrefois.termine(referent=d.rrh)
    with le(fabrique.aujourdhui - dt.timedelta(days=200)):
        autrefois = Fabrique(d)
        interrompu = autrefois.interrompu(referent=contact(d.entreprise))
    lieu = acces.perimetre(d.coordonnateur.contexte, "")
    faits = acces.realises(lieu)
    # 2026-10-06: this year since 1 September 2026; last year from 1 September 2025, 380 days ago is 21 September 2025.
    assert (faits.annee, faits.annee_precedente_meme_date, faits.annee_precedente, faits.total) == (1, 1, 1, 2)
    fabrique.voix_tuteur(interrompu)
    fabrique.voix_entreprise(interrompu)
    fabrique.voix_jeune(interrompu)
    assert acces.realises(lieu).annee == 2
    assert acces.realises(lieu).total == 3
    html = d.coordonnateur.client().get(ICI).content.decode()
    assert "2025-2026" in html and "1 à la même date" in html


def test_bilan_et_suite_ne_comptent_pas_deux_fois(fabrique: Fabrique) -> None:
    fabrique.suite_connue()
    faits = acces.realises(acces.perimetre(fabrique.d.national.contexte, ""))
    assert (faits.annee, faits.total) == (1, 1)


def test_l_ancien_outil_compte_au_total_sans_annee(fabrique: Fabrique) -> None:
    offre = fabrique.d.offre_publiee()
    ancien = Parcours(
        offre=offre,
        missions="x",
        debut=dt.date(2021, 3, 1),
        fin=dt.date(2021, 4, 1),
        heures_prevues=150,
        heures_hebdo=35,
        convention_signee_le=dt.date(2021, 2, 1),
    )
    with inaugurer(PARCOURS["reprendre_ancien"], SYSTEME, ancien):
        pass
    assert ancien.etat == EtatParcours.SUITE_CONNUE
    faits = acces.realises(acces.perimetre(fabrique.d.national.contexte, ""))
    assert (faits.annee, faits.annee_precedente, faits.total) == (0, 0, 1)
    assert "Repris de l’ancien outil" in fabrique.d.national.client().get(ICI, {"bloc": "realises"}).content.decode()
    assert fabrique.d.national.client().get(f"/parcours/{ancien.pk}/").status_code == 200


def test_hors_du_territoire_mais_suivi_par_ma_mlds(fabrique: Fabrique) -> None:
    d = fabrique.d
    fabrique.proposition(offre=d.offre_publiee(commune_id=PARIS_7))
    fabrique.en_cours(commune_id=PARIS_7, referent=contact(d.entreprise))
    fabrique.termine(commune_id=PARIS_7, referent=d.rrh, engagement=d.engagement(150))
    attendu = {"a_secourir": 0, "disponibles": 0, "preparation": 1, "en_cours": 1, "realises": 1}
    assert chiffres(d.coordonnateur) == attendu == chiffres(d.coordonnateur_etranger)
    assert chiffres(d.coordonnateur, departement="75") == attendu == chiffres(d.national)
    assert chiffres(d.coordonnateur, departement="59") == dict.fromkeys(attendu, 0)


def test_export(fabrique: Fabrique) -> None:
    d = fabrique.d
    d.offre_publiee(intitule="=HYPERLINK(1)", date_fin=fabrique.aujourdhui + dt.timedelta(days=60))
    parcours = fabrique.en_cours()
    reponse = d.coordonnateur.client().get(f"{ICI}offres.csv")
    assert reponse["Content-Type"] == "text/csv; charset=utf-8" and "lille-2026-10-06" in reponse["Content-Disposition"]
    texte = reponse.content.decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert [ligne["Offre"] for ligne in lignes] == ["'=HYPERLINK(1)", "Découverte de l'atelier"]
    assert [ligne["À secourir"] for ligne in lignes] == ["oui", "non"]
    assert lignes[1]["Par"] == "Menuiserie Dubois" and lignes[1]["Académie"] == "Lille"
    for interdit in (parcours.jeune.prenom, parcours.jeune.nom, d.referent.courriel, d.referent.nom):
        assert interdit not in texte
    assert len(d.coordonnateur_etranger.client().get(f"{ICI}offres.csv").content.decode().splitlines()) == 1


def test_une_offre_retiree_ou_expiree_ne_compte_plus(fabrique: Fabrique) -> None:
    offre = fabrique.d.offre_publiee()
    with executer(OFFRE["retirer"], fabrique.d.acheteur.contexte, Offre, offre.pk):
        pass
    fabrique.d.offre_publiee(date_fin=fabrique.aujourdhui + dt.timedelta(days=3))
    with le(fabrique.aujourdhui + dt.timedelta(days=4)):
        assert chiffres(fabrique.d.coordonnateur)["disponibles"] == 0


def test_memes_requetes_pour_une_et_quatre_offres(fabrique: Fabrique) -> None:
    d = fabrique.d
    client = d.coordonnateur.client()

    def compter() -> int:
        client.get(ICI)
        with CaptureQueriesContext(connection) as requetes:
            client.get(ICI)
            client.get(f"{ICI}offres.csv")
        return len(requetes)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            d.offre_publiee(date_fin=fabrique.aujourdhui + dt.timedelta(days=90))
            fabrique.proposition()
            fabrique.en_cours(referent=contact(d.entreprise))
            fabrique.termine(referent=contact(d.entreprise), engagement=d.engagement(150))

    peupler(1)
    une = compter()
    peupler(3)
    assert compter() == une
