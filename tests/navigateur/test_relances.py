"""Calling on a screen: the line of a wait opens its ladder, the keys of a RUN press its buttons and nothing else."""

import datetime as dt

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from raccord.echeances.models import Attente
from raccord.parcours.models import DossierRun
from tests.distribution import Distribution
from tests.fabriques_positionnement import transmis
from tests.navigateur.conftest import Ouvrir

pytestmark = pytest.mark.usefixtures("horloge")


def entrer(page: Page, distribution: Distribution, site: str) -> None:
    """As the tutor."""
    valeur = distribution.tuteur.client().cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": valeur, "url": site}])


def bloquer(distribution: Distribution, nombre: int) -> None:
    for _ in range(nombre):
        attente = Attente.objects.get(code="repondre", objet_id=transmis(distribution).pk)
        Attente.objects.filter(pk=attente.pk).update(ouverte_le=attente.ouverte_le - dt.timedelta(days=7))


def seance(ouvrir: Ouvrir, distribution: Distribution, site: str, *, javascript: bool = True) -> Page:
    """A session of three files, the first on screen."""
    bloquer(distribution, 3)
    page = ouvrir("bureau", javascript=javascript)
    entrer(page, distribution, site)
    page.goto("/run/")
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("button", name="Messagerie")).to_be_visible()
    return page


def test_une_touche_par_bouton(ouvrir: Ouvrir, distribution: Distribution, live_server: object) -> None:
    page = seance(ouvrir, distribution, live_server.url)  # type: ignore[attr-defined]
    messagerie = page.get_by_role("button", name="Messagerie")
    expect(messagerie).to_have_attribute("aria-keyshortcuts", "m")
    expect(messagerie.locator("kbd")).to_be_visible()
    page.get_by_text("Mettre les rappels en pause").click()
    page.get_by_label("Pourquoi").press_sequentially("mnrqs")  # somebody writes
    page.locator("body").press("Control+m")
    assert not DossierRun.objects.exists() and page.get_by_label("Pourquoi").input_value() == "mnrqs"
    page.locator("h1").click()
    with page.expect_navigation():
        page.keyboard.press("m")
    expect(page.get_by_text("1 dossier vu")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("s")
    expect(page.get_by_text("2 dossiers vus")).to_be_visible()
    assert sorted(DossierRun.objects.values_list("issue", flat=True)) == ["messagerie", "passe"]


def test_les_touches_se_coupent(ouvrir: Ouvrir, distribution: Distribution, live_server: object) -> None:
    page = seance(ouvrir, distribution, live_server.url)  # type: ignore[attr-defined]
    choix = page.get_by_label("Une touche du clavier par bouton")
    choix.uncheck()
    expect(page.locator("kbd").first).to_be_hidden()
    page.keyboard.press("m")
    page.reload()
    expect(choix).not_to_be_checked()
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Messagerie")).to_be_enabled()
    assert not DossierRun.objects.exists()


def test_sans_javascript_le_run_marche_et_ne_promet_pas_de_touches(
    ouvrir: Ouvrir, distribution: Distribution, live_server: object
) -> None:
    page = seance(ouvrir, distribution, live_server.url, javascript=False)  # type: ignore[attr-defined]
    expect(page.locator("kbd").first).to_be_hidden()
    expect(page.get_by_label("Une touche du clavier par bouton")).to_be_hidden()
    page.get_by_role("button", name="Messagerie").click()
    expect(page.get_by_text("1 dossier vu")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_la_ligne_d_une_attente_ouvre_son_echelle(
    ouvrir: Ouvrir, distribution: Distribution, live_server: object, javascript: bool
) -> None:
    """Two lines at most on a phone; the card around it still leads to the file."""
    bloquer(distribution, 1)
    page = ouvrir("telephone", javascript=javascript)
    entrer(page, distribution, live_server.url)  # type: ignore[attr-defined]
    page.goto("/ma-journee/")
    ligne = page.locator(".rc-attente__suivi summary").first
    boite = ligne.bounding_box()
    assert boite is not None and 24 <= boite["height"] <= 50, boite
    ligne.click()
    expect(page.get_by_text("À prévenir le").first).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/ma-journee/")  # type: ignore[attr-defined]
