"""Only what changed is compared again: the levels of a pair that the former result knows are taken from it.

A level is a pure function of what two rows say and of the conditions of the model, so a pair whose rows say what they
said has the levels it had. Weights are not taken over: they are cheap, and a model learns from all the data.
"""

import json
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur import normalisation, notation
from raccord.comparateur.base import litteral
from raccord.comparateur.modele import Modele
from raccord.comparateur.notation import Niveler

ANCIEN = "ancien"
NOMS = ("nom", "nom_usage", "prenom", "prenom2")


def preparer(connexion: DuckDBPyConnection, modele: Modele, version: str) -> None:
    """Keep what the levels of this run depend on besides the rows, and how many will have been taken over: none yet."""
    connexion.execute("CREATE OR REPLACE TABLE origine_des_niveaux (texte VARCHAR, reprises BIGINT)")
    connexion.execute("INSERT INTO origine_des_niveaux VALUES ($texte, 0)", {"texte": _origine(modele, version)})


def _origine(modele: Modele, version: str) -> str:
    conditions = [
        [champ.champ, champ.absent, champ.colonnes, [niveau.condition for niveau in champ.niveaux]]
        for champ in modele.comparaisons
    ]
    return json.dumps([conditions, version, duckdb.__version__])


def ouvrir_l_ancien(connexion: DuckDBPyConnection, base: Path, modele: Modele, version: str) -> Niveler:
    """How to find the levels of pairs: from the former result too, if there is one and its levels are what ours are."""
    if not base.exists():
        return notation.niveler
    try:
        connexion.execute(f"ATTACH {litteral(base)} AS {ANCIEN} (READ_ONLY)")
        connues = connexion.execute(f"SELECT texte FROM {ANCIEN}.origine_des_niveaux").fetchall()
    except duckdb.Error:
        connues = []
    if connues == [(_origine(modele, version),)]:
        return niveler
    connexion.execute(f"DETACH DATABASE IF EXISTS {ANCIEN}")
    return notation.niveler


def niveler(connexion: DuckDBPyConnection, modele: Modele, candidats: str, table: str) -> None:
    """As `notation.niveler`, but what the former result knows of these pairs is read from it, and counted."""
    for liste in ("sortants", "inscrits"):
        _empreintes(connexion, modele, liste)
    connexion.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE connues AS
        SELECT DISTINCT ON (c.s, c.i) c.s, c.i, p.* EXCLUDE (s, i)
        FROM {ANCIEN}.paires p
        JOIN memes_sortants s ON s.ancien = p.s
        JOIN memes_inscrits i ON i.ancien = p.i
        JOIN {candidats} c ON c.s = s.neuf AND c.i = i.neuf
        """
    )
    connexion.execute(f"CREATE OR REPLACE TEMP TABLE inconnues AS FROM {candidats} ANTI JOIN connues USING (s, i)")
    notation.niveler(connexion, modele, "inconnues", table)
    connexion.execute(f"INSERT INTO {table} BY NAME FROM connues")
    connexion.execute("UPDATE origine_des_niveaux SET reprises = reprises + (SELECT count(*) FROM connues)")


def _empreintes(connexion: DuckDBPyConnection, modele: Modele, liste: str) -> None:
    """Make `memes_<liste>(ancien, neuf)`: the rows of today that say what a row of the former result said.

    All that is compared comes from the names as they are written, and from the keys that are not text.
    """
    colonnes = {colonne for comparaison in modele.comparaisons for colonne in comparaison.colonnes}
    cles = [f"c.{colonne}" for colonne in sorted(colonnes - set(normalisation.TEXTES))]
    empreinte = f"hash({', '.join([*(f'l.{nom}' for nom in NOMS), *cles])})"
    connexion.execute(
        f"""
        CREATE TEMP TABLE IF NOT EXISTS memes_{liste} AS
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
