"""What comes out: the links, the list of the leavers who are enrolled nowhere, the pairs that a person must judge."""

from datetime import date

from duckdb import DuckDBPyConnection

from raccord.comparateur.base import DECIDEES, dans_l_ordre
from raccord.comparateur.modele import Modele

AGE_MINIMUM = 16
JOURS_MINIMUM = 15
UTILITE_MINIMALE = 0.004
"""Chance of a wrong answer under which nobody is asked."""
NUL_AUTRE = 1.0
"""Bits that the weight of a best pair leaves out: nobody else explains that enrolment (0.9 to 1.5 on six populations of
seven). Too little known to link by it, a wrong link being the worse error; enough to choose what a person looks at."""


def lister(connexion: DuckDBPyConnection, modele: Modele, jour: date, seuil_revue: float | None) -> None:
    """Make `rapprochements`, `decrocheurs` and `a_verifier`. Source of the four criteria: seed 004.

    An unknown birth date, number of days or diploma keeps the leaver on the list: nobody is forgotten for a blank.
    `seuil_revue`: chance of a wrong answer from which a pair is worth a look; the model's share of leavers bounds them.
    """
    connexion.execute("""
        create or replace temp table probables as
        with premiers as (select s, max(poids) as poids from liens group by s),
        egaux as (select l.* from liens l join premiers p using (s, poids)),
        departages as (
            select e.s, arg_min(e.i, r.identifiant) as i from egaux e join inscrits r on r.rowid = e.i
            where e.s in (select s from egaux group by s having count(*) > 1) group by e.s
        )
        select e.*, 1 / (1 + pow(2, -poids)) as probabilite from egaux e left join departages d using (s)
        where d.i is null or d.i = e.i
    """)
    connexion.execute(f"""
        create or replace table criteres as
        select l.rowid::integer as s, l.identifiant,
            coalesce(n.naissance <= {(jour.year - AGE_MINIMUM) * 10000 + jour.month * 100 + jour.day}, true) as age_16,
            coalesce(l.jours_scolarises >= {JOURS_MINIMUM}, true) as quinze_jours,
            not coalesce(l.diplome, false) as sans_diplome,
            coalesce(p.probabilite, 0) < {modele.seuil_decision} as non_inscrit
        from sortants l join sortants_cles n on n.rang = l.rowid
        left join probables p on p.s = l.rowid
    """)
    minimum = UTILITE_MINIMALE if seuil_revue is None else seuil_revue
    connexion.execute(f"""
        create or replace temp table revues as
        select p.s, p.i, p.probabilite, 1 / (1 + pow(2, abs(p.poids + {NUL_AUTRE}))) as utilite
        from probables p join criteres c using (s)
        where age_16 and quinze_jours and sans_diplome and utilite >= {minimum}
            and (p.s, p.i) not in (select (s, i) from {DECIDEES})
        qualify row_number() over (order by utilite desc, c.identifiant)
            <= ceil((select count(*) from sortants) * {modele.part_revue})
    """)
    poids = ", ".join(f"w.poids_{c.champ}" for c in modele.comparaisons)
    with dans_l_ordre(connexion):  # that of the files, sorted once for both
        connexion.execute(f"""
        create or replace temp table rapprochements as
        with choisis as (
            select p.*, r.s is not null as revue from probables p left join revues r using (s, i)
            where p.probabilite >= {modele.seuil_decision} or r.s is not null
        )
        select l.identifiant as identifiant_sortant, r.identifiant as identifiant_inscrit,
            case when c.revue then 'a_verifier' else 'meme_personne' end as decision, c.probabilite,
            w.poids_depart, {poids}, w.poids_foyer, c.poids_rivaux, c.poids
        from choisis c join poids_motifs w using (motif)
        join sortants l on l.rowid = c.s join inscrits r on r.rowid = c.i
        order by 1, 2
        """)
    connexion.execute("""
        create or replace table decrocheurs as
        select c.identifiant as identifiant_sortant, age_16, quinze_jours, sans_diplome, non_inscrit,
            case when r.s is null then 'non' else 'oui' end as a_verifier
        from criteres c left join revues r using (s)
        where age_16 and quinze_jours and sans_diplome and non_inscrit
    """)
    connexion.execute("""
        create or replace table a_verifier as
        select l.identifiant as identifiant_sortant, r.identifiant as identifiant_inscrit, v.probabilite, v.utilite
        from revues v join sortants l on l.rowid = v.s join inscrits r on r.rowid = v.i
        order by v.utilite desc, 1, 2
    """)
