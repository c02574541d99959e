"""Where the probabilities of the model come from, without labels."""

import math
from dataclasses import replace

from duckdb import DuckDBPyConnection

from raccord.comparateur.modele import Modele


def etalonner(connexion: DuckDBPyConnection, modele: Modele) -> Modele:
    """The model at the size of these data."""
    ligne = connexion.execute("select count(*) from inscrits").fetchone()
    assert ligne is not None
    return replace(modele, taille=2 ** round(math.log2(max(ligne[0], 2))), etalonne=True)
