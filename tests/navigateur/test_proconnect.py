"""In by ProConnect and out of it, through the demonstration's own provider, with and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from raccord.comptes.proconnect.reglages import Reglages
from raccord.demo.fournisseur import jetons
from tests.distribution import Distribution
from tests.monde import Monde
from tests.navigateur.conftest import Ouvrir
from tests.navigateur.visite import Visite


@pytest.fixture(autouse=True)
def _fournisseur(settings: Any, live_server: Any) -> None:
    settings.PROCONNECT = Reglages(f"{live_server.url}/demo/proconnect", jetons.CLIENT, jetons.SECRET)


@pytest.mark.parametrize("javascript", [True, False])
def test_entrer_et_sortir_par_proconnect(ouvrir: Ouvrir, distribution: Distribution, javascript: bool) -> None:
    page = ouvrir("telephone", javascript=javascript)
    page.goto("/jeunes/")
    page.get_by_role("link", name="S’identifier avec ProConnect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui êtes-vous ?")
    page.get_by_role("link", name=distribution.tuteur.utilisateur.nom_complet, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("jeunes")
    page.goto("/ma-journee/")
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes sorti, de Raccord et de ProConnect.")).to_be_visible()
    page.goto("/jeunes/")
    expect(page.get_by_role("link", name="S’identifier avec ProConnect")).to_be_visible()


def test_les_pages_de_proconnect(ouvrir: Ouvrir, live_server: Any, distribution: Distribution) -> None:
    visite = Visite(ouvrir("bureau"), live_server.url, Monde(distribution))
    visite.voir("/connexion/")
    for choix in ("Renoncer", "Quelqu’un que Raccord ne connaît pas"):
        visite.ouvrir("/proconnect/")
        visite.examiner("choix d'une personne")
        visite.page.get_by_role("link", name=choix).click()
        visite.page.wait_for_url("**/proconnect/retour/**")
        visite.examiner(choix)
    visite.conclure(au_moins=5)
