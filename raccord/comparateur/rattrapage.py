"""A second search, among those whom the first one has left over, by keys that would be too loose for everybody.

An enrolment that a leaver surely explains is nobody else's: what is left of both lists is a quarter of each, hence a
sixteenth of the pairs, and keys that forgive two mistakes at once become affordable.
"""

from collections.abc import Callable

from duckdb import DuckDBPyConnection

from raccord.comparateur.base import DECIDEES
from raccord.comparateur.candidats import alleger, colonnes_lues
from raccord.comparateur.dictionnaires import LISTES
from raccord.comparateur.modele import Modele, Regle
from raccord.comparateur.notation import Niveler, compter_motifs, requete_poids

SUR = 10.0
"""Bits from which a leaver's best enrolment is theirs: neither is looked for any further."""
BLOC_MAX = 20
"""Leavers and enrolments with one key above which it tells nothing apart."""
PARTS = {
    "nom_ecrit": "n.nom",
    "prenom_ecrit": "p.prenom",
    "ine_debut": "left(k.ine, 6)",
    "ine_fin": "right(k.ine, 5)",
    **{bout: f"n.{bout}" for bout in ("debut", "fin")},
    **{bout: f"p.{bout}" for bout in ("debut_prenom", "fin_prenom")},
}
"""SQL: what is only read of the rows left over; one mistake in a name leaves its first or its last letters whole."""


def rattraper(connexion: DuckDBPyConnection, modele: Modele, niveler: Niveler, avance: Callable[[int], None]) -> None:
    """Add to `paires` and `motifs` the pairs of the loose rules between the rows that are left over."""
    connexion.execute(f"""
        create or replace temp table lies as
        with refusees as (from {DECIDEES} where decision = 'autre_personne')
        select s, i from (
            select s, i, poids, max(poids) over (partition by s) as meilleur
            from paires join ({requete_poids(modele, "motifs")}) using (motif) anti join refusees using (s, i)
            where poids >= {SUR}
        ) where poids = meilleur
    """)
    for liste, cote in zip(LISTES, ("s", "i"), strict=True):
        connexion.execute(_restes(liste, cote, colonnes_lues(modele.regles_larges, "l" if cote == "s" else "r")))
    connexion.execute("create or replace temp table trouves (s integer, i integer)")
    for numero, regle in enumerate(modele.regles_larges, 1):
        restes = alleger(connexion, regle, "restes_sortants", "restes_inscrits", BLOC_MAX, BLOC_MAX)
        connexion.execute(f"""
            insert into trouves
            select l.rang, r.rang from {restes} l join restes_inscrits r on {regle.condition}
        """)
        avance(numero)
    connexion.execute("""
        create or replace temp table rattrapes as select distinct s, i from trouves anti join paires using (s, i)
    """)
    niveler(connexion, modele, "rattrapes", "paires_rattrapees")
    connexion.execute("insert into paires by name from paires_rattrapees")
    compter_motifs(connexion, modele)
    for table in ("lies", "restes_sortants", "restes_inscrits", "trouves", "rattrapes", "paires_rattrapees"):
        connexion.execute(f"drop table {table}")


def lit_les_parts(regle: Regle) -> bool:
    """Whether a rule needs what only the rows left over have."""
    return any(part in PARTS for egalite in regle.colonnes for part in egalite) or "_ecrit" in regle.test


def _restes(liste: str, cote: str, lues: list[str]) -> str:
    """SQL: of the rows of a list that no sure link explains, the columns that the rules read."""
    return f"""
        create or replace temp table restes_{liste} as
        select k.rang, {", ".join(f"{PARTS.get(nom, f'k.{nom}')} as {nom}" for nom in lues)}
        from (from {liste}_cles anti join lies on lies.{cote} = rang) k
        left join noms n on n.id = k.nom_id left join prenoms p on p.id = k.prenom_id
    """
