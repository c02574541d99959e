"""A young person's page: what is awaited first, then offers, few at a time."""

import pytest
from django.urls import reverse

from raccord.echeances.attentes import ouvrir
from raccord.parcours.attentes import AGIR_RESERVATION
from raccord.socle.journal import inscrire
from tests.distribution import Distribution
from tests.etats import offre_en_etat, positionnement_en_etat, reservation_en_etat
from tests.fabriques_parcours import Fabrique


def _lire(distribution: Distribution, jeune_id: object) -> str:
    page = distribution.tuteur.client().get(reverse("jeunes:jeune", args=[jeune_id])).content.decode()
    return page.replace("\u00a0", " ")


def test_sans_rien_en_cours_les_offres_viennent_d_abord_trois_puis_les_autres(distribution: Distribution) -> None:
    for _ in range(5):
        offre_en_etat(distribution, "publiee")
    page = _lire(distribution, distribution.jeune().pk)
    visibles, pliees = page.split("Voir 2 autres offres")
    assert (visibles.count("je-suggestion"), pliees.count("je-suggestion")) == (3, 2)
    assert "Réserver" in visibles and "Ce qui est attendu" not in page


def test_une_offre_reservee_ce_qui_est_attendu_d_abord_les_offres_pliees(distribution: Distribution) -> None:
    offre_en_etat(distribution, "publiee")
    reservation = reservation_en_etat(distribution)
    ouvrir(AGIR_RESERVATION, reservation)
    page = _lire(distribution, reservation.jeune_id)
    ordre = ["Ce qui est attendu", "Une offre est réservée", "Voir 1 offre", "je-suggestion", "Ce qui s’est passé"]
    places = [page.index(mots) for mots in ordre]
    assert places == sorted(places)
    assert reverse("parcours:reservation", args=[reservation.pk]) in page[places[0] : places[1]], "on y va d'ici"
    assert "?jeune=" not in page, "rien de plus à réserver"


@pytest.mark.parametrize(("lignes", "pliees"), [(8, 0), (9, 4)])
def test_le_fil_montre_le_plus_recent_et_plie_le_reste(distribution: Distribution, lignes: int, pliees: int) -> None:
    jeune = distribution.jeune()
    for numero in range(lignes):
        inscrire(distribution.tuteur.contexte, jeune, verbe="jeune.modifier", texte=f"a écrit la ligne {numero}")
    page = _lire(distribution, jeune.pk)
    _, _, suite = page.partition("lignes plus anciennes")
    assert suite.count("a écrit la ligne") == pliees


def test_une_absence_passe_avant_les_heures(distribution: Distribution) -> None:
    fabrique = Fabrique(distribution)
    client, parcours = fabrique.d.tuteur.client(), fabrique.en_cours()
    adresse = reverse("parcours:parcours", args=[parcours.pk])
    donnees = {"nature": "absence", "jour": fabrique.aujourdhui.isoformat(), "texte": "Pas venu.", "geste": "signaler"}
    assert client.post(f"{adresse}signaler/", donnees).status_code == 302
    page = client.get(adresse).content.decode()
    assert page.index("À traiter d’abord") < page.index("Ensuite")
    assert "À faire maintenant" not in page


def test_le_menu_reste_marque_sur_une_proposition(distribution: Distribution) -> None:
    proposition = positionnement_en_etat(distribution, "transmis")
    page = distribution.tuteur.client().get(reverse("parcours:positionnement", args=[proposition.pk]))
    assert [entree["libelle"] for entree in page.context["navigation"] if entree["actif"]] == ["Parcours"]
