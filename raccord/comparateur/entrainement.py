"""Where the probabilities of the model come from, without labels.

`etalonner` fits a model to the lists at hand: what strangers share is counted (u), what one person's two lines share
is estimated by expectation-maximisation on the pairs that were compared (m), the INE telling them apart where it is.
"""

import math
from collections import defaultdict
from dataclasses import replace

from duckdb import DuckDBPyConnection

from raccord.comparateur.modele import Comparaison, Modele, avec_niveaux
from raccord.comparateur.niveaux_des_noms import ECHANGES
from raccord.comparateur.notation import requete_niveaux, requete_poids

MINIMUM = 5_000
"""Leavers under which a list says too little: the model stays as it is."""
TAILLE_MINIMALE = 2**14
"""Enrolments under which a list is thought of as a part of a larger one."""
TOURS, TOURS_AU_PLUS = 4, 16
STABLE = 0.05
"""Bits by which a turn of the fit still moves what it learns once it has learnt: large lists settle in four turns."""
HASARD = 200_000
"""Pairs drawn at random, to see what strangers share."""
FOYERS_MINIMUM = 0.002
INSCRITS_POSSIBLES = (0.05, 0.95)
"""Share of leavers that may be found again: never nobody, never everybody."""
ECHANGEES = 0.02
"""Share of the lines whose names are swapped, to say how many of two strangers' are."""
CONFIANCE = 300.0
"""What the model already says of one person is worth so many observations."""


def a_la_taille(connexion: DuckDBPyConnection, modele: Modele) -> Modele:
    """The model at the size of these lists, to the nearest power of two: one more small file changes no weight."""
    return replace(modele, taille=2 ** round(math.log2(max(_nombre(connexion, COMBIEN["inscrits"]), TAILLE_MINIMALE))))


def etalonner(connexion: DuckDBPyConnection, modele: Modele) -> Modele:
    """The model fitted to these lists: needs `motifs`, whose levels depend on no probability."""
    modele = a_la_taille(connexion, modele)
    if _nombre(connexion, COMBIEN["sortants"]) < MINIMUM:
        return replace(modele, etalonne=True)
    modele = _etrangers(connexion, modele)
    for tour in range(1, TOURS_AU_PLUS + 1):
        avant, modele = modele, un_tour(connexion, modele)
        if tour >= TOURS and ecart(avant, modele) < STABLE:
            break
    return replace(modele, etalonne=True)


COMBIEN = {liste: f"select count(*) from {liste}_cles" for liste in ("sortants", "inscrits")}


def _nombre(connexion: DuckDBPyConnection, requete: str) -> float:
    ligne = connexion.execute(requete).fetchone()
    return float(ligne[0]) if ligne and ligne[0] is not None else 0.0


def _etrangers(connexion: DuckDBPyConnection, modele: Modele) -> Modele:
    """What two strangers share, counted on pairs drawn at random and, for equal values, on every pair there is."""
    connexion.execute(f"""
        create or replace temp table hasard as
        with g as (select rang, row_number() over (order by h) as n from (
                select rowid::integer as rang, hash(identifiant) as h from sortants
                order by h limit {HASARD // 10})),
             d as (select rang, row_number() over (order by h) - 1 as n from (
                select rowid::integer as rang, hash(identifiant) as h from inscrits
                order by h limit {HASARD // 10})),
             k as (select max(n) + 1 as total from d)
        select g.rang as s, d.rang as i from g cross join k cross join range(10) as t(pas)
        join d on d.n = (g.n * 7 + t.pas * 1009) % k.total
    """)
    connexion.execute(f"create or replace temp table niveaux_hasard as {requete_niveaux(modele, 'hasard')}")
    niveaux = {}
    for comparaison in modele.comparaisons:
        requete = f"select niveau_{comparaison.champ}, count(*)::double from niveaux_hasard group by 1"
        comptes = dict(connexion.execute(requete).fetchall())
        parts = _rares(comparaison, comptes)
        exacts = _exacts(connexion, comparaison)
        niveaux[comparaison.champ] = [
            replace(n, u=exacts.get(n.code, parts[place])) for place, n in enumerate(comparaison.niveaux)
        ]
    for table in ("hasard", "niveaux_hasard"):
        connexion.execute(f"drop table {table}")
    return avec_niveaux(modele, niveaux)


def _exacts(connexion: DuckDBPyConnection, comparaison: Comparaison) -> dict[str, float]:
    """Chance that two strangers have the same value, by class of rarity."""
    colonne = {"nom": "nom", "prenom": "prenom", "lieu": "lieu"}.get(comparaison.champ)
    if colonne is None:
        return {}
    rarete, part, couples = f"{colonne}_rarete", "d.part", ""
    if colonne == "prenom":
        rarete, part = "coalesce(couple_rarete, prenom_rarete)", "coalesce(couples.part, d.part)"
        couples = "left join couples using (nom, prenom)"
    lignes = connexion.execute(f"""
        with d as (
            select {colonne}, count(*) / sum(count(*)) over () as part from inscrits_cles
            where {colonne} is not null group by 1
        )
        select {rarete}, sum({part}) / sum(count(*)) over () from sortants_cles
        left join d using ({colonne}) {couples} where {colonne} is not null group by 1
    """).fetchall()
    exacts = {f"meme_{classe}": max(chance or 0.0, 1e-12) for classe, chance in lignes}
    return exacts | _echanges(connexion) if colonne == "nom" else exacts


def _echanges(connexion: DuckDBPyConnection) -> dict[str, float]:
    """Chance that two strangers swap their names: that they share both, and that one of the two lines is swapped."""
    classe = (
        "case " + " ".join(f"when r >= {minimum} then 'echange_{code}'" for code, _, minimum, *_ in ECHANGES) + " end"
    )
    lignes = connexion.execute(f"""
        with noms as (
            select nom, count(*) / sum(count(*)) over () as part from inscrits_cles where nom is not null group by nom
        ),
        prenoms as (
            select prenom, count(*) / sum(count(*)) over () as part from inscrits_cles
            where prenom is not null group by prenom
        )
        select {classe}, {ECHANGEES} * sum(part) / sum(count(*)) over () from (
            select nom_rarete + prenom_rarete as r, n.part * coalesce(c.part, p.part) as part
            from sortants_cles left join noms n using (nom) left join prenoms p using (prenom)
            left join couples c using (nom, prenom) where nom is not null and prenom is not null
        ) group by 1
    """).fetchall()
    return {code: max(chance or 0.0, 1e-12) for code, chance in lignes}


def un_tour(connexion: DuckDBPyConnection, modele: Modele) -> Modele:
    """One turn of expectation-maximisation over three ways to explain a pair: one person, one home, two strangers.

    What one person's lines share is learnt from the pairs that no INE compares: they are those that the other fields
    decide, and come from the sources that make most mistakes. How many leavers are enrolled is learnt too. Of homes,
    only how many there are, how often two of one home are twins and how often twins are of one sex is learnt, and that
    their names are as rare as everybody's: the rest follows from what a home is.
    """
    connexion.execute(f"""
        create or replace temp table attentes as
        select *, effectif / ensemble as meme, effectif * pow(2, -foyer) / ensemble as fratrie
        from (select *, 1 + pow(2, -foyer) + pow(2, -etranger) as ensemble from ({requete_poids(modele, "motifs")}))
    """)
    niveaux = {}
    for comparaison in modele.comparaisons:
        sans_ine = "niveau_ine = -1" if comparaison.champ != "ine" and _a_ine(modele) else "true"
        m = _parts(comparaison, _masses(connexion, comparaison, "meme", sans_ine), [n.m for n in comparaison.niveaux])
        f = [n.f for n in comparaison.niveaux]
        if comparaison.champ == "nom":
            f = _comme_tous(comparaison, m, f)
        if comparaison.champ in ("naissance", "sexe"):
            f = _parts(comparaison, _masses(connexion, comparaison, "fratrie"), f)
        niveaux[comparaison.champ] = [replace(n, m=m[place], f=f[place]) for place, n in enumerate(comparaison.niveaux)]
    sortants = _nombre(connexion, COMBIEN["sortants"])
    inscrits = _nombre(connexion, "select sum(meme) from attentes") / sortants
    fratries = _nombre(connexion, "select sum(fratrie) from attentes") / sortants
    connexion.execute("drop table attentes")
    return replace(
        avec_niveaux(modele, niveaux),
        inscrits_attendus=min(max(inscrits, INSCRITS_POSSIBLES[0]), INSCRITS_POSSIBLES[1]),
        foyers=max(fratries, FOYERS_MINIMUM),
    )


def ecart(avant: Modele, apres: Modele) -> float:
    """Bits by which a turn moved the weights of one person's two lines, on average, or the chances before comparing."""
    niveaux = [
        paire
        for a, b in zip(avant.comparaisons, apres.comparaisons, strict=True)
        for paire in zip(a.niveaux, b.niveaux, strict=True)
    ]
    return max(
        sum(b.m * abs(math.log2(b.m / a.m)) for a, b in niveaux),
        abs(math.log2(apres.foyers / avant.foyers)),
        abs(math.log2(apres.inscrits_attendus / avant.inscrits_attendus)),
    )


def _comme_tous(comparaison: Comparaison, m: list[float], f: list[float]) -> list[float]:
    """Homes bear rare and common names as often as everybody: `f` of a same name, shared out among classes as `m`."""
    rangs = [place for place, niveau in enumerate(comparaison.niveaux) if niveau.code.startswith("meme_")]
    rapport = sum(f[place] for place in rangs) / sum(m[place] for place in rangs)
    return [m[place] * rapport if place in rangs else part for place, part in enumerate(f)]


def _masses(
    connexion: DuckDBPyConnection, comparaison: Comparaison, masse: str, filtre: str = "true"
) -> dict[int, float]:
    requete = f"select niveau_{comparaison.champ}, sum({masse}) from attentes where {filtre} group by 1"
    return dict(connexion.execute(requete).fetchall())


def _a_ine(modele: Modele) -> bool:
    return any(c.champ == "ine" for c in modele.comparaisons)


def _rares(comparaison: Comparaison, comptes: dict[int, float]) -> list[float]:
    """Chance of each level between strangers; one never drawn keeps about the chance it was believed to have."""
    totaux: dict[str, float] = defaultdict(float)
    for place, niveau in enumerate(comparaison.niveaux):
        totaux[niveau.groupe] += comptes.get(place, 0.0)
    return [
        (comptes.get(place, 0.0) + 1) / (totaux[niveau.groupe] + 1 / niveau.u)
        for place, niveau in enumerate(comparaison.niveaux)
    ]


def _parts(comparaison: Comparaison, comptes: dict[int, float], avant: list[float]) -> list[float]:
    """Share of each level within its group, what was believed before being worth CONFIANCE observations."""
    croyances: dict[str, float] = defaultdict(float)
    totaux: dict[str, float] = defaultdict(float)
    for place, niveau in enumerate(comparaison.niveaux):
        croyances[niveau.groupe] += avant[place]
        totaux[niveau.groupe] += comptes.get(place, 0.0)
    return [
        (comptes.get(place, 0.0) + CONFIANCE * avant[place] / croyances[niveau.groupe])
        / (totaux[niveau.groupe] + CONFIANCE)
        for place, niveau in enumerate(comparaison.niveaux)
    ]
