"""A window that examines page after page: axe, one h1, nothing wider than the screen, at 1280 and 390 px."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from tests.distribution import contact
from tests.monde import Monde

TELEPHONE: ViewportSize = {"width": 390, "height": 844}
BUREAU: ViewportSize = {"width": 1280, "height": 900}


def violations(page: Page) -> list[str]:
    """What axe finds, in words. Its half megabyte is parsed once per page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    trouvees: list[str] = page.evaluate(
        """() => axe.run({resultTypes: ['violations']}).then(({violations}) => violations.map(
          ({id, nodes}) => `${id} ${nodes.slice(0, 3).map((n) => `${n.target} (${n.failureSummary})`).join(' ; ')}`))"""
    )
    return trouvees


class Visite:
    """A window that goes from page to page and remembers what is wrong."""

    def __init__(self, page: Page, adresse: str, monde: Monde) -> None:
        self.page, self.site, self.monde, self.defauts = page, adresse, monde, []
        self.vues: list[str] = []

    def entrer(self, colonne: str) -> None:
        """Become that person of the matrix."""
        self.page.context.clear_cookies()
        if colonne != "visiteur":
            valeur = self.monde.client(colonne).cookies[settings.SESSION_COOKIE_NAME].value
            self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": valeur, "url": self.site}])

    def ouvrir(self, chemin: str) -> Any:
        """The page at a desk; every other one is in the dark theme."""
        self.page.set_viewport_size(BUREAU)
        # Before the page is there: colours that change under it take their time.
        self.page.emulate_media(color_scheme="dark" if len(self.vues) % 2 else "light")
        return self.page.goto(chemin)

    def voir(self, chemin: str, nom: str = "", *, statut: int = 200) -> None:
        """Open the page and examine it."""
        reponse = self.ouvrir(chemin)
        assert reponse is not None
        if reponse.status != statut:
            self.defauts.append(f"{nom or chemin} : {reponse.status} au lieu de {statut}")
        self.examiner(nom or chemin)

    def adresse(self, nom: str, *cles: str) -> str:
        """The address, with objects of the matrix's world. Each has its own referent: nobody hosts two at once."""
        self.monde.distribution.referent = contact(self.monde.distribution.entreprise)
        return reverse(nom, args=[self.monde.argument(cle) for cle in cles])

    def examiner(self, nom: str) -> None:
        """The page as it stands."""
        self.vues.append(nom)
        if (titres := self.page.locator("h1").count()) != 1:
            self.defauts.append(f"{nom} : {titres} h1")
        for taille in (BUREAU, TELEPHONE):
            largeur = taille["width"]
            self.page.set_viewport_size(taille)
            depasse = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if depasse > 0:
                self.defauts.append(f"{nom} à {largeur} px : dépasse de {depasse} px")
            self.defauts += [f"{nom} à {largeur} px : {violation}" for violation in violations(self.page)]

    def mal_remplir(self, chemin: str, nom: str = "") -> None:
        """Empty the page's form and send it: the summary of errors is there, focused, and as readable as the rest."""
        self.ouvrir(chemin)
        self.page.evaluate(
            """() => {
              const champs = document.querySelectorAll('main form[method=post] :is(input, textarea, select)');
              for (const champ of champs) {
                if (champ.type === 'hidden' || champ.type === 'file') continue;
                if (['checkbox', 'radio'].includes(champ.type)) champ.checked = false;
                else champ.value = '';
              }
            }"""
        )
        boutons = self.page.locator("main form[method=post]:has(.rc-champ) button[type=submit]:not([aria-hidden])")
        principal = boutons.and_(self.page.locator(":not([class*='--secondary'], [class*='--tertiary'])"))
        (principal if principal.count() else boutons).first.click()
        resume = self.page.locator(".rc-resume").first
        expect(resume, f"{nom or chemin} : pas de résumé des erreurs").to_be_visible()
        expect(resume, f"{nom or chemin} : le résumé n'a pas le focus").to_be_focused()
        self.examiner(f"{nom or chemin}, mal rempli")

    def conclure(self, *, au_moins: int) -> None:
        """Say everything at once."""
        assert not self.defauts, "\n".join(self.defauts)
        assert len(self.vues) >= au_moins, self.vues
