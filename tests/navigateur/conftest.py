"""A real browser before a real server: found as `make test` finds it, never skipped in silence."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page

from conftest import INSTANT
from tests.distribution import Distribution
from tests.monde import Monde
from tests.navigateur.visite import BUREAU, TELEPHONE, Visite

NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium on PATH, else the one that playwright brings."""
    chemin = next(filter(None, map(shutil.which, NAVIGATEURS)), None)
    return browser_type_launch_args | {"args": ARGUMENTS} | ({"executable_path": chemin} if chemin else {})


Ouvrir = Callable[..., Page]


@pytest.fixture
def horloge() -> Iterator[time_machine.Traveller]:
    """The server's clock, started at the other tests' instant; `move_to` leads it. The browser keeps its own."""
    with time_machine.travel(INSTANT, tick=True) as horloge:
        yield horloge


@pytest.fixture
def ouvrir(browser: Browser, live_server: Any) -> Iterator[Ouvrir]:
    """Open a window for one person: `ouvrir("telephone")`, `ouvrir("bureau", javascript=False)`.

    An error in the console, a failed request to elsewhere or a 500 fails the test.
    """
    fenetres: list[BrowserContext] = []
    defauts: list[str] = []

    def nouvelle(taille: str = "bureau", *, javascript: bool = True) -> Page:
        fenetre = browser.new_context(
            base_url=live_server.url,
            viewport=TELEPHONE if taille == "telephone" else BUREAU,
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        fenetres.append(fenetre)
        page = fenetre.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: defauts.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda erreur: defauts.append(str(erreur)))
        page.on(
            "request",
            lambda requete: None if requete.url.startswith((live_server.url, "data:")) else defauts.append(requete.url),
        )
        page.on("response", lambda r: defauts.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        return page

    yield nouvelle
    for fenetre in fenetres:
        fenetre.close()
    # a refused form answers 422 and a closed link 410: the console says so, and it is what should be
    graves = [defaut for defaut in defauts if "status of 4" not in defaut]
    assert not graves, graves


@pytest.fixture
def visite(ouvrir: Ouvrir, live_server: Any, distribution: Distribution) -> Visite:
    """A window that examines what it opens, in a world of its own."""
    return Visite(ouvrir("bureau"), live_server.url, Monde(distribution))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything here is a browser test; one variable alone leaves them out, and the summary says so."""
    ici = [item for item in items if "tests/navigateur/" in str(item.path)]
    for item in ici:
        item.add_marker(pytest.mark.navigateur)
        item.add_marker(pytest.mark.django_db(transaction=True))
    if os.environ.get("RACCORD_SANS_NAVIGATEUR") == "1" and ici:
        items[:] = [item for item in items if item not in ici]
        config.hook.pytest_deselected(items=ici)
