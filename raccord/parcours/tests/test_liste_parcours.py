"""The list: mine, my MLDS's, my territory's, everybody's; what presses first; the same queries whatever the number."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.distribution import LYON_3, PARIS_7, Distribution, contact
from tests.fabriques_parcours import Fabrique


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def lignes(personne: Any, **filtres: str) -> list[str]:
    soupe = BeautifulSoup(personne.client().get("/parcours/", filtres).content, "html.parser")
    return [ligne.get_text(" ", strip=True) for ligne in soupe.select("tbody tr")]


def test_tout_ce_que_je_suis_ce_qui_presse_d_abord(fabrique: Fabrique) -> None:
    d = fabrique.d
    fabrique.proposition()
    fabrique.convenu(referent=d.rrh)
    fabrique.termine(referent=contact(d.entreprise))
    trouvees = lignes(d.tuteur)
    assert len(trouvees) == 3
    etapes = ["Dire comment la rencontre", "Faire signer la convention", "Réunir les trois voix"]
    assert [next(e for e in etapes if e in ligne) for ligne in trouvees] == etapes
    assert all("À vous" in ligne and "Camille" in ligne for ligne in trouvees)
    assert lignes(d.tuteur_collegue) == []
    assert len(lignes(d.tuteur_collegue, qui="mlds")) == 3
    assert lignes(d.tuteur_etranger, qui="mlds") == []


def test_coordination_et_equipe_nationale_sans_identite(fabrique: Fabrique) -> None:
    d = fabrique.d
    fabrique.proposition()
    parcours = fabrique.en_cours()
    for qui in (d.coordonnateur, d.national):
        trouvees = lignes(qui)
        assert len(trouvees) == 2
        assert all("Jeune de 17 ans" in ligne and "MLDS de Lille" in ligne for ligne in trouvees)
        assert not any(parcours.jeune.prenom in ligne or "Essai" in ligne for ligne in trouvees)
    assert lignes(d.coordonnateur_etranger) == []
    for qui in (d.acheteur, d.acheteur_etranger):
        assert qui.client().get("/parcours/").status_code == 403


def test_par_le_lieu_ou_par_la_mlds(fabrique: Fabrique) -> None:
    d = fabrique.d
    ailleurs = fabrique.d.offre_publiee(commune_id=PARIS_7)
    fabrique.proposition(offre=ailleurs)
    assert len(lignes(d.coordonnateur)) == 1 and len(lignes(d.coordonnateur_etranger)) == 1
    lyon = fabrique.d.offre_publiee(commune_id=LYON_3)
    fabrique.proposition(offre=lyon)
    assert len(lignes(d.coordonnateur)) == 2 and len(lignes(d.coordonnateur_etranger)) == 1


def test_filtres(fabrique: Fabrique) -> None:
    d = fabrique.d
    fabrique.en_cours()
    assert len(lignes(d.tuteur, q="dubois")) == 1
    assert len(lignes(d.tuteur, q="MENUISERIE  Dubôis")) == 1
    assert lignes(d.tuteur, q="élan") == [] and lignes(d.tuteur, q="'; --") == []
    assert len(lignes(d.tuteur, etape="en_cours")) == 1 and lignes(d.tuteur, etape="preparation") == []
    html = d.tuteur.client().get("/parcours/", {"q": "zzz"}).content.decode()
    assert "Aucun parcours ne correspond" in html
    for etrange in ("é" * 10_000, "\x00", "🪚", "%%%"):
        assert d.tuteur.client().get("/parcours/", {"q": etrange}).status_code == 200
    assert d.tuteur.client().get("/parcours/", {"etape": "zzz", "page": "-4"}).status_code == 200
    partiel = d.tuteur.client().get("/parcours/", HTTP_HX_REQUEST="true").content.decode()
    assert "<!doctype" not in partiel.lower() and "Dubois" in partiel


def test_vide(fabrique: Fabrique) -> None:
    assert "Vous ne suivez pas encore de parcours" in fabrique.d.tuteur.client().get("/parcours/").content.decode()
    assert "Rien ne se prépare" in fabrique.d.national.client().get("/parcours/").content.decode()


def test_memes_requetes_pour_une_et_quatre_lignes(fabrique: Fabrique) -> None:
    d = fabrique.d
    clients = [qui.client() for qui in (d.tuteur, d.coordonnateur, d.national)]

    def compter() -> list[int]:
        nombres = []
        for client in clients:
            client.get("/parcours/")
            with CaptureQueriesContext(connection) as requetes:
                assert client.get("/parcours/").status_code == 200
            nombres.append(len(requetes))
        return nombres

    fabrique.proposition()
    fabrique.convenu(referent=d.rrh)
    peu = compter()
    for _ in range(3):
        fabrique.proposition()
        fabrique.convenu(referent=contact(d.entreprise))
    assert compter() == peu
