"""Judge links and the list drawn from them against the truth of a made-up population."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from outils.comparateur.moteurs.commun import lire

GROUPES = ("sexe", "source", "origine", "jumeau")
PART_REVUE = 0.005  # of the leavers: the most pairs that a person is asked to judge


@dataclass(frozen=True)
class Note:
    """Shares between 0 and 1; `None` where nothing was asked of a person."""

    liste_precision: float
    liste_rappel: float
    liste_f1: float
    liens_precision: float
    liens_rappel: float
    revue: int | None = None
    liste_f1_apres_revue: float | None = None


class Juge:
    """One population: its truth is read once, each engine is judged in turn."""

    def __init__(self, dossier: Path, jour: date) -> None:
        self.base = duckdb.connect()
        limite = jour.replace(year=jour.year - 16).isoformat()
        self.base.execute(f"""
            CREATE TABLE verite AS
            SELECT identifiant_sortant AS s, nullif(identifiant_inscrit, '') AS i, a_lister = 'oui' AS a_lister,
                   sexe, source, origine, jumeau
            FROM read_csv('{dossier}/verite.csv', all_varchar = true);
            CREATE TABLE sortants AS
            SELECT s, any_value(a_lister) AS a_lister, {", ".join(f"any_value(v.{g}) AS {g}" for g in GROUPES)},
                   bool_or(l.diplome::VARCHAR = 'false' AND l.jours_scolarises::INT >= 15
                           AND try_cast(l.date_naissance AS DATE) <= DATE '{limite}') AS concerne
            FROM verite v JOIN {lire(dossier, "sortants")} l ON l.identifiant = s GROUP BY s;
        """)

    def noter(self, sortie: Path) -> Note:
        """Judge the links of `liens.parquet`; or the list itself, when the engine made `decrocheurs.csv`."""
        self._charger(sortie)
        justes, donnes, retrouves, a_trouver = self._compter("""
            SELECT count(*) FILTER (v.i IS NOT NULL), count(*), count(DISTINCT l.s) FILTER (v.i IS NOT NULL),
                   (SELECT count(DISTINCT s) FROM verite WHERE i IS NOT NULL)
            FROM (SELECT s, i FROM liens WHERE p >= 0.5) l LEFT JOIN verite v ON v.s = l.s AND v.i = l.i
        """)
        liste = self._noter_liste("verdict")
        revue, apres = self._revue()
        return Note(*liste, justes / max(donnes, 1), retrouves / max(a_trouver, 1), revue, apres)

    def _compter(self, requete: str) -> tuple[int, ...]:
        return self.base.execute(requete).fetchall()[0]

    def _noter_liste(self, table: str) -> tuple[float, float, float]:
        """Precision, recall and F1 of the column `listee`."""
        justes, a_tort, oublies = self._compter(f"""
            SELECT count(*) FILTER (listee AND a_lister), count(*) FILTER (listee AND NOT a_lister),
                   count(*) FILTER (NOT listee AND a_lister) FROM {table}
        """)
        f1 = 2 * justes / max(2 * justes + a_tort + oublies, 1)
        return justes / max(justes + a_tort, 1), justes / max(justes + oublies, 1), f1

    def par_groupe(self) -> list[tuple[str, str, int, float, float]]:
        """Of the last judged: group, value, leavers, share wrongly listed (of who could be), share forgotten."""
        lignes = []
        for groupe in GROUPES:
            lignes += self.base.execute(f"""
                SELECT '{groupe}', {groupe}, count(*),
                       count(*) FILTER (listee AND NOT a_lister)
                       / greatest(count(*) FILTER (concerne AND NOT a_lister), 1),
                       count(*) FILTER (NOT listee AND a_lister) / greatest(count(*) FILTER (a_lister), 1)
                FROM verdict GROUP BY ALL ORDER BY 3 DESC
            """).fetchall()
        return lignes

    def _charger(self, sortie: Path) -> None:
        self.base.execute(f"""
            CREATE OR REPLACE TABLE liens AS
            SELECT identifiant_sortant AS s, identifiant_inscrit AS i, max(probabilite) AS p
            FROM '{sortie}/liens.parquet' GROUP BY ALL
        """)
        if (sortie / "decrocheurs.csv").exists():
            liste = f"read_csv('{sortie}/decrocheurs.csv', all_varchar = true)"
            listes = f"(SELECT identifiant_sortant FROM {liste})"
        else:
            listes = "(SELECT s FROM sortants WHERE concerne EXCEPT SELECT s FROM liens WHERE p >= 0.5)"
        self.base.execute(f"CREATE OR REPLACE TABLE verdict AS SELECT *, s IN {listes} AS listee FROM sortants")
        self.a_verifier = sortie / "a_verifier.csv"

    def _revue(self) -> tuple[int | None, float | None]:
        """Pairs given to a person who judges them rightly, and the list that follows.

        An engine without a review file gives its least sure best pairs, as many as ours may.
        """
        if self.a_verifier.exists():
            lues = f"read_csv('{self.a_verifier}', all_varchar = true)"
            revue = f"SELECT identifiant_sortant AS s, identifiant_inscrit AS i FROM {lues}"
        else:
            revue = f"""
                SELECT s, i FROM liens JOIN sortants USING (s) WHERE concerne AND p BETWEEN 0.02 AND 0.98
                QUALIFY row_number() OVER (PARTITION BY s ORDER BY p DESC, i) = 1
                ORDER BY abs(p - 0.5), s, i LIMIT (SELECT floor(count(*) * {PART_REVUE})::BIGINT FROM sortants)
            """
        self.base.execute(f"CREATE OR REPLACE TABLE revue AS {revue}")
        (nombre,) = self._compter("SELECT count(*) FROM revue")
        if not nombre:
            return None, None
        # A pair said true takes the leaver off the list; when all of a leaver's doubtful pairs are false, only a link
        # that nobody doubted still does.
        self.base.execute("""
            CREATE OR REPLACE TABLE apres AS
            WITH jugees AS (
                SELECT r.s, bool_or(v.i IS NOT NULL) AS vraie FROM revue r LEFT JOIN verite v ON v.s = r.s AND v.i = r.i
                GROUP BY r.s),
            sures AS (SELECT DISTINCT s FROM (SELECT s, i FROM liens WHERE p >= 0.5 EXCEPT SELECT s, i FROM revue))
            SELECT a_lister, CASE WHEN j.s IS NULL THEN listee WHEN vraie THEN false ELSE concerne AND sures.s IS NULL
                             END AS listee
            FROM verdict LEFT JOIN jugees j USING (s) LEFT JOIN sures USING (s)
        """)
        return nombre, self._noter_liste("apres")[2]
