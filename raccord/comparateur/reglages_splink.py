"""The model as Splink reads it: the same comparisons, levels, probabilities and blocking rules."""

from typing import Any

from raccord.comparateur.modele import Comparaison, Modele, Regle
from raccord.comparateur.notation import ABSENT, cote_de_depart

PREFIXE = "niveau_"
RESSEMBLANCE = "ressemblance"
"""What Spark calls DuckDB's `jaro_winkler_similarity`: its own function of that name gives other figures."""


def parametres(modele: Modele, dialecte: str, *, blocage: bool = True) -> dict[str, Any]:
    """Splink settings for the tables `sortants_normalises` and `inscrits_normalises`. `dialecte`: duckdb or spark.

    Splink counts its levels from the last one (0) to the first: `place` turns its count into ours.
    """
    return {
        "link_type": "link_only",
        "unique_id_column_name": "rang",
        "sql_dialect": dialecte,
        "probability_two_random_records_match": 1 / (1 + 1 / cote_de_depart(modele)),
        "comparison_vector_value_column_prefix": PREFIXE,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [_regle(r, dialecte) for r in modele.regles if blocage],
        "comparisons": [_comparaison(c, dialecte) for c in modele.comparaisons],
    }


def place(comparaison: Comparaison) -> str:
    """SQL: the level that Splink found, counted as the model counts, in a table called `p`."""
    dernier = len(comparaison.niveaux) - 1
    colonne = f"{PREFIXE}{comparaison.champ}"
    return f"(case when p.{colonne} = -1 then {ABSENT} else {dernier} - p.{colonne} end)::tinyint as {colonne}"


def _regle(regle: Regle, dialecte: str) -> dict[str, str]:
    return {"blocking_rule": regle.condition, "sql_dialect": dialecte}


def _comparaison(comparaison: Comparaison, dialecte: str) -> dict[str, Any]:
    niveaux = [
        {
            "sql_condition": _condition(niveau.condition, dialecte) or "ELSE",
            "label_for_charts": niveau.libelle,
            "m_probability": niveau.m,
            "u_probability": niveau.u,
        }
        for niveau in comparaison.niveaux
    ]
    absent = {"sql_condition": comparaison.absent, "label_for_charts": "non renseigné", "is_null_level": True}
    return {"output_column_name": comparaison.champ, "comparison_levels": [absent, *niveaux]}


def _condition(condition: str, dialecte: str) -> str:
    return condition.replace("jaro_winkler_similarity", RESSEMBLANCE) if dialecte == "spark" else condition
