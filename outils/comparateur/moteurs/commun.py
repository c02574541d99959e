"""What every engine but ours starts from: the lists read by DuckDB, with the plainest normalisation."""

from pathlib import Path

import duckdb

LETTRES = "trim(regexp_replace(upper(strip_accents(coalesce({champ}, ''))), '[^A-Z0-9]+', ' ', 'g'))"
COLONNES = """
    identifiant AS unique_id, source, nullif(upper(replace(coalesce(ine, ''), ' ', '')), '') AS ine,
    {nom} AS nom, {prenom} AS prenom, nullif(sexe, '') AS sexe, nullif(date_naissance, '') AS date_naissance,
    nullif(commune_naissance, '') AS commune_naissance, nullif(code_postal, '') AS code_postal
"""


def ouvrir(dossier: Path) -> duckdb.DuckDBPyConnection:
    """A base with `sortants` and `inscrits`: empty is NULL, names in plain capitals."""
    base = duckdb.connect()
    champs = {champ: f"nullif({LETTRES.format(champ=champ)}, '')" for champ in ("nom", "prenom")}
    for liste in ("sortants", "inscrits"):
        base.execute(f"CREATE TABLE {liste} AS SELECT {COLONNES.format(**champs)} FROM {lire(dossier, liste)}")
    return base


def brutes(dossier: Path) -> duckdb.DuckDBPyConnection:
    """A base with `sortants` and `inscrits` as they are in the files, typed as our engine wants them."""
    base = duckdb.connect()
    for liste in ("sortants", "inscrits"):
        base.execute(f"CREATE TABLE {liste} AS FROM {lire(dossier, liste)}")
    return base


def chemin(dossier: Path, liste: str) -> Path:
    """The file of one list."""
    parquet = dossier / f"{liste}.parquet"
    return parquet if parquet.exists() else dossier / f"{liste}.csv"


def lire(dossier: Path, liste: str) -> str:
    """The FROM of one list, CSV or parquet."""
    fichier = chemin(dossier, liste)
    return f"'{fichier}'" if fichier.suffix == ".parquet" else f"read_csv('{fichier}', all_varchar = true)"


def ecrire(base: duckdb.DuckDBPyConnection, requete: str, sortie: Path) -> None:
    """Keep the links that the query finds."""
    base.execute(f"COPY ({requete}) TO '{sortie / 'liens.parquet'}' (FORMAT parquet)")


def un_a_un(paires: str, identifiant: str) -> str:
    """SQL: of Splink's pairs, each leaver's best enrolment and each enrolment's best leaver, as (s, i, p)."""
    return f"""
        WITH cotes AS (
            SELECT {identifiant}_l AS s, {identifiant}_r AS i, match_probability AS p, match_weight AS w FROM {paires}
            QUALIFY row_number() OVER (PARTITION BY s ORDER BY w DESC, i) = 1
        )
        SELECT s, i, p FROM cotes QUALIFY row_number() OVER (PARTITION BY i ORDER BY w DESC, s) = 1
    """
