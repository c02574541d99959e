"""The list of contracts, one contract, the rules: who sees what, at the same cost for one line and for many."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from raccord.marches import registre
from raccord.socle.models import Parametre
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


def test_rien_encore_et_quoi_faire(distribution: Distribution) -> None:
    page = distribution.acheteur.client().get(reverse("marches:liste")).content.decode()
    assert "Aucun marché déclaré" in page and reverse("parcours:declarer") in page


def test_chacun_ses_marches_et_l_equipe_nationale_tous(distribution: Distribution) -> None:
    engagement = distribution.engagement(300)
    registre.reserver(engagement.pk, registre.Decimal(150), parcours_id=engagement.pk, motif="parcours")
    registre.faire(engagement.pk, registre.Decimal(70), parcours_id=engagement.pk, motif="semaines")
    autre = distribution.marche(acheteur=distribution.acheteur_etranger.organisation, objet="Autre objet")
    adresse = reverse("marches:liste")
    mienne = distribution.acheteur_collegue.client().get(adresse).content.decode()
    assert "Entretien des menuiseries" in mienne and "Autre objet" not in mienne
    assert "70\xa0h sur 300\xa0h" in mienne and "Menuiserie Dubois" in mienne
    toutes = distribution.national.client().get(adresse).content.decode()
    assert "Entretien des menuiseries" in toutes and "Autre objet" in toutes and "Région voisine" in toutes
    page = reverse("marches:marche", args=[autre.pk])
    assert distribution.acheteur_etranger.client().get(page).status_code == 200
    assert distribution.acheteur.client().get(page).status_code == 404
    for refuse in (distribution.tuteur, distribution.coordonnateur):
        assert refuse.client().get(page).status_code == refuse.client().get(adresse).status_code == 403
    assert Client().get(adresse).status_code == 302


@pytest.mark.parametrize(
    ("texte", "trouve"),
    [
        ("menuiserie", True),
        ("MÉNUISERIES entretien", True),
        ("2026-042", True),
        ("dubois", True),
        ("ville de lille", True),
        ("%", False),
        ("zzz", False),
    ],
)
def test_chercher(distribution: Distribution, texte: str, trouve: bool) -> None:
    distribution.engagement()
    page = distribution.national.client().get(reverse("marches:liste"), {"q": texte}).content.decode()
    assert ("Entretien des menuiseries" in page) == trouve
    assert trouve or "Aucun marché ne correspond" in page


def test_la_page_d_un_marche_dit_les_heures_les_offres_et_l_attente(distribution: Distribution) -> None:
    offre = distribution.offre_a_confirmer()
    assert offre.engagement is not None
    page = distribution.acheteur.client().get(reverse("marches:marche", args=[offre.engagement.marche_id]))
    texte = page.content.decode()
    assert (
        "Découverte de l&#x27;atelier" in texte and "en attente d’un jeune" in texte and "Confirmer la fiche" in texte
    )
    assert distribution.referent.nom in texte and "a déclaré l&#x27;offre à l&#x27;entreprise" in texte
    assert reverse("parcours:retirer", args=[offre.pk]) in texte


def test_les_memes_requetes_pour_un_et_pour_beaucoup(distribution: Distribution) -> None:
    client = distribution.acheteur.client()

    def requetes(adresse: str) -> int:
        with CaptureQueriesContext(connection) as capture:
            assert client.get(adresse).status_code == 200
        return len(capture)

    marche = distribution.marche()
    distribution.offre_publiee(distribution.engagement(300, marche=marche))
    requetes(reverse("marches:liste"))
    liste, page = requetes(reverse("marches:liste")), requetes(reverse("marches:marche", args=[marche.pk]))
    for _ in range(3):
        distribution.offre_publiee(distribution.engagement(300, marche=marche))
        distribution.offre_publiee()
    assert requetes(reverse("marches:liste")) == liste
    assert requetes(reverse("marches:marche", args=[marche.pk])) == page


def test_la_liste_se_pagine(distribution: Distribution) -> None:
    for numero in range(21):
        distribution.marche(objet=f"Marché {numero:02d}")
    client = distribution.national.client()
    page = client.get(reverse("marches:liste")).content.decode()
    assert "21\xa0marchés" in page and "Page 1 sur 2" in page
    for numero, atteinte in (("2", "2"), ("999", "2"), ("x", "1")):
        page = client.get(reverse("marches:liste"), {"page": numero}).content.decode()
        assert f"Page {atteinte} sur 2" in page


def test_les_regles_se_lisent_avec_leur_source(distribution: Distribution) -> None:
    Parametre.objects.create(
        cle="validite_lien",
        debut=dt.date(2090, 1, 1),
        valeur=30,
        unite="jours",
        libelle="Durée de vie d'un lien d'action",
        source="Plus tard",
    )
    for personne in (distribution.tuteur, distribution.acheteur, distribution.coordonnateur):
        page = personne.client().get(reverse("marches:regles"))
        assert page.status_code == 200
    texte = page.content.decode()
    assert "Annexe acheteurs du programme" in texte and "150\xa0h" in texte and "22 jours" in texte
    assert "1er janvier 2090" in texte, "une règle à venir est annoncée"
    assert Client().get(reverse("marches:regles")).status_code == 302
