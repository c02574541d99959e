"""Small things that are asked of the base everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from duckdb import DuckDBPyConnection

DECIDEES = """(
    select l.rowid::integer as s, r.rowid::integer as i, d.decision from decisions d
    join sortants l on l.identifiant = d.identifiant_sortant join inscrits r on r.identifiant = d.identifiant_inscrit
)"""
"""SQL: the pairs that a person has answered, by place."""


def nombre(connexion: DuckDBPyConnection, suite: str, quoi: str = "count(*)") -> int:
    """One number read from the base."""
    ligne = connexion.execute(f"SELECT {quoi} {suite}").fetchone()
    return int(ligne[0]) if ligne else 0


def litteral(texte: object) -> str:
    """A text as SQL writes it: for file names, which cannot be parameters everywhere."""
    return "'" + str(texte).replace("'", "''") + "'"


@contextmanager
def dans_l_ordre(connexion: DuckDBPyConnection) -> Iterator[None]:
    """Rows written here keep the order in which they are read: where the place of a row means something."""
    connexion.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        connexion.execute("SET preserve_insertion_order = false")
