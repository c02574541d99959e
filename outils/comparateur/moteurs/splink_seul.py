"""Splink on the plain lists, whatever its settings: away from `commun`, so that only its engines pay for loading it."""

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def predire(base: duckdb.DuckDBPyConnection, reglages: SettingsCreator) -> str:
    """Splink as its tutorial trains it, on the plain lists; the name of the table of pairs it predicts."""
    _effacer_ines_partages(base)
    moteur = DuckDBAPI(connection=base)
    # Splink puts the tables in the order of their names: leavers on the left.
    noms = {"sortants": "1_sortants", "inscrits": "2_inscrits"}
    tables = [moteur.register(liste, dataset_display_name=nom) for liste, nom in noms.items()]
    lieur = Linker(tables, reglages, log_level=None)
    sures = [block_on("nom", "prenom", "date_naissance"), block_on("ine")]
    lieur.training.estimate_probability_two_random_records_match(sures, recall=0.9)
    lieur.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    lieur.training.estimate_parameters_using_expectation_maximisation(block_on("nom", "prenom"))
    lieur.training.estimate_parameters_using_expectation_maximisation(block_on("date_naissance", "code_postal"))
    return str(lieur.inference.predict(threshold_match_probability=0.01).physical_name)


def _effacer_ines_partages(base: duckdb.DuckDBPyConnection) -> None:
    """A placeholder borne by thousands would make millions of pairs: Splink's tutorial says to look before blocking."""
    base.execute(
        "UPDATE inscrits SET ine = NULL WHERE ine IN (SELECT ine FROM inscrits GROUP BY ine HAVING count(*) > 20)"
    )
