"""The public registry says, in words, all that is declared."""

from django.test import Client

from raccord.socle.donnees_personnelles import DECLAREES, Personne
from tests.distribution import Distribution


def test_le_registre_dit_tout(client: Client, db: None) -> None:
    html = client.get("/donnees-personnelles/registre/").content.decode()
    for donnees in DECLAREES:
        assert donnees.pour.titre in html and donnees.pour.lecteurs in html
    for genre in Personne:
        assert f'id="{genre.value}"' in html
    assert "24\xa0mois après la dernière activité" in html
    assert "deux ans après le dernier contact" in html
    assert "à savoir (jamais transmis)" in html
    for technique in ("objet_id", "acteur_id", "_id", "UUID", "JSON", "etat,", "telephone,", "competence"):
        assert technique not in html


def test_on_y_vient_par_la_page_des_donnees(client: Client, db: None) -> None:
    html = client.get("/donnees-personnelles/").content.decode()
    for adresse in ("/donnees-personnelles/registre/", "/mes-donnees/", "/mes-donnees/recevoir/"):
        assert f'href="{adresse}"' in html


def test_l_equipe_nationale_y_trouve_l_effacement(distribution: Distribution) -> None:
    for qui, vu in (("national", True), ("tuteur", False)):
        html = getattr(distribution, qui).client().get("/donnees-personnelles/").content.decode()
        assert ('href="/donnees-personnelles/effacer/"' in html) is vu
