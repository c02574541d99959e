"""Which pairs are worth a score: exact rules first, then several selective keys for the leavers who are left."""

from collections.abc import Callable

from duckdb import DuckDBPyConnection

from raccord.comparateur.modele import Modele, Regle

BLOC_MAX = 200
"""A leaver for whom one rule finds more enrolments than this learns nothing from it: the rule is skipped for them."""


def liens_surs(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Make `candidats_surs(s, i)`: the pairs of the exact rules."""
    _unir(connexion, "candidats_surs", "sortants_cles", modele.regles_sures, lambda _fait: None)


def chercher(connexion: DuckDBPyConnection, modele: Modele, avance: Callable[[int], None]) -> None:
    """Make `candidats(s, i)`: every pair to score, once each; the exact ones first, then those of each rule."""
    connexion.execute("""
        create or replace table restants as
        select l.* from sortants_cles l anti join candidats_surs c on c.s = l.rang
    """)
    _unir(connexion, "candidats_larges", "restants", modele.regles, avance)
    connexion.execute("""
        create or replace table candidats as
        from candidats_surs union all from candidats_larges
        union all (
            select l.rowid::integer as s, r.rowid::integer as i from decisions d
            join sortants l on l.identifiant = d.identifiant_sortant
            join inscrits r on r.identifiant = d.identifiant_inscrit
            except (from candidats_surs union all from candidats_larges)
        )
    """)
    for table in ("restants", "candidats_larges"):
        connexion.execute(f"drop table {table}")


def _unir(
    connexion: DuckDBPyConnection, table: str, gauche: str, regles: tuple[Regle, ...], avance: Callable[[int], None]
) -> None:
    connexion.execute("create or replace temp table trouves (s integer, i integer)")
    for numero, regle in enumerate(regles, 1):
        connexion.execute(f"""
            insert into trouves
            select l.rang, r.rang from {gauche} l join inscrits_cles r on {regle.condition}
        """)
        avance(numero)
    connexion.execute(f"create or replace table {table} as select distinct s, i from trouves")
    connexion.execute("drop table trouves")
