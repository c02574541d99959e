"""Screenshots of every page, at both widths, as each person of the demo sees them; axe on each.

`make captures` starts a demo of its own in a temporary folder, walks from each role's menu two links deep, and
writes `.local/captures/<role>/<page>-<largeur>.png`. The few shown by the README go to `docs/captures/`.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

RACINE = Path(__file__).resolve().parents[1]
SORTIE = RACINE / ".local" / "captures"
LARGEURS = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 900}}
NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
IDENTIFIANT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_-]{32}")
PAGES_PAR_ROLE = 40
PAS_DES_PAGES = ("/demo/entrer/", ".pdf", ".csv", ".ics", ".docx", "/documents/")
CARTE_DE_ROLE = ".rc-encart:has(form[action*='/demo/entrer/'])"
README = {"Tuteur MLDS": {"/jeunes/*/": "jeune"}, "visiteur": {"/": "accueil", "/offres/": "offres"}}


def main() -> int:
    """Start, walk, stop; the status is 1 when axe found something."""
    shutil.rmtree(SORTIE, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="raccord-captures-") as dossier:
        port = _port_libre()
        demo = subprocess.Popen(
            [sys.executable, "-m", "raccord", "demo", "--port", str(port)],
            cwd=RACINE,
            env=os.environ | {"RACCORD_DOSSIER": dossier, "RACCORD_ADRESSE": f"http://localhost:{port}"},
            stdout=subprocess.DEVNULL,
        )
        try:
            _attendre(f"http://localhost:{port}/sante/", demo)
            defauts = _parcourir(f"http://localhost:{port}")
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)
            arret = [sys.executable, "-m", "raccord.config.base_locale", "effacer", f"{dossier}/postgres"]
            subprocess.run(arret, cwd=RACINE, check=False)
    for defaut in sorted(defauts):
        print(defaut)
    print(
        f"{len(list(SORTIE.rglob('*.png')))} captures dans {SORTIE.relative_to(RACINE)}, {len(defauts)} défaut(s) axe."
    )
    return 1 if defauts else 0


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _attendre(adresse: str, demo: "subprocess.Popen[bytes]") -> None:
    for _ in range(180):
        if demo.poll() is not None:
            raise SystemExit("La démonstration s'est arrêtée avant de répondre.")
        try:
            urllib.request.urlopen(adresse, timeout=5)  # noqa: S310  our own loopback address
        except (urllib.error.URLError, OSError):
            time.sleep(1)
        else:
            return
    raise SystemExit("La démonstration n'a pas répondu en trois minutes.")


def _parcourir(base: str) -> set[str]:
    chemin = next(filter(None, map(shutil.which, NAVIGATEURS)), None)
    defauts: set[str] = set()
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin, args=ARGUMENTS)
        for role in ["visiteur", *_roles(navigateur, base)]:
            for largeur, taille in LARGEURS.items():
                fenetre = navigateur.new_context(
                    base_url=base, viewport=taille, locale="fr-FR", reduced_motion="reduce"
                )
                page = fenetre.new_page()
                if role != "visiteur":
                    _entrer(page, role)
                defauts |= _visiter(page, base, role, largeur)
                fenetre.close()
        for largeur, taille in LARGEURS.items():
            defauts |= _liens(navigateur, base, largeur, taille)
        navigateur.close()
    return defauts


def _roles(navigateur: Browser, base: str) -> list[str]:
    page = navigateur.new_page(base_url=base)
    page.goto("/demo/")
    roles = page.locator(CARTE_DE_ROLE).locator("h2").all_inner_texts()
    page.close()
    if not roles:
        raise SystemExit("La page /demo/ ne propose aucun rôle : rien à capturer.")
    return roles


def _entrer(page: Page, role: str) -> None:
    page.goto("/demo/")
    page.locator(CARTE_DE_ROLE).filter(has=page.get_by_role("heading", name=role)).locator("button").first.click()
    page.wait_for_url("**/ma-journee/")


def _forme(adresse: str) -> str:
    """Pages that differ only by the object are one."""
    return IDENTIFIANT.sub("*", urlsplit(adresse).path)


def _visiter(page: Page, base: str, role: str, largeur: str) -> set[str]:
    """Breadth first, one page of each form; a link is followed, a button is not."""
    defauts: set[str] = set()
    file, vus = ["/", "/ma-journee/"] if role != "visiteur" else ["/", "/connexion/", "/demo/messages/"], set()
    while file and len(vus) < PAGES_PAR_ROLE:
        adresse = file.pop(0)
        forme = _forme(adresse)
        if forme in vus:
            continue
        reponse = page.goto(adresse)
        if reponse is None or "text/html" not in reponse.headers.get("content-type", ""):
            continue
        vus.add(forme)
        defauts |= _saisir(page, role, forme, largeur)
        liens = page.eval_on_selector_all("a[href]", "liens => liens.map(lien => lien.href)")
        file += [lien for lien in liens if lien.startswith(base) and not any(part in lien for part in PAS_DES_PAGES)]
    return defauts


def _liens(navigateur: Browser, base: str, largeur: str, taille: dict[str, int]) -> set[str]:
    """The pages of people without account, found in the messages as they would find them."""
    fenetre = navigateur.new_context(base_url=base, viewport=taille, locale="fr-FR", reduced_motion="reduce")
    page, defauts = fenetre.new_page(), set()
    adresses: list[str] = []
    for numero in range(1, 6):
        page.goto(f"/demo/messages/?page={numero}")
        adresses += page.eval_on_selector_all('a[href*="/lien/"]', "liens => liens.map(lien => lien.href)")
    titres: set[str] = set()
    for adresse in dict.fromkeys(adresses):
        page.goto(adresse)
        titre = page.title()
        if titre not in titres:
            titres.add(titre)
            defauts |= _saisir(page, "lien", re.sub(r"\W+", "-", titre), largeur)
    fenetre.close()
    return defauts


def _saisir(page: Page, role: str, forme: str, largeur: str) -> set[str]:
    nom = forme.strip("/").replace("/", "_").replace("*", "x") or "accueil"
    dossier = SORTIE / re.sub(r"\W+", "-", role)
    dossier.mkdir(parents=True, exist_ok=True)
    fichier = dossier / f"{nom}-{largeur}.png"
    page.screenshot(path=fichier, full_page=True)
    if forme in README.get(role, {}):
        (RACINE / "docs" / "captures").mkdir(parents=True, exist_ok=True)
        page.screenshot(path=RACINE / "docs" / "captures" / f"{README[role][forme]}-{largeur}.png")
    deborde = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    defauts = {f"{role} {forme} {largeur} : la page déborde en largeur"} if deborde else set()
    for violation in Axe().run(page).response["violations"]:
        cible = violation["nodes"][0]["target"][0]
        defauts.add(f"{role} {forme} {largeur} : {violation['id']} ({violation['help']}) sur {cible}")
    return defauts


if __name__ == "__main__":
    sys.exit(main())
