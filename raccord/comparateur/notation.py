"""The score of each pair: its levels, then its weights, in SQL written from the model."""

import math

from duckdb import DuckDBPyConnection

from raccord.comparateur import normalisation
from raccord.comparateur.modele import Comparaison, Modele

ABSENT = -1


def niveler(connexion: DuckDBPyConnection, modele: Modele, candidats: str, table: str) -> None:
    """Make a table of the level of each comparison, for each pair of another table.

    Most pairs have the same name and the same first names: for them, keys say everything and no text is read.
    """
    egaux = "l.nom = r.nom and l.prenom = r.prenom and coalesce(l.prenom2_id = r.prenom2_id, true)"
    connexion.execute(f"""
        create or replace table {table} as
        {requete_niveaux(modele, candidats, textes=False, ou=egaux)}
        union all
        {requete_niveaux(modele, candidats, ou=f"not coalesce({egaux}, false)")}
    """)


def compter_motifs(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Make `motifs`: the patterns of levels met in `paires`, and how many pairs show each."""
    niveaux = ", ".join(f"any_value(niveau_{c.champ}) as niveau_{c.champ}" for c in modele.comparaisons)
    connexion.execute(
        f"create or replace table motifs as select motif, {niveaux}, count(*) as effectif from paires group by motif"
    )


def requete_niveaux(
    modele: Modele, candidats: str, *, droite: str = "inscrits_cles", textes: bool = True, ou: str = "true"
) -> str:
    """SQL: the pairs (s, i) of a table with `niveau_<champ>` for each comparison.

    Without `textes`, keys stand for texts.
    """
    colonnes = sorted({colonne for comparaison in modele.comparaisons for colonne in comparaison.colonnes})
    valeurs = ", ".join(f"{_valeur(c, t, textes)} as {c}_{t}" for c in colonnes for t in ("l", "r"))
    niveaux = ", ".join(f"{expression_niveau(c)} as niveau_{c.champ}" for c in modele.comparaisons)
    dictionnaires = f"{normalisation.textes('l')} {normalisation.textes('r')}" if textes else ""
    return f"""
        select *, {expression_motif(modele)} as motif from (select s, i, {niveaux}
        from (select c.s, c.i, {valeurs} from {candidats} c
              join sortants_cles l on l.rang = c.s join {droite} r on r.rang = c.i {dictionnaires}
              where {ou}))
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
    if textes:
        return normalisation.TEXTES[colonne].format(t=t)
    return f"{t}.{normalisation.CODES.get(colonne, colonne)}::varchar"


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
    """Make `poids_motifs`, the weights of each pattern, and `notes(s, i, motif, poids)`."""
    connexion.execute(f"create or replace table poids_motifs as {requete_poids(modele, 'motifs')}")
    connexion.execute("""
        create or replace table notes as select s, i, motif, poids from paires join poids_motifs using (motif)
    """)


def depart(modele: Modele) -> float:
    """The weight before any comparison, in bits: this enrolment is the leaver's, against nobody's being."""
    return math.log2(cote_de_depart(modele))


def cote_de_depart(modele: Modele) -> float:
    """The same as odds: each enrolment has its share of the chance of being enrolled; what is left is not to be."""
    return modele.inscrits_attendus / (1 - modele.inscrits_attendus) / modele.taille


def _poids(comparaison: Comparaison, valeurs: list[float]) -> str:
    """SQL: the weight of a level, read in a list (four times as fast as a case by case); 0 when nothing is compared."""
    return f"list_extract({[0.0, *valeurs]!r}::double[], niveau_{comparaison.champ} + 2)"
