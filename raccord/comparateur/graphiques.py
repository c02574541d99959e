"""The model as Splink draws it, on one page that fetches nothing: Splink's charts and the library that draws them.

Splink takes a second to load: this module is loaded only when the charts are asked for.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from splink import SettingsCreator
from splink.internals.html_utils import chart_html

from raccord.comparateur.modele import Modele
from raccord.comparateur.pages import Html, page, paragraphe, titre
from raccord.comparateur.rapport import carte_du_modele, poids_des_niveaux
from raccord.comparateur.rapport_en_page import modele_en_page
from raccord.comparateur.reglages_splink import parametres

MOTS = {
    "Amongst matching record comparisons:": "Entre deux lignes d’une même personne",
    "Amongst non-matching record comparisons:": "Entre les lignes de deux personnes",
    "Bayes factor = m/u": "m / u",
    "Comparison level match weight = log2(m/u)": "Poids du niveau = log2(m / u)",
    "Comparison name": "Champ",
    "Equivalent match weight": "Poids",
    "Label": "Niveau",
    "M probability": "m",
    "Match weight": "Poids",
    "Match weight = log2(m/u)": "Poids = log2(m / u)",
    "Partial match weights (components of final match weight)": "Le poids de chaque niveau",
    "Prior (starting) match weight": "Point de départ",
    "Probability two random records match": "Chance de deux lignes prises au hasard",
    "Proportion of record comparisons": "Part des paires",
    "Proportion of record comparisons in each comparison level by match status": "La part des paires à chaque niveau",
    "SQL condition": "Condition, en SQL",
    "U probability": "u",
    "Use mousewheel to zoom": "La molette agrandit ; le détail d’un niveau se lit en passant sur sa barre",
    "(m and u probabilities)": "m et u",
}
"""What Splink writes on these charts, in French."""
PHRASES = ("bayes_factor_description", "m_probability_description", "u_probability_description")
"""What Splink's tooltips say once more, in English sentences."""
AFFICHAGE = {
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
    "downloadFileName": "modele",
    "i18n": {"CLICK_TO_VIEW_ACTIONS": "Enregistrer", "PNG_ACTION": "En PNG", "SVG_ACTION": "En SVG"},
    "formatLocale": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u202f€"]},
}
"""Of the library that draws: the image may be saved; nothing is sent to an editor elsewhere; figures are French."""


def ecrire_graphiques(modele: Modele, chemin: Path) -> None:
    """Write the page; one already there is replaced once the new one is whole."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    neuf = chemin.with_name(f".{chemin.name}.en-cours")
    try:
        neuf.write_text(page("Le modèle du comparateur", _morceaux(modele)), encoding="utf-8")
        neuf.replace(chemin)
    finally:
        neuf.unlink(missing_ok=True)


def _morceaux(modele: Modele) -> Iterator[Html]:
    yield titre("Ses graphiques")
    yield paragraphe(
        "m est la part des paires d'une même personne qui sont à ce niveau, u celle des paires de deux personnes. Les "
        "parts d'un champ font 1, ou celles d'un groupe de ses niveaux quand un autre champ a déjà parlé. Le "
        "comparateur pense aussi à deux personnes d'un même foyer, ce que ces graphiques, dessinés par Splink, ne "
        "montrent pas."
    )
    yield Html(
        "<noscript><p>Ces graphiques demandent JavaScript ; le tableau plus bas dit la même chose.</p></noscript>"
    )
    yield Html(f'<div class="defile">{chart_html(_planche(modele), inline=True)}</div>')
    yield from modele_en_page(carte_du_modele(modele), poids_des_niveaux(modele))


def _planche(modele: Modele) -> dict[str, Any]:
    """Both charts, one under the other."""
    reglages = SettingsCreator.from_path_or_dict(parametres(modele, "duckdb")).get_settings("duckdb")
    champs = {comparaison.champ: comparaison.libelle for comparaison in modele.comparaisons}
    poids, m_et_u = (
        _en_francais(graphique.chart_dict, champs)
        for graphique in (reglages.match_weights_chart(), reglages.m_u_parameters_chart())
    )
    cadre = {**poids.pop("config"), "legend": {"disable": True}, "axisY": {"labelLimit": 270}}
    del m_et_u["config"], poids["$schema"], m_et_u["$schema"]
    m_et_u["hconcat"][1]["encoding"]["y"]["axis"] |= {"labels": False, "ticks": False}  # those of its left
    return {"config": cadre, "usermeta": {"embedOptions": AFFICHAGE}, "vconcat": [poids, m_et_u], "spacing": 60}


def _en_francais(objet: Any, champs: dict[str, str]) -> Any:
    match objet:
        case {"comparison_name": champ}:
            ligne = {nom: valeur for nom, valeur in objet.items() if nom not in PHRASES}
            return {**ligne, "comparison_name": champs.get(champ, champ)}
        case dict():
            return {nom: _en_francais(valeur, champs) for nom, valeur in objet.items()}
        case list():
            return [_en_francais(valeur, champs) for valeur in objet if not _est_une_phrase(valeur)]
        case str():
            return MOTS.get(objet, objet)
        case _:
            return objet


def _est_une_phrase(valeur: Any) -> bool:
    return isinstance(valeur, dict) and valeur.get("field") in PHRASES
