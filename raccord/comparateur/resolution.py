"""From scores to links: the best enrolment of each leaver, once its rivals have been seen.

An enrolment belongs to one person. What another leaver, who is somebody else, already explains with a heavier weight
is explained no more: that is what keeps the twin of an enrolled pupil on the list.
"""

from duckdb import DuckDBPyConnection

from raccord.comparateur.base import DECIDEES
from raccord.comparateur.modele import Modele
from raccord.comparateur.notation import requete_niveaux, requete_poids

PLANCHER = -12.0
"""Bits under which a pair is forgotten: one chance in four thousand."""
MARGE = 6.0
"""Bits by which a leaver prefers another enrolment before ceasing to count as a rival for this one."""
CERTAIN = 100.0
"""Bits of a link that a person has decided."""


def resoudre(connexion: DuckDBPyConnection) -> None:
    """Make `retenus(s, i, motif, poids, meilleur)`: pairs worth a thought, without those that a person has refused."""
    connexion.execute(f"""
        create or replace temp table retenus as
        select *, max(poids) over (partition by s) as meilleur from (
            select n.s, n.i, n.motif, case when d.decision = 'meme_personne' then {CERTAIN} else n.poids end as poids
            from (select s, i, motif, poids from paires join poids_motifs using (motif)) n
            left join {DECIDEES} d using (s, i)
            where (n.poids >= {PLANCHER} and d.decision is null) or d.decision = 'meme_personne'
        )
    """)


def second_regard(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Make `liens(s, i, motif, poids, poids_rivaux)`: `poids` is what stays of a pair once its rivals are seen."""
    connexion.execute(f"""
        create or replace temp table rivaux as
        select a.s, a.i, b.s as rival, a.poids, b.poids - greatest(0, b.meilleur - b.poids - {MARGE}) as poids_rival
        from retenus a join retenus b on a.i = b.i and a.s <> b.s
        where a.poids < {CERTAIN - 1}
    """)
    connexion.execute(
        "create or replace temp table duos as select distinct s, rival as i from rivaux where poids_rival > -3"
    )
    niveaux = requete_niveaux(modele, "duos", droite="sortants_cles")
    connexion.execute(f"""
        create or replace table liens as
        with memes as (select s, i as rival, poids from ({requete_poids(modele, f"({niveaux})")})),
        masses as (
            select r.s, r.i, sum(pow(2, r.poids_rival) / (1 + pow(2, m.poids))) as masse
            from rivaux r join memes m using (s, rival) group by 1, 2
        )
        select s, i, motif, poids + poids_rivaux as poids, poids_rivaux
        from (select n.*, -log2(1 + coalesce(masse, 0)) as poids_rivaux from retenus n left join masses m using (s, i))
    """)
    for table in ("rivaux", "duos"):
        connexion.execute(f"drop table {table}")
