"""The files of a result: what the tables of the base hold, in an order that does not depend on the run."""

from pathlib import Path

from duckdb import DuckDBPyConnection

ORDRES = {
    "rapprochements": "identifiant_sortant, identifiant_inscrit",
    "decrocheurs": "identifiant_sortant",
    "a_verifier": "utilite DESC, identifiant_sortant, identifiant_inscrit",
    "doublons": "liste, identifiant, identifiant_autre",
    "rejets": "fichier, ligne, colonne, raison",
}
DOUBLON_SUR = 0.95
"""Chance from which two links of one person make the two linked lines one person."""


def ecrire_tables(connexion: DuckDBPyConnection, dossier: Path) -> None:
    """Write one CSV file per table, and the links in parquet too."""
    reperer_doublons(connexion)
    for table in ORDRES:
        _copier(connexion, table, dossier / f"{table}.csv", "FORMAT csv, HEADER, DELIMITER ','")
    _copier(connexion, "rapprochements", dossier / "rapprochements.parquet", "FORMAT parquet, COMPRESSION zstd")


def _copier(connexion: DuckDBPyConnection, table: str, chemin: Path, forme: str) -> None:
    cible = str(chemin).replace("'", "''")
    connexion.execute(f"COPY (FROM {table} ORDER BY {ORDRES[table]}) TO '{cible}' ({forme})")


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
