"""Two small things that are asked of the base everywhere."""

from duckdb import DuckDBPyConnection


def nombre(connexion: DuckDBPyConnection, suite: str, quoi: str = "count(*)") -> int:
    """One number read from the base."""
    ligne = connexion.execute(f"SELECT {quoi} {suite}").fetchone()
    return int(ligne[0]) if ligne else 0


def litteral(texte: object) -> str:
    """A text as SQL writes it: for file names, which cannot be parameters everywhere."""
    return "'" + str(texte).replace("'", "''") + "'"
