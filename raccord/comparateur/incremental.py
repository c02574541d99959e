"""Only what changed is compared again: the levels of a pair that the former result knows are taken from it.

A level is a pure function of what two rows say and of the conditions of the model, so a pair whose rows say what they
said has the levels it had. Weights are not taken over: they are cheap, and a model learns from all the data.
"""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur import normalisation, notation
from raccord.comparateur.base import litteral
from raccord.comparateur.modele import Modele

ANCIEN = "ancien"
NOMS = ("nom", "nom_usage", "prenom", "prenom2")


def preparer(connexion: DuckDBPyConnection) -> None:
    """An empty table of what the levels depend on, besides the rows, and of how many were taken over."""
    connexion.execute("CREATE OR REPLACE TABLE origine_des_niveaux (texte VARCHAR, reprises BIGINT)")


def comparer(connexion: DuckDBPyConnection, modele: Modele, version: str, *, sinon: Callable[[], None]) -> None:
    """The engine's phase, that takes from a former result, if one is open, what is still true and says how much.

    `sinon` is the phase as the engine does it.
    """
    connexion.execute("CREATE OR REPLACE TEMP TABLE connues (s INTEGER, i INTEGER)")
    if connexion.execute("FROM duckdb_databases() WHERE database_name = $nom", {"nom": ANCIEN}).fetchone():
        _comparer_ce_qui_change(connexion, modele)
    else:
        sinon()
    connexion.execute(
        "INSERT INTO origine_des_niveaux SELECT $texte, count(*) FROM connues", {"texte": _origine(modele, version)}
    )


def _origine(modele: Modele, version: str) -> str:
    conditions = [
        [champ.champ, champ.absent, champ.colonnes, [niveau.condition for niveau in champ.niveaux]]
        for champ in modele.comparaisons
    ]
    return json.dumps([conditions, version, duckdb.__version__])


def ouvrir_l_ancien(connexion: DuckDBPyConnection, base: Path, modele: Modele, version: str) -> None:
    """Open the base of the former result under the name `ancien`, if its levels are what ours would be."""
    if not base.exists():
        return
    try:
        connexion.execute(f"ATTACH {litteral(base)} AS {ANCIEN} (READ_ONLY)")
        connues = connexion.execute(f"SELECT texte FROM {ANCIEN}.origine_des_niveaux").fetchall()
    except duckdb.Error:
        connues = []
    if connues != [(_origine(modele, version),)]:
        connexion.execute(f"DETACH DATABASE IF EXISTS {ANCIEN}")


def _comparer_ce_qui_change(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Make `paires` as the engine does, but read from the former result every pair that it knows."""
    for liste in ("sortants", "inscrits"):
        _empreintes(connexion, modele, liste)
    connexion.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE connues AS
        SELECT DISTINCT ON (c.s, c.i) c.s, c.i, p.* EXCLUDE (s, i)
        FROM {ANCIEN}.paires p
        JOIN memes_sortants s ON s.ancien = p.s
        JOIN memes_inscrits i ON i.ancien = p.i
        JOIN candidats c ON c.s = s.neuf AND c.i = i.neuf
        """
    )
    connexion.execute("CREATE OR REPLACE TEMP TABLE inconnues AS FROM candidats ANTI JOIN connues USING (s, i)")
    notation.niveler(connexion, modele, "inconnues", "paires")
    connexion.execute("INSERT INTO paires BY NAME FROM connues")
    notation.compter_motifs(connexion, modele)


def _empreintes(connexion: DuckDBPyConnection, modele: Modele, liste: str) -> None:
    """Make `memes_<liste>(ancien, neuf)`: the rows of today that say what a row of the former result said.

    All that is compared comes from the names as they are written, and from the keys that are not text.
    """
    colonnes = {colonne for comparaison in modele.comparaisons for colonne in comparaison.colonnes}
    cles = [f"c.{colonne}" for colonne in sorted(colonnes - set(normalisation.TEXTES))]
    empreinte = f"hash({', '.join([*(f'l.{nom}' for nom in NOMS), *cles])})"
    connexion.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE memes_{liste} AS
        WITH neufs AS (
               SELECT c.rang AS neuf, {empreinte} AS empreinte FROM {liste}_cles c JOIN {liste} l ON l.rowid = c.rang
             ),
             anciens AS (
               SELECT min(c.rang) AS ancien, {empreinte} AS empreinte
               FROM {ANCIEN}.{liste}_cles c JOIN {ANCIEN}.{liste} l ON l.rowid = c.rang GROUP BY 2
             )
        SELECT ancien, neuf FROM neufs JOIN anciens USING (empreinte)
        """
    )
