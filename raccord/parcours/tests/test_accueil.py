"""The home: for each visitor one next action; figures counted from the journal or none."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from raccord.parcours.models import Offre
from tests.distribution import Distribution
from tests.fabriques_offres import LILLE, offre_en


def _texte(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_l_accueil_d_un_visiteur(client: Client, db: None) -> None:
    html = client.get("/").content.decode()
    texte = _texte(html)
    for qui in ("Acheteur public", "Entreprise", "Tuteur de la MLDS", "Jeune, famille"):
        assert qui in texte
    assert 'name="q"' in html and f'action="{reverse("parcours:offres")}"' in html
    assert "Comptés dans le journal" not in texte
    assert "Les premières offres arrivent" in texte


def test_les_chiffres_viennent_du_journal(client: Client, distribution: Distribution) -> None:
    distribution.offre_publiee()
    for _ in range(3):
        offre_en(LILLE)  # put there without a word in the journal: not counted
    texte = _texte(client.get("/").content.decode())
    assert "1 offre ouverte" in texte
    Offre.objects.all().delete()
    assert "1 offre ouverte" in _texte(client.get("/").content.decode())


def test_une_personne_connectee_va_a_sa_journee(distribution: Distribution) -> None:
    html = distribution.tuteur.client().get("/").content.decode()
    assert "Ma journée : ce qui m’attend" in html


@pytest.mark.parametrize("role", ["acheteur", "tuteur", "coordonnateur", "national"])
def test_aucune_porte_de_l_accueil_n_est_fermee(distribution: Distribution, role: str) -> None:
    client = getattr(distribution, role).client()
    for adresse in re.findall(r'<a class="fr-btn[^"]*"\s+href="([^"]+)"', client.get("/").content.decode()):
        assert client.get(adresse).status_code == 200, adresse


def test_les_trois_dernieres_offres_sans_niveau_2(client: Client, distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    html = client.get("/").content.decode()
    assert reverse("parcours:offre", args=[offre.pk]) in html
    assert distribution.referent.nom not in html


def test_l_accueil_est_leger(client: Client, db: None, django_assert_num_queries: Any) -> None:
    for _ in range(4):
        offre_en(LILLE)
    with django_assert_num_queries(2):
        reponse = client.get("/")
    assert len(reponse.content) < 30_000
