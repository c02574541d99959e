"""Splink with our settings: our normalisation, levels and blocking rules; its training, its prediction.

Then the best enrolment of each leaver, and the best leaver of each enrolment: what a user of Splink writes.
"""

from pathlib import Path

from splink import DuckDBAPI, Linker, block_on

from outils.comparateur.moteurs import commun
from outils.comparateur.moteurs.nous import JOUR
from raccord.comparateur.niveaux import modele_de_depart
from raccord.comparateur.normalisation import normaliser
from raccord.comparateur.reglages_splink import parametres


def lier(dossier: Path, sortie: Path) -> None:
    """Normalise, train, predict, resolve."""
    base = commun.brutes(dossier)
    normaliser(base, JOUR)
    for liste in ("sortants", "inscrits"):
        base.execute(f"CREATE TABLE {liste}_splink AS FROM {liste}_normalises")
    moteur = DuckDBAPI(connection=base)
    # Splink puts the tables in the order of their names: leavers on the left, as our rules say.
    noms = {"sortants": "1_sortants", "inscrits": "2_inscrits"}
    tables = [moteur.register(f"{liste}_splink", dataset_display_name=nom) for liste, nom in noms.items()]
    lieur = Linker(tables, parametres(modele_de_depart(), "duckdb"), log_level=None, validate_settings=False)
    sures = [block_on("nom", "prenom", "naissance"), block_on("ine")]
    lieur.training.estimate_probability_two_random_records_match(sures, recall=0.9)
    lieur.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    lieur.training.estimate_parameters_using_expectation_maximisation(block_on("nom", "prenom"))
    lieur.training.estimate_parameters_using_expectation_maximisation(block_on("naissance", "cp"))
    paires = lieur.inference.predict(threshold_match_probability=0.01, warning_mode="never").physical_name
    commun.ecrire(
        base,
        f"""
        SELECT l.identifiant AS identifiant_sortant, r.identifiant AS identifiant_inscrit, p AS probabilite
        FROM ({commun.un_a_un(paires, "rang")}) c
        JOIN sortants l ON l.rowid = c.s JOIN inscrits r ON r.rowid = c.i
        """,
        sortie,
    )
