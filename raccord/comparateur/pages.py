"""Pages that are read in a browser: one file, nothing fetched from elsewhere, every value escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

STYLE = """
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: #161616; background: #fff;
  font: 1rem/1.5 Marianne, Arial, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 2px solid #000091; font-size: 1.25rem; }
table { width: 100%; margin-bottom: 1rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: .5rem 0; text-align: left; font-weight: bold; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; }
tbody th { font-weight: normal; }
.n { text-align: right; white-space: nowrap; }
.barre { width: 30%; }
svg { display: block; width: 100%; height: .9rem; }
.pour { fill: #000091; } .contre { fill: #b34000; } .fond { fill: #eee; }
.defile { overflow-x: auto; }
"""
AMPLITUDE = 30
"""Bits at each end of a bar of weights."""


class Html(str):
    """Text that is already HTML; all other text is escaped."""

    __slots__ = ()


@dataclass(frozen=True)
class Colonne:
    """A column of a table. `nombre`: figures, to the right; `dessin`: a bar, without words."""

    titre: str
    nombre: bool = False
    dessin: bool = False


def html(valeur: object) -> Html:
    """Any value, safe to put in a page."""
    return valeur if isinstance(valeur, Html) else Html(escape(str(valeur)))


def paragraphe(texte: object) -> Html:
    return Html(f"<p>{html(texte)}</p>")


def titre(texte: object) -> Html:
    return Html(f"<h2>{html(texte)}</h2>")


def liste(textes: Iterable[object]) -> Html:
    return Html("<ul>" + "".join(f"<li>{html(texte)}</li>" for texte in textes) + "</ul>")


def tableau(legende: str, colonnes: Sequence[Colonne], lignes: Sequence[Sequence[object]]) -> Html:
    """A table whose first column names the rows; where there is nothing, it says so."""
    tetes = "".join(f'<th scope="col"{_classe(colonne)}>{html(colonne.titre)}</th>' for colonne in colonnes)
    corps = "".join(f"<tr>{_cellules(colonnes, ligne)}</tr>" for ligne in lignes)
    vide = f'<tr><td colspan="{len(colonnes)}">Rien à signaler.</td></tr>'
    return Html(
        f'<div class="defile"><table><caption>{html(legende)}</caption>'
        f"<thead><tr>{tetes}</tr></thead><tbody>{corps or vide}</tbody></table></div>"
    )


def _cellules(colonnes: Sequence[Colonne], ligne: Sequence[object]) -> str:
    nom, *reste = ligne
    cellules = [f'<th scope="row">{html(nom)}</th>']
    cellules += [
        f"<td{_classe(colonne)}>{html(valeur)}</td>" for colonne, valeur in zip(colonnes[1:], reste, strict=True)
    ]
    return "".join(cellules)


def _classe(colonne: Colonne) -> str:
    return ' class="n"' if colonne.nombre else ' class="barre"' if colonne.dessin else ""


def barre(part: float) -> Html:
    """A part of a whole."""
    return _dessin(0, f'<rect class="pour" width="{100 * part:.2f}" height="4"/>')


def balance(poids: float) -> Html:
    """A weight in bits, to the right when it speaks for, to the left when it speaks against."""
    longueur = min(abs(poids), AMPLITUDE) * 50 / AMPLITUDE
    classe, depart = ("pour", 0.0) if poids >= 0 else ("contre", -longueur)
    return _dessin(-50, f'<rect class="{classe}" x="{depart:.2f}" width="{longueur:.2f}" height="4"/>')


def _dessin(gauche: int, rectangle: str) -> Html:
    return Html(
        f'<svg viewBox="{gauche} 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="fond" x="{gauche}" width="100" height="4"/>{rectangle}</svg>'
    )


def page(nom: str, morceaux: Iterable[Html]) -> str:
    """The whole page."""
    return (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html(nom)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{html(nom)}</h1>\n" + "\n".join(morceaux) + "\n</main></body></html>\n"
    )


def nombre(valeur: float | None) -> str:
    """A count as it is read; a hidden one is said so."""
    return "moins de 5" if valeur is None else f"{valeur:,.0f}".replace(",", "\u202f")


def decimal(valeur: float, chiffres: int = 1) -> str:
    return f"{valeur:.{chiffres}f}".replace(".", ",")


def pourcent(valeur: float, chiffres: int = 1) -> str:
    return f"{decimal(100 * valeur, chiffres)}\u202f%"


def memoire(octets: int) -> str:
    return f"{nombre(octets / (1 << 20))}\u202fMo"
