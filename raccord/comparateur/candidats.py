"""Which pairs are worth a score: exact rules first, then several selective keys for the leavers who are left."""

import re
from collections.abc import Callable, Iterable

from duckdb import DuckDBPyConnection

from raccord.comparateur.base import DECIDEES, nombre
from raccord.comparateur.modele import Modele, Regle

BLOC_MAX = 200
"""Enrolments with one key above which a rule tells nothing apart."""
GAUCHE_MAX = 50
"""Leavers with one key above which its enrolments are counted: under it, pairs stay within 50 times the enrolments."""


def liens_surs(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Make `candidats_surs(s, i)`: the pairs of the exact rules."""
    _unir(connexion, "candidats_surs", "sortants_cles", modele.regles_sures, lambda _fait: None)


def chercher(connexion: DuckDBPyConnection, modele: Modele, avance: Callable[[int], None]) -> None:
    """Make `candidats(s, i)`: every pair to score, once each; the exact ones first, then those of each rule."""
    connexion.execute(f"""
        create or replace temp table restants as
        select {", ".join(["rang", *colonnes_lues(modele.regles, "l")])}
        from sortants_cles anti join candidats_surs on s = rang
    """)
    _unir(connexion, "candidats_larges", "restants", modele.regles, avance)
    connexion.execute(f"""
        create or replace temp table candidats as
        from candidats_surs union all from candidats_larges
        union all (
            select s, i from {DECIDEES} except (from candidats_surs union all from candidats_larges)
        )
    """)
    for table in ("restants", "candidats_larges"):
        connexion.execute(f"drop table {table}")


def colonnes_lues(regles: Iterable[Regle], cote: str) -> list[str]:
    """The columns that these rules read of the leaver (`l`) or of the enrolment (`r`)."""
    return sorted({colonne for regle in regles for colonne in re.findall(rf"\b{cote}\.(\w+)", regle.condition)})


def _unir(
    connexion: DuckDBPyConnection, table: str, gauche: str, regles: tuple[Regle, ...], avance: Callable[[int], None]
) -> None:
    connexion.execute("create or replace temp table trouves (s integer, i integer)")
    for numero, regle in enumerate(regles, 1):
        connexion.execute(f"""
            insert into trouves
            select l.rang, r.rang from {alleger(connexion, regle, gauche, "inscrits_cles", GAUCHE_MAX, BLOC_MAX)} l
            join inscrits_cles r on {regle.condition}
        """)
        avance(numero)
    connexion.execute(f"create or replace temp table {table} as select distinct s, i from trouves")
    connexion.execute("drop table trouves")


def alleger(
    connexion: DuckDBPyConnection, regle: Regle, gauche: str, droite: str, gauche_max: int, droite_max: int
) -> str:
    """SQL: the leavers, without those whose key is shared by too many on both sides (50 000 times the same name)."""
    if nombre(connexion, f"FROM {gauche}") <= gauche_max:
        return gauche
    cles = ", ".join(g for g, _d in regle.colonnes)
    presentes = " and ".join(f"{g} is not null" for g, _d in regle.colonnes)
    connexion.execute(f"""
        create or replace temp table lourdes as
        select {cles} from {gauche} where {presentes} group by all having count(*) > {gauche_max}
    """)
    if not nombre(connexion, "FROM lourdes"):
        return gauche
    egales = " and ".join(f"l.{g} = r.{d}" for g, d in regle.colonnes)
    connexion.execute(f"""
        create or replace temp table trop_lourdes as
        select {", ".join(f"l.{g}" for g, _d in regle.colonnes)} from lourdes l join {droite} r on {egales}
        group by all having count(*) > {droite_max}
    """)
    return f"(from {gauche} anti join trop_lourdes using ({cles}))"
