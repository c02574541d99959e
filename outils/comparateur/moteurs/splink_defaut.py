"""Splink as its tutorial uses it: the comparisons of its library, trained without labels, threshold one half."""

from pathlib import Path

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from outils.comparateur.moteurs import commun

REGLAGES = SettingsCreator(
    link_type="link_only",
    comparisons=[
        cl.NameComparison("prenom").configure(term_frequency_adjustments=True),
        cl.NameComparison("nom").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("date_naissance", input_is_string=True),
        cl.ExactMatch("sexe"),
        cl.ExactMatch("commune_naissance").configure(term_frequency_adjustments=True),
        cl.ExactMatch("code_postal"),
        cl.ExactMatch("ine"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("ine"),
        block_on("nom", "date_naissance"),
        block_on("prenom", "date_naissance"),
        block_on("nom", "prenom", "code_postal"),
        block_on("date_naissance", "commune_naissance", "code_postal"),
    ],
)


def lier(dossier: Path, sortie: Path) -> None:
    """Train and predict."""
    base = commun.ouvrir(dossier)
    commun.effacer_ines_partages(base)
    moteur = DuckDBAPI(connection=base)
    # Splink puts the tables in the order of their names: leavers on the left.
    noms = {"sortants": "1_sortants", "inscrits": "2_inscrits"}
    tables = [moteur.register(liste, dataset_display_name=nom) for liste, nom in noms.items()]
    lieur = Linker(tables, REGLAGES, log_level=None)
    sures = [block_on("nom", "prenom", "date_naissance"), block_on("ine")]
    lieur.training.estimate_probability_two_random_records_match(sures, recall=0.9)
    lieur.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    lieur.training.estimate_parameters_using_expectation_maximisation(block_on("nom", "prenom"))
    lieur.training.estimate_parameters_using_expectation_maximisation(block_on("date_naissance", "code_postal"))
    paires = lieur.inference.predict(threshold_match_probability=0.01).physical_name
    commun.ecrire(
        base,
        f"""
        SELECT unique_id_l AS identifiant_sortant, unique_id_r AS identifiant_inscrit, match_probability AS probabilite
        FROM {paires}
        """,
        sortie,
    )
