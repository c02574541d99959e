"""Splink as its tutorial uses it: the comparisons of its library, trained without labels, threshold one half."""

from pathlib import Path

import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from outils.comparateur.moteurs import commun
from outils.comparateur.moteurs.splink_seul import predire

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
    paires = predire(base, REGLAGES)
    commun.ecrire(
        base,
        f"""
        SELECT unique_id_l AS identifiant_sortant, unique_id_r AS identifiant_inscrit, match_probability AS probabilite
        FROM {paires}
        """,
        sortie,
    )
