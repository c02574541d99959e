"""Splink as somebody who knows it and these lists would set it: its own library, levels fit for what goes wrong here.

More rules than the tutorial, swapped names, dates and INE at one slip, départements; then each leaver's best enrolment.
"""

from pathlib import Path

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from outils.comparateur.moteurs import commun
from outils.comparateur.moteurs.splink_seul import predire


def _nom(colonne: str, autre: str) -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name=colonne,
        comparison_levels=[
            cll.NullLevel(colonne),
            cll.ExactMatchLevel(colonne, term_frequency_adjustments=True),
            cll.ColumnsReversedLevel(colonne, autre),
            cll.JaroWinklerLevel(colonne, 0.92),
            cll.JaroWinklerLevel(colonne, 0.84),
            cll.ElseLevel(),
        ],
    )


DATE = cl.CustomComparison(
    output_column_name="date_naissance",
    comparison_levels=[
        cll.NullLevel("date_naissance"),
        cll.ExactMatchLevel("date_naissance"),
        cll.CustomLevel(
            "substr(date_naissance_l, 1, 4) = substr(date_naissance_r, 1, 4) "
            "AND substr(date_naissance_l, 6, 2) = substr(date_naissance_r, 9, 2) "
            "AND substr(date_naissance_l, 9, 2) = substr(date_naissance_r, 6, 2)",
            label_for_charts="day and month swapped",
        ),
        cll.DamerauLevenshteinLevel("date_naissance", 1),
        cll.CustomLevel(
            "substr(date_naissance_l, 1, 4) = substr(date_naissance_r, 1, 4)", label_for_charts="same year"
        ),
        cll.ElseLevel(),
    ],
)
INE = cl.CustomComparison(
    output_column_name="ine",
    comparison_levels=[
        cll.NullLevel("ine"),
        cll.ExactMatchLevel("ine"),
        cll.DamerauLevenshteinLevel("ine", 1),
        cll.ElseLevel(),
    ],
)


def _lieu(colonne: str) -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name=colonne,
        comparison_levels=[
            cll.NullLevel(colonne),
            cll.ExactMatchLevel(colonne, term_frequency_adjustments=True),
            cll.CustomLevel(f"substr({colonne}_l, 1, 2) = substr({colonne}_r, 1, 2)", label_for_charts="département"),
            cll.ElseLevel(),
        ],
    )


REGLAGES = SettingsCreator(
    link_type="link_only",
    comparisons=[
        _nom("prenom", "nom"),
        _nom("nom", "prenom"),
        DATE,
        cl.ExactMatch("sexe"),
        _lieu("commune_naissance"),
        _lieu("code_postal"),
        INE,
    ],
    blocking_rules_to_generate_predictions=[
        block_on("ine"),
        block_on("nom", "date_naissance"),
        block_on("prenom", "date_naissance"),
        block_on("date_naissance", "substr(nom, 1, 2)", "substr(prenom, 1, 1)"),
        "l.date_naissance = r.date_naissance AND l.nom = r.prenom",
        block_on("nom", "prenom", "code_postal"),
        block_on("nom", "prenom", "commune_naissance"),
        block_on("date_naissance", "commune_naissance", "code_postal"),
    ],
)


def lier(dossier: Path, sortie: Path) -> None:
    """Train, predict, resolve."""
    base = commun.ouvrir(dossier)
    paires = predire(base, REGLAGES)
    commun.ecrire(
        base,
        f"""
        SELECT s AS identifiant_sortant, i AS identifiant_inscrit, p AS probabilite
        FROM ({commun.un_a_un(paires, "unique_id")})
        """,
        sortie,
    )
