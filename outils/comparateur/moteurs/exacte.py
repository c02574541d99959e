"""The floor in time: same name, first name and birth date once accents and case are gone."""

from pathlib import Path

from outils.comparateur.moteurs import commun


def lier(dossier: Path, sortie: Path) -> None:
    """An exact join."""
    commun.ecrire(
        commun.ouvrir(dossier),
        """
        SELECT s.unique_id AS identifiant_sortant, i.unique_id AS identifiant_inscrit, 1.0 AS probabilite
        FROM sortants s JOIN inscrits i USING (nom, prenom, date_naissance)
        """,
        sortie,
    )
