"""The law of queries: a page costs the same for 1, 4 and 50 rows."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from raccord.comptes.models import Adhesion
from raccord.echeances.attentes import ouvrir
from raccord.parcours.attentes import AGIR_RESERVATION, POURVOIR
from tests.distribution import Distribution, contact, personne
from tests.etats import offre_en_etat, parcours_en_etat, positionnement_en_etat, reservation_en_etat

Fabrique = Callable[[Distribution], object]


def _parcours_d_un_autre_referent(distribution: Distribution) -> object:
    """A company tutor hosts one young person at a time: each stay has its own."""
    distribution.referent = contact(distribution.entreprise)
    return parcours_en_etat(distribution, "en_cours")


def _reservation_attendue(distribution: Distribution) -> object:
    """With its wait: 'Ma journée' looks up the young person's name."""
    return ouvrir(AGIR_RESERVATION, reservation_en_etat(distribution))


def _tuteur_et_son_jeune(distribution: Distribution) -> object:
    """For an administrator of the MLDS."""
    chez = distribution.coordonnateur
    Adhesion.objects.filter(pk=chez.adhesion.pk).update(administrateur=True)
    return distribution.jeune(personne("tuteur", chez.organisation))


LISTES: dict[str, tuple[str, str, Fabrique]] = {
    "offres publiques": ("visiteur", "/offres/", lambda d: d.offre_publiee()),
    "offres pour un tuteur": ("tuteur", "/offres/", lambda d: d.offre_publiee()),
    "accueil": ("visiteur", "/", lambda d: d.offre_publiee()),
    "jeunes": ("tuteur", "/jeunes/", lambda d: d.jeune()),
    "jeunes réservés": ("tuteur", "/jeunes/", reservation_en_etat),
    "journée": ("tuteur", "/ma-journee/", _reservation_attendue),
    "journée d'un coordonnateur": (
        "coordonnateur",
        "/ma-journee/",
        lambda d: ouvrir(POURVOIR, offre_en_etat(d, "publiee")),
    ),
    "parcours commencés": ("tuteur", "/parcours/", _parcours_d_un_autre_referent),
    "parcours d'un tuteur": ("tuteur", "/parcours/", lambda d: positionnement_en_etat(d, "transmis")),
    "parcours d'un coordonnateur": ("coordonnateur", "/parcours/", lambda d: positionnement_en_etat(d, "transmis")),
    "parcours national": ("national", "/parcours/", lambda d: positionnement_en_etat(d, "transmis")),
    "état des lieux": ("coordonnateur", "/etat-des-lieux/", lambda d: offre_en_etat(d, "publiee")),
    "état des lieux national": ("national", "/etat-des-lieux/", lambda d: positionnement_en_etat(d, "vu")),
    "membres": ("acheteur", "/mon-organisation/", lambda d: personne("acheteur", d.acheteur.organisation)),
    "fin d'année": ("tuteur", "/fin-d-annee/", lambda d: positionnement_en_etat(d, "transmis")),
    "fin d'année de la MLDS": ("coordonnateur", "/fin-d-annee/", _tuteur_et_son_jeune),
    "marchés": ("acheteur", "/marches/", lambda d: d.offre_publiee()),
    "marchés, équipe nationale": ("national", "/marches/", lambda d: d.offre_publiee()),
}


def _cout(distribution: Distribution, colonne: str, adresse: str) -> int:
    client = Client() if colonne == "visiteur" else getattr(distribution, colonne).client()
    client.get(adresse)  # what is kept in memory is paid once
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    return len(requetes)


@pytest.mark.parametrize("cas", LISTES)
def test_une_liste_coute_autant_pour_une_ligne_que_pour_cinquante(distribution: Distribution, cas: str) -> None:
    colonne, adresse, fabrique = LISTES[cas]
    couts = {}
    nombre = 0
    for vise in (1, 4, 50):
        while nombre < vise:
            fabrique(distribution)
            nombre += 1
        couts[vise] = _cout(distribution, colonne, adresse)
    assert len(set(couts.values())) == 1, couts
