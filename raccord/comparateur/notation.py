"""The score of each pair: its levels, then its weights, in SQL written from the model."""

import math
from collections.abc import Callable
from dataclasses import replace

from duckdb import DuckDBPyConnection

from raccord.comparateur import normalisation
from raccord.comparateur.modele import Comparaison, Modele
from raccord.comparateur.niveaux_des_noms import PARTAGEES

ABSENT = -1
EGALITE = "meme"
"""How the codes of the levels begin that say that two values are the same."""
EGALES = {"son_1", "son_2", "os_1", "prenom_son", "prenom_os"}
"""Columns that are only equal or not, and to one another: their keys do."""

Niveler = Callable[[DuckDBPyConnection, Modele, str, str], None]
"""How the levels of the pairs of a table are found: `niveler`, or something that gives the same."""


def niveler(connexion: DuckDBPyConnection, modele: Modele, candidats: str, table: str) -> None:
    """Make a table of the level of each comparison, for each pair of another table.

    Most pairs have the same name and the same first names: for them, keys say everything and no letter is read.
    """
    connexion.execute(f"""
        create or replace temp table apparies as
        select c.s, c.i, coalesce(
            l.nom = r.nom and l.prenom = r.prenom and coalesce(l.prenom2_id = r.prenom2_id, true), false) as egaux
        from {candidats} c join sortants_cles l on l.rang = c.s join inscrits_cles r on r.rang = c.i
    """)
    connexion.execute(f"""
        create or replace table {table} as
        {requete_niveaux(_sans_lettres(modele), "(from apparies where egaux)", textes=False)}
        union all
        {requete_niveaux(modele, "(from apparies where not egaux)")}
    """)
    connexion.execute("drop table apparies")


def _sans_lettres(modele: Modele) -> Modele:
    """The model for pairs of equal names: of these fields only equality is asked, and met."""
    return replace(
        modele,
        comparaisons=tuple(
            replace(
                c, niveaux=tuple(n if n.code.startswith(EGALITE) else replace(n, condition="false") for n in c.niveaux)
            )
            if c.champ in ("nom", "prenom", "prenom2")
            else c
            for c in modele.comparaisons
        ),
    )


def compter_motifs(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Make `motifs`: the patterns of levels met in `paires`, and how many pairs show each."""
    niveaux = ", ".join(f"any_value(niveau_{c.champ}) as niveau_{c.champ}" for c in modele.comparaisons)
    connexion.execute(
        f"create or replace table motifs as select motif, {niveaux}, count(*) as effectif from paires group by motif"
    )


def requete_niveaux(modele: Modele, candidats: str, *, droite: str = "inscrits_cles", textes: bool = True) -> str:
    """SQL: the pairs (s, i) of a table with `niveau_<champ>` for each comparison.

    Without `textes`, keys stand for texts: for a model that only asks whether they are equal.
    """
    colonnes = sorted({colonne for comparaison in modele.comparaisons for colonne in comparaison.colonnes})
    valeurs = ", ".join(f"{_valeur(c, t, textes)} as {c}_{t}" for c in colonnes for t in ("l", "r"))
    niveaux = ", ".join(f"{expression_niveau(c)} as niveau_{c.champ}" for c in modele.comparaisons)
    communes = {nom: sql for nom, sql in PARTAGEES.items() if textes and sql in niveaux}
    for nom, sql in communes.items():
        niveaux = niveaux.replace(sql, nom)
    calculees = "".join(f", {sql} as {nom}" for nom, sql in communes.items())
    dictionnaires = f"{normalisation.textes('l')} {normalisation.textes('r')}" if textes else ""
    return f"""
        select *, {expression_motif(modele)} as motif from (select s, i, {niveaux}
        from (select *{calculees} from (select c.s, c.i, {valeurs} from {candidats} c
              join sortants_cles l on l.rang = c.s join {droite} r on r.rang = c.i {dictionnaires})))
    """


def expression_motif(modele: Modele) -> str:
    """SQL: the levels of all comparisons as one number."""
    morceaux, base = [], 1
    for comparaison in modele.comparaisons:
        morceaux.append(f"(niveau_{comparaison.champ} + 1)::bigint * {base}")
        base *= len(comparaison.niveaux) + 1
    return " + ".join(morceaux)


def _valeur(colonne: str, t: str, textes: bool) -> str:
    if colonne not in normalisation.TEXTES:
        return f"{t}.{colonne}"
    if textes and colonne not in EGALES:
        return normalisation.TEXTES[colonne].format(t=t)
    return f"{t}.{normalisation.CODES.get(colonne, colonne)}"


def expression_niveau(comparaison: Comparaison) -> str:
    """SQL: the place of the first level that the pair meets, or -1 when a side says nothing."""
    cas = "".join(
        f" when {niveau.condition} then {place}" for place, niveau in enumerate(comparaison.niveaux) if niveau.condition
    )
    return f"(case when {comparaison.absent} then {ABSENT}{cas} else {len(comparaison.niveaux) - 1} end)::tinyint"


def requete_poids(modele: Modele, paires: str) -> str:
    """SQL: the pairs with one weight per field, the start, what a home takes away, and their sum, in bits.

    Two hypotheses stand against 'one person': two strangers, or two people of one home. `poids_foyer`, never above
    zero, is what the second takes away.
    """
    poids = ", ".join(f"{_poids(c, [n.poids for n in c.niveaux])} as poids_{c.champ}" for c in modele.comparaisons)
    foyers = " + ".join(_poids(c, [n.poids_foyer for n in c.niveaux]) for c in modele.comparaisons)
    total = " + ".join(f"poids_{c.champ}" for c in modele.comparaisons)
    return f"""
        select *, poids_depart + {total} + poids_foyer as poids
        from (select *, least(0, foyer - etranger) - log2(1 + pow(2, -abs(foyer - etranger))) as poids_foyer
              from (select *, poids_depart + {total} as etranger
                    from (select *, {poids}, {depart(modele)!r}::double as poids_depart,
                                 {math.log2(modele.inscrits_attendus / modele.foyers)!r} + {foyers} as foyer
                          from {paires})))
    """


def peser(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Make `poids_motifs`, the weights of each pattern of `motifs`."""
    connexion.execute(f"create or replace table poids_motifs as {requete_poids(modele, 'motifs')}")


def depart(modele: Modele) -> float:
    """The weight before any comparison, in bits: this enrolment is the leaver's, against nobody's being."""
    return math.log2(cote_de_depart(modele))


def cote_de_depart(modele: Modele) -> float:
    """The same as odds: each enrolment has its share of the chance of being enrolled; what is left is not to be."""
    return modele.inscrits_attendus / (1 - modele.inscrits_attendus) / modele.taille


def _poids(comparaison: Comparaison, valeurs: list[float]) -> str:
    """SQL: the weight of a level, read in a list (four times as fast as a case by case); 0 when nothing is compared."""
    return f"list_extract({[0.0, *valeurs]!r}::double[], niveau_{comparaison.champ} + 2)"
