"""Why two rows are, or are not, the same person: field by field, in words, with weights that sum to the total."""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from raccord.comparateur.modele import Modele


@dataclass(frozen=True)
class Ligne:
    """`poids` in bits. The first line is the starting point (prior); the sum of the lines is the total weight."""

    champ: str
    libelle: str
    niveau: str
    gauche: str
    droite: str
    poids: float


def expliquer_paire(
    connexion: DuckDBPyConnection, modele: Modele, identifiant_sortant: str, identifiant_inscrit: str
) -> list[Ligne]:
    """Read the normalised rows of both people and say each field's level. Raises LookupError when one is unknown."""
    raise NotImplementedError
