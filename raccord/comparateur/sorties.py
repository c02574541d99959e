"""The files of a result: what the tables of the base hold, in an order that does not depend on the run."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from raccord.comparateur.base import dans_l_ordre, litteral

ORDRES = {
    "decrocheurs": "identifiant_sortant",
    "a_verifier": "utilite DESC, identifiant_sortant, identifiant_inscrit",
    "doublons": "liste, identifiant, identifiant_autre",
    "rejets": "fichier, ligne, colonne, raison",
}
LIENS = "rapprochements.parquet"
DECIMALES = 6
DOUBLON_SUR = 0.95
"""Chance from which two links of one person make the two linked lines one person."""


def ecrire_tables(connexion: DuckDBPyConnection, dossier: Path) -> None:
    """Write one CSV file per table, and the links in parquet too, with the levels and all the figures."""
    reperer_doublons(connexion)
    for table, ordre in ORDRES.items():
        exporter(connexion, table, f"ORDER BY {ordre}", dossier)
    with dans_l_ordre(connexion):  # these rows are already sorted
        exporter(connexion, "rapprochements", "", dossier)
        _copier(connexion, "FROM rapprochements", dossier / LIENS, "FORMAT parquet, COMPRESSION zstd")


def exporter(connexion: DuckDBPyConnection, table: str, ordre: str, dossier: Path) -> None:
    """Write `<table>.csv`."""
    _copier(
        connexion,
        f"SELECT {_lisible(connexion, table)} FROM {table} {ordre}",
        dossier / f"{table}.csv",
        "FORMAT csv, HEADER",
    )


def _copier(connexion: DuckDBPyConnection, requete: str, chemin: Path, forme: str) -> None:
    connexion.execute(f"COPY ({requete}) TO {litteral(chemin)} ({forme})")


def _lisible(connexion: DuckDBPyConnection, table: str) -> str:
    """SQL: the columns that a person reads, without figures that say nothing more."""
    colonnes = connexion.execute(f"DESCRIBE {table}").fetchall()
    return ", ".join(
        f"{nom}::DECIMAL(18, {DECIMALES}) AS {nom}" if genre == "DOUBLE" else nom
        for nom, genre, *_ in colonnes
        if not nom.startswith("niveau_")
    )


def reperer_doublons(connexion: DuckDBPyConnection) -> None:
    """Make `doublons`: lines of one list that are surely linked to the same line of the other."""
    connexion.execute(
        f"""
        CREATE OR REPLACE TABLE doublons AS
        WITH surs AS (
          FROM liens SELECT s, i, 1 / (1 + pow(2, -poids)) AS probabilite
          WHERE 1 / (1 + pow(2, -poids)) >= {DOUBLON_SUR}
        ),
        par_sortant AS (
          SELECT i AS autre, first_value(i) OVER meilleur AS premier, probabilite FROM surs
          WINDOW meilleur AS (PARTITION BY s ORDER BY probabilite DESC, i)
        ),
        par_inscrit AS (
          SELECT s AS autre, first_value(s) OVER meilleur AS premier, probabilite FROM surs
          WINDOW meilleur AS (PARTITION BY i ORDER BY probabilite DESC, s)
        )
        SELECT 'inscrits' AS liste, least(a.identifiant, b.identifiant) AS identifiant,
          greatest(a.identifiant, b.identifiant) AS identifiant_autre, max(probabilite) AS probabilite
        FROM par_sortant JOIN inscrits a ON a.rowid = premier JOIN inscrits b ON b.rowid = autre
        WHERE premier <> autre GROUP BY ALL
        UNION ALL
        SELECT 'sortants', least(a.identifiant, b.identifiant), greatest(a.identifiant, b.identifiant), max(probabilite)
        FROM par_inscrit JOIN sortants a ON a.rowid = premier JOIN sortants b ON b.rowid = autre
        WHERE premier <> autre GROUP BY ALL
        """
    )
