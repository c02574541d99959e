"""Assemble the parts of the DSFR that Raccord uses into one style sheet, without Node.

    python outils/assembler_dsfr.py            writes dsfr.css, and apart what shows the State brand
    python outils/assembler_dsfr.py --verifier exits with 1 when the committed files are not what this would write

Read from the installed `django-dsfr` package. What changes on the way, and why:

- only the listed components and icons are kept, and colour families nobody uses are dropped;
- dark colours follow `prefers-color-scheme` instead of a script (nothing waits, nothing flashes);
- fonts are named by `--police-texte`, so that the neutral theme never asks for Marianne;
- icons are data URIs declared once, so that a page is not thirty requests.
"""

import hashlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

RACINE = Path(__file__).resolve().parents[1]
COMMUN = RACINE / "raccord" / "static" / "raccord" / "vendu" / "dsfr" / "dsfr.css"
# Apart: a host that is not a State service does not even ship the Marianne.
ETAT = RACINE / "raccord" / "static_etat" / "raccord" / "vendu" / "dsfr" / "marque-etat.css"

COMPOSANTS = [
    "link",
    "button",
    "skiplink",
    "form",
    "input",
    "checkbox",
    "radio",
    "select",
    "upload",
    "alert",
    "notice",
    "badge",
    "tag",
    "breadcrumb",
    "callout",
    "highlight",
    "header",
    "navigation",
    "footer",
    "pagination",
    "stepper",
    "search",
    "segmented",
]

FAMILLES_ABSENTES = [
    "green-tilleul-verveine",
    "green-bourgeon",
    "green-menthe",
    "green-archipel",
    "blue-ecume",
    "blue-cumulus",
    "pink-macaron",
    "pink-tuile",
    "yellow-tournesol",
    "orange-terre-battue",
    "brown-cafe-creme",
    "brown-caramel",
    "brown-opera",
    "beige-gris-galet",
]

ICONES = [
    "arrows/arrow-down-line",
    "arrows/arrow-down-s-line",
    "arrows/arrow-go-back-fill",
    "arrows/arrow-left-line",
    "arrows/arrow-left-s-line",
    "arrows/arrow-right-line",
    "arrows/arrow-right-s-line",
    "arrows/arrow-up-line",
    "buildings/building-line",
    "buildings/government-line",
    "buildings/home-4-line",
    "buildings/school-line",
    "business/archive-line",
    "business/attachment-line",
    "business/award-line",
    "business/bar-chart-box-line",
    "business/bookmark-line",
    "business/briefcase-line",
    "business/calculator-line",
    "business/calendar-check-line",
    "business/calendar-event-line",
    "business/calendar-line",
    "business/customer-service-line",
    "business/flag-line",
    "business/inbox-line",
    "business/links-line",
    "business/mail-line",
    "business/mail-open-line",
    "business/mail-send-line",
    "business/printer-line",
    "business/send-plane-line",
    "business/shake-hands-line",
    "communication/chat-3-line",
    "communication/discuss-line",
    "communication/feedback-line",
    "communication/question-answer-line",
    "design/edit-line",
    "design/pencil-line",
    "device/phone-line",
    "device/smartphone-line",
    "document/book-2-line",
    "document/clipboard-line",
    "document/draft-line",
    "document/file-add-line",
    "document/file-download-line",
    "document/file-line",
    "document/file-text-line",
    "document/folder-2-line",
    "document/todo-line",
    "editor/list-unordered",
    "map/bus-line",
    "map/compass-3-line",
    "map/france-line",
    "map/map-pin-2-line",
    "map/map-pin-user-line",
    "map/restaurant-line",
    "map/road-map-line",
    "map/car-line",
    "map/bike-line",
    "others/lightbulb-line",
    "others/scales-3-line",
    "others/seedling-line",
    "system/add-circle-line",
    "system/add-line",
    "system/alarm-warning-line",
    "system/alert-line",
    "system/check-line",
    "system/checkbox-circle-fill",
    "system/checkbox-circle-line",
    "system/checkbox-line",
    "system/close-circle-line",
    "system/close-line",
    "system/delete-bin-line",
    "system/download-line",
    "system/error-warning-line",
    "system/external-link-line",
    "system/eye-line",
    "system/eye-off-line",
    "system/filter-line",
    "system/fr--error-fill",
    "system/fr--info-fill",
    "system/fr--success-fill",
    "system/fr--warning-fill",
    "system/information-line",
    "system/lock-line",
    "system/lock-unlock-line",
    "system/logout-box-r-line",
    "system/menu-fill",
    "system/more-line",
    "system/notification-badge-line",
    "system/question-line",
    "system/refresh-line",
    "system/search-line",
    "system/settings-5-line",
    "system/shield-line",
    "system/star-line",
    "system/star-fill",
    "system/time-line",
    "system/timer-line",
    "system/upload-line",
    "user/account-circle-line",
    "user/group-line",
    "user/parent-line",
    "user/team-line",
    "user/user-add-line",
    "user/user-heart-line",
    "user/user-line",
    "user/user-search-line",
    "user/user-star-line",
]

URL = re.compile(r"url\(([^)]+)\)")
ABSENTES = re.compile(r"--[a-z0-9-]*(?:" + "|".join(FAMILLES_ABSENTES) + r")[a-z0-9-]*:[^;}]*;?")


def dossier_dsfr() -> Path:
    """The `dist` folder of the installed package."""
    module = importlib.util.find_spec("dsfr")
    if module is None or module.origin is None:
        raise SystemExit("django-dsfr n'est pas installé.")
    return Path(module.origin).parent / "static" / "dsfr" / "dist"


def regles(css: str) -> Iterator[tuple[str, str]]:
    """(prelude, body) of each top-level rule; comments are gone."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    debut = profondeur = ouverture = 0
    for place, signe in enumerate(css):
        if signe == "{":
            profondeur += 1
            if profondeur == 1:
                ouverture = place
        elif signe == "}":
            profondeur -= 1
            if profondeur == 0:
                yield css[debut:ouverture].strip(), css[ouverture + 1 : place].strip()
                debut = place + 1


def requete(media: str) -> str:
    """The media query without what only Internet Explorer understood; empty when nothing is left."""
    gardees = [part.strip() for part in media.removeprefix("@media").split(",") if "-ms-high-contrast" not in part]
    uniques: list[str] = []
    for part in gardees:
        termes = dict.fromkeys(part.split(" and "))
        uniques.append(" and ".join(termes))
    return ",".join(uniques)


def et_sombre(media: str) -> str:
    """The same query, for dark screens only."""
    sombre = "(prefers-color-scheme:dark)"
    return f"{media} and {sombre}" if media else sombre


class Feuille:
    """Rules sorted by media query, in the order DSFR itself uses."""

    ordre = (
        "",
        "(min-width:36em)",
        "(min-width:48em)",
        "(min-width:62em)",
        "(min-width:78em)",
        "(hover:hover) and (pointer:fine)",
    )

    def __init__(self, dist: Path, icones: dict[str, str] | None = None) -> None:
        self.dist = dist
        self.blocs: dict[str, list[str]] = {media: [] for media in self.ordre}
        self.icones = {} if icones is None else icones

    def icone(self, chemin: str) -> str:
        """The custom property that holds this picture."""
        nom = "--i-" + Path(chemin).stem.replace("fr--", "fr-")
        if nom not in self.icones:
            dessin = (self.dist / chemin).read_text().strip().replace('"', "'")
            self.icones[nom] = "data:image/svg+xml," + quote(dessin, safe=" =:/'(),;.-")
        return f"var({nom})"

    def corps(self, corps: str) -> str:
        """Declarations with our icons, without the colours nobody uses."""
        corps = ABSENTES.sub("", corps)
        corps = corps.replace("Marianne,arial,sans-serif", "var(--police-texte)")
        corps = corps.replace("Spectral,georgia,serif", "var(--police-texte)")
        corps = corps.replace("outline-color:#0a76f6", "outline-color:var(--rc-foyer,#0a76f6)")

        def remplacer(lien: re.Match[str]) -> str:
            chemin = lien.group(1).strip("\"'")
            if chemin.startswith("data:"):
                return lien.group(0)
            return self.icone(re.sub(r"^(\.\./)+", "", chemin))

        return URL.sub(remplacer, corps)

    def ajouter(self, css: str, media: str = "") -> None:
        """Sort the rules of one file."""
        for prelude, corps in regles(css):
            if prelude.startswith("@media"):
                interne = requete(prelude)
                if interne:
                    self.ajouter(corps, interne)
            elif prelude.startswith("@supports"):
                partie = Feuille(self.dist, self.icones)
                partie.ajouter(corps, media)
                for cle, bloc in partie.blocs.items():
                    if bloc:
                        self.blocs.setdefault(cle, []).append(f"{prelude}{{{''.join(bloc)}}}")
            elif prelude.startswith("@font-face") or not corps:
                continue
            elif prelude.startswith("@"):
                self.blocs.setdefault(media, []).append(f"{prelude}{{{corps}}}")
            else:
                self.regle(prelude, corps, media)

    def regle(self, prelude: str, corps: str, media: str) -> None:
        """One rule; its dark selectors go to a dark query, those of absent colours disappear."""
        selecteurs = [s for s in re.split(r",(?![^(]*\))", prelude) if not any(f in s for f in FAMILLES_ABSENTES)]
        sombres = [s for s in selecteurs if "[data-fr-theme=dark]" in s]
        clairs = [s for s in selecteurs if s not in sombres and "data-fr-theme" not in s and "-fi-" not in s]
        corps = self.corps(corps)
        if clairs and corps:
            self.blocs.setdefault(media, []).append(",".join(clairs) + "{" + corps + "}")
        if sombres and corps:
            # `:root:root` weighs what `:root[data-fr-theme=dark]` weighed.
            doubles = [
                s.replace(":root[data-fr-theme=dark]", ":root:root").replace("[data-fr-theme=dark]", ":root")
                for s in sombres
            ]
            cle = media if "prefers-color-scheme" in media else et_sombre(media)
            self.blocs.setdefault(cle, []).append(",".join(doubles) + "{" + corps + "}")

    def texte(self, icones: tuple[str, ...] | list[str]) -> str:
        """The whole sheet, with one class for each icon asked for."""
        for chemin in icones:
            image = self.icone(f"icons/{chemin}.svg")
            nom = Path(chemin).stem.replace("fr--", "fr-")
            classe = f".fr-icon-{nom.removeprefix('fr-')}"
            self.blocs[""].append(f"{classe}:after,{classe}:before{{-webkit-mask-image:{image};mask-image:{image}}}")
        morceaux = [":root{" + ";".join(f'{nom}:url("{image}")' for nom, image in sorted(self.icones.items())) + "}"]
        for media, bloc in self.blocs.items():
            if bloc:
                contenu = "\n".join(bloc)
                morceaux.append(f"@media {media}{{\n{contenu}\n}}" if media else contenu)
        return "\n".join(morceaux) + "\n"


def assembler(fichiers: list[str], *, icones: tuple[str, ...] | list[str] = ()) -> str:
    """One style sheet, with the version and the digest of what it was made of."""
    dist = dossier_dsfr()
    feuille = Feuille(dist)
    empreinte = hashlib.sha256()
    for fichier in fichiers:
        octets = (dist / fichier).read_bytes()
        empreinte.update(octets)
        feuille.ajouter(octets.decode())
    version = re.search(r"DSFR v([\d.]+)", (dist / "dsfr.main.min.css").read_text())
    return (
        f"/*! DSFR v{version.group(1) if version else '?'} | MIT | parts chosen by outils/assembler_dsfr.py "
        f"| sha256 of the parts {empreinte.hexdigest()} */\n" + feuille.texte(icones)
    )


def feuilles() -> dict[Path, str]:
    """What the two files must hold."""
    communs = ["core/core.main.min.css", "scheme/scheme.min.css"]
    communs += [f"component/{nom}/{nom}.main.min.css" for nom in COMPOSANTS]
    return {
        COMMUN: assembler(communs, icones=ICONES),
        ETAT: assembler(["component/logo/logo.main.min.css"]),
    }


def main(arguments: list[str]) -> int:
    """Write the sheets, or check them."""
    attendues = feuilles()
    if "--verifier" in arguments:
        return 0 if all(f.exists() and f.read_text() == css for f, css in attendues.items()) else 1
    for fichier, css in attendues.items():
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_text(css)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
