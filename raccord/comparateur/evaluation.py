"""How right a result is, against a truth: the links, the list, the list once people have judged, and for whom.

The truth is a CSV file: `identifiant_sortant`, `identifiant_inscrit` (empty when the leaver is enrolled nowhere; as
many lines as true enrolments), `a_lister` (oui, non) if it is known better than from the criteria as they were read.
Any other column is a group whose errors are counted apart.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur.atelier import BASE, TEMOIN
from raccord.comparateur.base import litteral
from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.fichiers import examiner, lire_entete
from raccord.comparateur.sorties import LIENS

CONNUES = ("identifiant_sortant", "identifiant_inscrit", "a_lister")
GROUPES_AU_PLUS = 50  # values: a column with more is not a group


@dataclass(frozen=True)
class Justesse:
    """`justes` were said and true, `a_tort` said and false, `oublies` true and not said."""

    justes: int
    a_tort: int
    oublies: int

    @property
    def precision(self) -> float:
        return self.justes / max(self.justes + self.a_tort, 1)

    @property
    def rappel(self) -> float:
        return self.justes / max(self.justes + self.oublies, 1)

    @property
    def f1(self) -> float:
        return 2 * self.justes / max(2 * self.justes + self.a_tort + self.oublies, 1)


@dataclass(frozen=True)
class Groupe:
    """The list among those of whom the truth says this."""

    groupe: str
    valeur: str
    sortants: int
    liste: Justesse


@dataclass(frozen=True)
class Evaluation:
    liens: Justesse
    liste: Justesse
    a_verifier: int
    liste_apres_revue: Justesse
    groupes: Sequence[Groupe]


def evaluer(dossier: Path, verite: str) -> Evaluation:
    """Judge a folder of results. Raises ComparateurErreur if it is none, or if the truth cannot be read."""
    with ouvrir_resultat(dossier) as base:
        autres = _lire_verite(base, verite)
        _juger(base)
        return Evaluation(
            liens=_liens(base),
            liste=_liste(base, "listee"),
            a_verifier=_un(base, "FROM r.a_verifier SELECT count(*)"),
            liste_apres_revue=_liste(base, "listee_apres_revue"),
            groupes=[groupe for nom in autres for groupe in _par_groupe(base, nom)],
        )


def en_json(evaluation: Evaluation) -> str:
    """For machines: counts, and the three figures drawn from each."""

    def chiffres(justesse: Justesse) -> dict[str, float]:
        return {
            **asdict(justesse),
            "precision": round(justesse.precision, 6),
            "rappel": round(justesse.rappel, 6),
            "f1": round(justesse.f1, 6),
        }

    contenu = {
        "liens": chiffres(evaluation.liens),
        "liste": chiffres(evaluation.liste),
        "a_verifier": evaluation.a_verifier,
        "liste_apres_revue": chiffres(evaluation.liste_apres_revue),
        "groupes": [asdict(groupe) | {"liste": chiffres(groupe.liste)} for groupe in evaluation.groupes],
    }
    return json.dumps(contenu, ensure_ascii=False, indent=1) + "\n"


def ouvrir_resultat(dossier: Path) -> DuckDBPyConnection:
    """A base in memory with `rapprochements`, and that of a result under the name `r`, read only."""
    if not (dossier / TEMOIN).exists():
        raise ComparateurErreur(f"{dossier} n'est pas un résultat de « raccord comparer ».")
    base = duckdb.connect()
    base.execute(f"ATTACH {litteral(dossier / BASE)} AS r (READ_ONLY)")
    base.execute(f"CREATE VIEW rapprochements AS FROM read_parquet({litteral(dossier / LIENS)})")
    return base


def _lire_verite(base: DuckDBPyConnection, fichier: str) -> list[str]:
    """Make `verite`; returns the columns that are groups."""
    examen = examiner(fichier)
    if examen.parquet or not examen.lisible:
        raise ComparateurErreur(f"La vérité se donne en CSV, en UTF-8 : {fichier}.")
    entete, separateur = lire_entete(Path(fichier))
    manquantes = [nom for nom in CONNUES[:2] if nom not in entete]
    if manquantes:
        raise ComparateurErreur(f"Il manque dans {fichier} : {', '.join(manquantes)}.")
    colonnes = [nom if nom in CONNUES else f"g_{rang}" for rang, nom in enumerate(entete)]
    base.execute(
        f"""
        CREATE TABLE verite AS
        SELECT *, nullif(trim(identifiant_sortant), '') AS s, nullif(trim(identifiant_inscrit), '') AS i
        FROM read_csv({litteral(fichier)}, auto_detect = false, header = false, skip = 1, delim = '{separateur}',
          quote = '"', escape = '"', columns = {dict.fromkeys(colonnes, "VARCHAR")})
        """
    )
    if "a_lister" not in entete:
        base.execute("ALTER TABLE verite ADD COLUMN a_lister VARCHAR")
    groupes = [
        (nom, colonne)
        for nom, colonne in zip(entete, colonnes, strict=True)
        if colonne.startswith("g_") and _un(base, f"FROM verite SELECT count(DISTINCT {colonne})") <= GROUPES_AU_PLUS
    ]
    base.execute("CREATE TABLE groupes (nom VARCHAR, colonne VARCHAR)")
    for paire in groupes:
        base.execute("INSERT INTO groupes VALUES (?, ?)", paire)
    return [colonne for _, colonne in groupes]


def _juger(base: DuckDBPyConnection) -> None:
    """Make `jugement`: for each leaver of the truth, whether they should be listed, are, and are once pairs are judged.

    A doubtful pair that is judged the same person takes the leaver off the list; one that is judged another person puts
    them on it, if nothing else links them.
    """
    base.execute(
        """
        CREATE TABLE jugement AS
        WITH attendus AS (
          FROM verite SELECT s, bool_or(i IS NOT NULL) AS inscrit, max(a_lister) AS a_lister GROUP BY s
        ),
        revues AS (
          FROM r.a_verifier a LEFT JOIN verite v ON v.s = a.identifiant_sortant AND v.i = a.identifiant_inscrit
          SELECT a.identifiant_sortant AS s, bool_or(v.s IS NOT NULL) AS vraie GROUP BY 1
        )
        SELECT a.s, coalesce(a.a_lister = 'oui', c.age_16 AND c.quinze_jours AND c.sans_diplome AND NOT a.inscrit)
            AS a_lister,
          d.identifiant_sortant IS NOT NULL AS listee,
          CASE WHEN v.vraie IS NULL THEN d.identifiant_sortant IS NOT NULL ELSE NOT v.vraie END AS listee_apres_revue
        FROM attendus a JOIN r.criteres c ON c.identifiant = a.s
        LEFT JOIN r.decrocheurs d ON d.identifiant_sortant = a.s LEFT JOIN revues v ON v.s = a.s
        """
    )


def _liens(base: DuckDBPyConnection) -> Justesse:
    """Links said the same person. A leaver enrolled twice is found once one of their enrolments is."""
    justes, a_tort = _ligne(
        base,
        """
        FROM rapprochements l JOIN jugement j ON j.s = l.identifiant_sortant
        LEFT JOIN verite v ON v.s = l.identifiant_sortant AND v.i = l.identifiant_inscrit
        SELECT count(v.s), count(*) - count(v.s) WHERE l.decision = 'meme_personne'
        """,
    )
    inscrits = _un(base, "FROM verite SEMI JOIN jugement USING (s) SELECT count(DISTINCT s) WHERE i IS NOT NULL")
    return Justesse(justes, a_tort, inscrits - justes)


def _liste(base: DuckDBPyConnection, dite: str, ou: str = "true") -> Justesse:
    justes, a_tort, oublies = _ligne(
        base,
        f"""
        FROM jugement SELECT count(*) FILTER ({dite} AND a_lister), count(*) FILTER ({dite} AND NOT a_lister),
          count(*) FILTER (NOT {dite} AND a_lister) WHERE {ou}
        """,
    )
    return Justesse(justes, a_tort, oublies)


def _par_groupe(base: DuckDBPyConnection, colonne: str) -> list[Groupe]:
    (nom,) = _ligne_brute(base, "SELECT nom FROM groupes WHERE colonne = ?", [colonne])
    valeurs = base.execute(
        f"FROM verite SEMI JOIN jugement USING (s) SELECT coalesce({colonne}, ''), count(DISTINCT s) "
        "GROUP BY 1 ORDER BY 1"
    ).fetchall()
    groupes = []
    for valeur, sortants in valeurs:
        ou = f"s IN (FROM verite SELECT s WHERE coalesce({colonne}, '') = {litteral(valeur)})"
        groupes.append(Groupe(str(nom), str(valeur), int(sortants), _liste(base, "listee", ou)))
    return groupes


def _ligne_brute(base: DuckDBPyConnection, requete: str, valeurs: Sequence[object] = ()) -> tuple[object, ...]:
    ligne = base.execute(requete, valeurs).fetchone()
    return tuple(ligne or ())


def _ligne(base: DuckDBPyConnection, requete: str) -> tuple[int, ...]:
    return tuple(int(str(valeur)) for valeur in _ligne_brute(base, requete))


def _un(base: DuckDBPyConnection, requete: str) -> int:
    return _ligne(base, requete)[0]
