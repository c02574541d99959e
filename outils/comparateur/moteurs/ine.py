"""The national number alone."""

from pathlib import Path

from outils.comparateur.moteurs import commun


def lier(dossier: Path, sortie: Path) -> None:
    """Same number, same person."""
    base = commun.ouvrir(dossier)
    # A number that more than twenty people bear is not one: without this, 3 000 placeholders make 9 million links.
    commun.ecrire(
        base,
        """
        WITH vrais AS (SELECT ine FROM inscrits WHERE ine IS NOT NULL GROUP BY ine HAVING count(*) <= 20)
        SELECT s.unique_id AS identifiant_sortant, i.unique_id AS identifiant_inscrit, 1.0 AS probabilite
        FROM sortants s JOIN inscrits i USING (ine) JOIN vrais USING (ine)
        """,
        sortie,
    )
