"""From the files that were given to two tables, `sortants` and `inscrits`, where nothing is lost without a word.

A leaver whose line is thrown away is a young person forgotten: a line is kept whenever it can be, what cannot be
read in it is emptied, and each of these facts is a row of `rejets`.
"""

import csv
import datetime as dt
import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.fichiers import (
    ECARTEE,
    GARDEE,
    VIDE,
    VIDEE,
    Examen,
    Reparation,
    lire_entete,
    reparer,
    transcrire,
    verifier_inchange,
)

COMMUNES = (
    "identifiant",
    "source",
    "ine",
    "nom",
    "nom_usage",
    "prenom",
    "prenom2",
    "sexe",
    "date_naissance",
    "commune_naissance",
    "code_postal",
    "commune",
    "adresse",
)
DES_SORTANTS = ("jours_scolarises", "diplome", "date_fin")
FACULTATIVES = {"nom_usage", "date_fin"}
JOURS_AU_PLUS = 731  # the previous year and this one
AGES = (3, 70)  # a birth outside is a default date or a typing error

FORMATS_DE_DATE = "['%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%Y/%m/%d', '%Y%m%d', '%d%m%Y']"


@dataclass(frozen=True)
class Cote:
    """One side of the comparison."""

    table: str
    libelle: str
    colonnes: tuple[str, ...]

    @property
    def exigees(self) -> list[str]:
        return [nom for nom in self.colonnes if nom not in FACULTATIVES]


SORTANTS = Cote("sortants", "liste de sortants", COMMUNES + DES_SORTANTS)
INSCRITS = Cote("inscrits", "liste d'inscrits", COMMUNES)
DECISIONS = Cote("decisions", "liste de décisions", ("identifiant_sortant", "identifiant_inscrit", "decision"))
REPONSES = {"meme_personne", "autre_personne"}


@dataclass(frozen=True)
class Controle:
    """A fact about one field of a kept line: `condition` is SQL on the read columns, `colonne` and `lu_<colonne>`."""

    colonne: str
    raison: str
    effet: str
    condition: str


CONTROLES = (
    Controle(
        "identifiant", "identifiant vide : un identifiant de remplacement est donné", GARDEE, "lu_identifiant IS NULL"
    ),
    Controle("nom", "nom vide", GARDEE, "nom IS NULL"),
    Controle("prenom", "prénom vide", GARDEE, "prenom IS NULL"),
    Controle("sexe", "sexe qui n'est ni M ni F", VIDEE, "lu_sexe IS NOT NULL AND sexe IS NULL"),
    Controle("date_naissance", "date de naissance vide", GARDEE, "lu_date_naissance IS NULL"),
    Controle(
        "date_naissance",
        "date de naissance qui n'existe pas : ses chiffres servent encore à comparer",
        GARDEE,
        "jour_naissance IS NULL AND date_naissance IS NOT NULL",
    ),
    Controle(
        "date_naissance",
        "date de naissance illisible",
        VIDEE,
        "lu_date_naissance IS NOT NULL AND jour_naissance IS NULL AND date_naissance IS NULL",
    ),
    Controle(
        "date_naissance",
        "date de naissance impossible à cet âge",
        VIDEE,
        "jour_naissance IS NOT NULL AND date_naissance IS NULL",
    ),
)
CONTROLES_DES_SORTANTS = (
    Controle("jours_scolarises", "nombre de jours vide", GARDEE, "lu_jours_scolarises IS NULL"),
    Controle(
        "jours_scolarises",
        "nombre de jours illisible ou impossible",
        VIDEE,
        "lu_jours_scolarises IS NOT NULL AND jours_scolarises IS NULL",
    ),
    Controle("diplome", "diplôme vide", GARDEE, "lu_diplome IS NULL"),
    Controle("diplome", "diplôme qui n'est ni vrai ni faux", VIDEE, "lu_diplome IS NOT NULL AND diplome IS NULL"),
    Controle("date_fin", "date de fin illisible ou impossible", VIDEE, "lu_date_fin IS NOT NULL AND date_fin IS NULL"),
)


@dataclass(frozen=True)
class Fiche:
    """What is known of one file that was read. `decalage` turns the `rowid` of its rows into the line in the file."""

    cote: str
    fichier: str
    empreinte: str
    lignes: int
    encodage: str
    laissees: tuple[str, ...]
    """Columns of the file that the comparison does not know: left aside."""
    numero: int = 0
    decalage: int = 0


def preparer_rejets(connexion: DuckDBPyConnection) -> None:
    """An empty table of what was not as it should be."""
    connexion.execute(
        "CREATE OR REPLACE TABLE rejets (fichier VARCHAR, ligne BIGINT, colonne VARCHAR, raison VARCHAR, effet VARCHAR)"
    )


def lire_cote(
    connexion: DuckDBPyConnection, cote: Cote, examens: Sequence[Examen], *, jour: dt.date, travail: Path
) -> list[Fiche]:
    """Fill the table of one side with these files, and `rejets` with what was not as it should be; one card per file.

    Raises ComparateurErreur: a column missing or twice, no row at all, a file that moves.
    """
    connexion.execute(f"CREATE OR REPLACE TABLE {cote.table} ({_definition(cote)})")
    connexion.execute("SET force_compression = 'dictionary'")  # trying them all costs more than reading the file
    fiches = []
    for numero, examen in enumerate(examens):
        fiche = _lire_fichier(connexion, cote, numero, examen, jour=jour, travail=travail)
        verifier_inchange(examen)
        fiches.append(fiche)
        _ecarter_ce_qui_n_est_pas_une_ligne(connexion, cote, fiche)
        _dire_les_anomalies(connexion, cote, fiche)
    _nommer_ceux_qui_n_ont_pas_d_identifiant(connexion, cote)
    _separer_les_doubles(connexion, cote, fiches)
    _tasser(connexion, cote)
    connexion.execute("RESET force_compression")
    if not nombre(connexion, f"FROM {cote.table}"):
        raise ComparateurErreur(f"Aucune ligne dans la {cote.libelle} : rien n'est comparé.")
    return fiches


def garder_fiches(connexion: DuckDBPyConnection, fiches: Sequence[Fiche]) -> None:
    """Keep the cards with the tables, for the report and for a run that goes on from here."""
    connexion.execute(
        "CREATE OR REPLACE TABLE fichiers_lus "
        "(cote VARCHAR, fichier VARCHAR, empreinte VARCHAR, lignes BIGINT, encodage VARCHAR, laissees VARCHAR[])"
    )
    for fiche in fiches:
        connexion.execute(
            "INSERT INTO fichiers_lus VALUES (?, ?, ?, ?, ?, ?)",
            [fiche.cote, fiche.fichier, fiche.empreinte, fiche.lignes, fiche.encodage, list(fiche.laissees)],
        )


def nombre(connexion: DuckDBPyConnection, suite: str, quoi: str = "count(*)") -> int:
    """One number read from the base."""
    ligne = connexion.execute(f"SELECT {quoi} {suite}").fetchone()
    return int(ligne[0]) if ligne else 0


def _definition(cote: Cote) -> str:
    types = {"jours_scolarises": "INTEGER", "diplome": "BOOLEAN", "date_fin": "DATE"}
    colonnes = [f"{nom} {types.get(nom, 'VARCHAR')}" for nom in cote.colonnes]
    return ", ".join([*colonnes, "fichier SMALLINT", "anomalies INTEGER"])


def _lire_fichier(
    connexion: DuckDBPyConnection, cote: Cote, numero: int, examen: Examen, *, jour: dt.date, travail: Path
) -> Fiche:
    premier = nombre(connexion, f"FROM {cote.table}", "coalesce(max(rowid) + 1, 0)")
    lire = _lire_parquet if examen.parquet else _lire_csv
    lues, encodage, laissees = lire(connexion, cote, numero, examen, jour, travail)
    avant = 1 if examen.parquet else 2  # the header is line 1 of a CSV file
    return Fiche(cote.table, examen.chemin, examen.empreinte, lues, encodage, laissees, numero, avant - premier)


def _lire_parquet(
    connexion: DuckDBPyConnection, cote: Cote, numero: int, examen: Examen, jour: dt.date, travail: Path
) -> tuple[int, str, tuple[str, ...]]:
    source = f"read_parquet({_litteral(examen.chemin)}, binary_as_string = true)"
    try:
        decrites = connexion.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        colonnes, laissees = _reconnaitre([nom for nom, *_ in decrites], cote, examen.chemin)
        expressions = {
            voulue: _en_texte(f'"{nom.replace(chr(34), chr(34) * 2)}"', genre)
            for voulue, (nom, genre, *_) in zip(colonnes, decrites, strict=True)
            if voulue
        }
        lues = _inserer(connexion, cote, numero, source, expressions, jour)
    except duckdb.InvalidInputException as erreur:
        raise ComparateurErreur(f"Le fichier {examen.chemin} n'est pas un parquet lisible.") from erreur
    return lues, "parquet", laissees


def _en_texte(colonne: str, genre: str) -> str:
    if genre.startswith("TIMESTAMP"):
        return f"CAST(CAST({colonne} AS DATE) AS VARCHAR)"
    if genre == "DOUBLE":  # 12.0 where a column of whole numbers had a hole
        return f"CAST(CAST({colonne} AS BIGINT) AS VARCHAR)"
    return f"CAST({colonne} AS VARCHAR)"


def _lire_csv(
    connexion: DuckDBPyConnection, cote: Cote, numero: int, examen: Examen, jour: dt.date, travail: Path
) -> tuple[int, str, tuple[str, ...]]:
    """The fast road for a clean file; one copy when it must be transcribed, one more when lines must be repaired."""
    entete, separateur = lire_entete(Path(examen.chemin))
    colonnes, laissees = _reconnaitre(entete, cote, examen.chemin)
    chemin, lignes, encodage = Path(examen.chemin), examen.lignes, "UTF-8"
    copie, reparee = travail / f"{cote.table}-{numero}.csv", travail / f"{cote.table}-{numero}-repare.csv"
    if not examen.lisible:
        lignes, encodage = transcrire(chemin, copie), "cp1252"
        chemin = copie
    lues = _inserer_csv(connexion, cote, numero, chemin, separateur, colonnes, jour, attendues=lignes - 1)
    if lues is None:
        with _Rejets(connexion, examen.chemin, travail) as rejets:
            reparer(chemin, reparee, Reparation(separateur, colonnes), rejets.noter)
        lues = _inserer_csv(connexion, cote, numero, reparee, ";", colonnes, jour, attendues=lignes - 1)
    copie.unlink(missing_ok=True)
    reparee.unlink(missing_ok=True)
    if lues is None:
        verifier_inchange(examen)
        raise ComparateurErreur(f"Le fichier {examen.chemin} n'est pas un CSV lisible.")
    return lues, encodage, laissees


def _inserer_csv(
    connexion: DuckDBPyConnection,
    cote: Cote,
    numero: int,
    chemin: Path,
    separateur: str,
    colonnes: list[str | None],
    jour: dt.date,
    *,
    attendues: int,
) -> int | None:
    """None, and nothing inserted, unless one line is one row: a quote that swallows lines is seen by their number."""
    types = {f"c{rang}": "VARCHAR" for rang in range(len(colonnes))}
    source = (
        f"read_csv({_litteral(str(chemin))}, auto_detect = false, delim = '{separateur}', quote = '\"', escape = '\"', "
        f"header = false, skip = 1, strict_mode = true, columns = {types})"
    )
    expressions = {nom: f"c{rang}" for rang, nom in enumerate(colonnes) if nom}
    connexion.begin()
    try:
        lues = _inserer(connexion, cote, numero, source, expressions, jour)
    except duckdb.InvalidInputException:
        lues = -1
    if lues == attendues:
        connexion.commit()
        return lues
    connexion.rollback()
    return None


def _inserer(
    connexion: DuckDBPyConnection, cote: Cote, numero: int, source: str, expressions: dict[str, str], jour: dt.date
) -> int:
    """One statement reads, cleans, and marks what is wrong: one bit for each check, in their order."""
    lus = [f"nullif(trim({expressions.get(nom, 'NULL::VARCHAR')}), '') AS lu_{nom}" for nom in cote.colonnes]
    propres = [f"{_propre(nom, jour)} AS {nom}" for nom in cote.colonnes]
    marques = [f"CASE WHEN {controle.condition} THEN {1 << rang} ELSE 0 END" for rang, controle in _numerotes(cote)]
    resultat = connexion.execute(
        f"""
        INSERT INTO {cote.table} ({", ".join(cote.colonnes)}, fichier, anomalies)
        WITH lus AS (SELECT {", ".join(lus)} FROM {source}),
             dates AS (SELECT *, {_date("lu_date_naissance")} AS jour_naissance FROM lus),
             propres AS (SELECT *, {", ".join(propres)} FROM dates)
        SELECT {", ".join(cote.colonnes)}, {numero}, {" | ".join(marques)} FROM propres
        """
    ).fetchone()
    return int(resultat[0]) if resultat else 0


def _propre(nom: str, jour: dt.date) -> str:
    """SQL of a column as the engine receives it; NULL where what is written says nothing."""
    plus_jeune, plus_vieux = AGES
    match nom:
        case "date_naissance":
            bornes = f"DATE '{jour}' - INTERVAL {plus_vieux} YEAR AND DATE '{jour}' - INTERVAL {plus_jeune} YEAR"
            chiffres = _dit("lu_date_naissance", r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}")
            return (
                f"CASE WHEN jour_naissance BETWEEN {bornes} THEN CAST(jour_naissance AS VARCHAR) "
                f"WHEN jour_naissance IS NULL AND {chiffres} THEN lu_date_naissance END"
            )
        case "date_fin":
            bornes = f"DATE '{jour}' - INTERVAL 5 YEAR AND DATE '{jour}' + INTERVAL 2 YEAR"
            fin = _date("lu_date_fin")
            return f"CASE WHEN {fin} BETWEEN {bornes} THEN {fin} END"
        case "sexe":
            return f"CASE WHEN {_dit('lu_sexe', '[MmHh1]')} THEN 'M' WHEN {_dit('lu_sexe', '[Ff2]')} THEN 'F' END"
        case "jours_scolarises":
            jours = "TRY_CAST(replace(lu_jours_scolarises, ',', '.') AS DOUBLE)"
            return f"CASE WHEN {jours} BETWEEN 0 AND {JOURS_AU_PLUS} THEN CAST(floor({jours}) AS INTEGER) END"
        case "diplome":
            oui, non = _dit("lu_diplome", "(?i)(true|t|vrai|oui|o|1)"), _dit("lu_diplome", "(?i)(false|f|faux|non|n|0)")
            return f"CASE WHEN {oui} THEN true WHEN {non} THEN false END"
        case _:
            return f"lu_{nom}"


def _dit(colonne: str, motif: str) -> str:
    """Not an IN: DuckDB makes it a join, and rows would no longer come in the order of the file."""
    return f"regexp_full_match({colonne}, '{motif}')"


def _date(colonne: str) -> str:
    jour = f"CASE WHEN length({colonne}) > 10 THEN left({colonne}, 10) ELSE {colonne} END"
    return f"CAST(try_strptime({jour}, {FORMATS_DE_DATE}) AS DATE)"


def _reconnaitre(entete: list[str], cote: Cote, fichier: str) -> tuple[list[str | None], tuple[str, ...]]:
    """For each column of the file, the one of the list that it is, or None. Raises ComparateurErreur."""
    lus = [_cle(nom) for nom in entete]
    doubles = [nom for nom in cote.colonnes if lus.count(nom) > 1]
    if doubles:
        raise ComparateurErreur(f"Le fichier {fichier} a deux fois la colonne {_enumerer(doubles)}.")
    laissees = tuple(nom for nom, cle in zip(entete, lus, strict=True) if cle not in cote.colonnes)
    manquantes = [nom for nom in cote.exigees if nom not in lus]
    if manquantes:
        raise ComparateurErreur(_phrase_des_manquantes(fichier, manquantes, laissees))
    return [cle if cle in cote.colonnes else None for cle in lus], laissees


def _phrase_des_manquantes(fichier: str, manquantes: list[str], laissees: tuple[str, ...]) -> str:
    phrases = [f"Il manque dans {fichier} : {_enumerer(manquantes)}."]
    for nom in manquantes:
        proches = difflib.get_close_matches(nom, [_cle(autre) for autre in laissees], n=1, cutoff=0.6)
        phrases += [f"La colonne « {proche} » est-elle « {nom} » ?" for proche in proches]
    phrases.append("Renommez la colonne, ou ajoutez-la vide si vous ne l'avez pas (séparateur « ; » ou « , »).")
    return " ".join(phrases)


def _enumerer(noms: list[str]) -> str:
    return ", ".join(f"« {nom} »" for nom in noms)


def _cle(nom: str) -> str:
    """A header as it is recognised: whatever its case, its accents and its spaces."""
    sans_accent = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode()
    return "_".join(sans_accent.lower().replace("-", " ").split())


def _litteral(texte: str) -> str:
    return "'" + texte.replace("'", "''") + "'"


class _Rejets:
    """Facts about lines, written to a file as they come and read by the base at the end: memory does not grow."""

    def __init__(self, connexion: DuckDBPyConnection, fichier: str, travail: Path) -> None:
        self.connexion, self.fichier, self.chemin = connexion, fichier, travail / "rejets-en-cours.csv"

    def __enter__(self) -> Self:
        self.flux = self.chemin.open("w", newline="", encoding="utf-8")
        self.ecrivain = csv.writer(self.flux, delimiter=";", lineterminator="\n")
        return self

    def noter(self, ligne: int, raison: str, effet: str) -> None:
        self.ecrivain.writerow([ligne, raison, effet])

    def __exit__(self, *_: object) -> None:
        self.flux.close()
        self.connexion.execute(
            "INSERT INTO rejets SELECT $fichier, ligne, '', raison, effet "
            f"FROM read_csv({_litteral(str(self.chemin))}, auto_detect = false, header = false, delim = ';', "
            "quote = '\"', columns = {'ligne': 'BIGINT', 'raison': 'VARCHAR', 'effet': 'VARCHAR'})",
            {"fichier": self.fichier},
        )
        self.chemin.unlink()


def _ecarter_ce_qui_n_est_pas_une_ligne(connexion: DuckDBPyConnection, cote: Cote, fiche: Fiche) -> None:
    """Places kept by the repair, and headers in the middle of a file made of several."""
    connexion.execute(
        f"DELETE FROM {cote.table} WHERE fichier = {fiche.numero} AND identifiant = $vide", {"vide": VIDE}
    )
    connexion.execute(
        f"INSERT INTO rejets SELECT $fichier, rowid + {fiche.decalage}, '', 'en-tête répété', '{ECARTEE}' "
        f"FROM {cote.table} WHERE fichier = {fiche.numero} AND lower(identifiant) = 'identifiant'",
        {"fichier": fiche.fichier},
    )
    connexion.execute(f"DELETE FROM {cote.table} WHERE fichier = {fiche.numero} AND lower(identifiant) = 'identifiant'")


def _dire_les_anomalies(connexion: DuckDBPyConnection, cote: Cote, fiche: Fiche) -> None:
    for rang, controle in _numerotes(cote):
        connexion.execute(
            f"INSERT INTO rejets SELECT $fichier, rowid + {fiche.decalage}, $colonne, $raison, $effet "
            f"FROM {cote.table} WHERE fichier = {fiche.numero} AND anomalies & {1 << rang} <> 0",
            {
                "fichier": fiche.fichier,
                "colonne": controle.colonne,
                "raison": controle.raison,
                "effet": controle.effet,
            },
        )


def _numerotes(cote: Cote) -> list[tuple[int, Controle]]:
    return list(enumerate(CONTROLES + CONTROLES_DES_SORTANTS if cote is SORTANTS else CONTROLES))


def _nommer_ceux_qui_n_ont_pas_d_identifiant(connexion: DuckDBPyConnection, cote: Cote) -> None:
    """A name made from what the line says, so that it does not depend on the order of the lines."""
    connexion.execute(
        f"UPDATE {cote.table} SET identifiant = 'sans-identifiant-' || printf('%x', {_texte_de_la_ligne(cote)}) "
        "WHERE identifiant IS NULL"
    )


def _texte_de_la_ligne(cote: Cote) -> str:
    return f"hash({', '.join(nom for nom in cote.colonnes if nom != 'identifiant')})"


def _separer_les_doubles(connexion: DuckDBPyConnection, cote: Cote, fiches: Sequence[Fiche]) -> None:
    """An identifier given twice: the same line counts once; two different lines are two people, the second renamed."""
    places = ", ".join(f"({fiche.numero}, {_litteral(fiche.fichier)}, {fiche.decalage})" for fiche in fiches)
    while nombre(connexion, f"FROM (FROM {cote.table} SELECT identifiant GROUP BY 1 HAVING count(*) > 1)"):
        connexion.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE doubles AS
            SELECT t.rowid AS place, p.chemin, t.rowid + p.decalage AS ligne,
              row_number() OVER (PARTITION BY identifiant, {_texte_de_la_ligne(cote)} ORDER BY t.rowid) AS copie,
              dense_rank() OVER (PARTITION BY identifiant ORDER BY {_texte_de_la_ligne(cote)}) AS rang
            FROM {cote.table} t JOIN (VALUES {places}) p(fichier, chemin, decalage) USING (fichier)
            WHERE identifiant IN (FROM {cote.table} SELECT identifiant GROUP BY 1 HAVING count(*) > 1)
            """
        )
        connexion.execute(
            f"""
            INSERT INTO rejets SELECT chemin, ligne, 'identifiant',
              CASE WHEN copie > 1 THEN 'ligne répétée à l''identique'
                   ELSE 'identifiant déjà pris par une autre ligne : « ~' || rang || ' » lui est ajouté' END,
              CASE WHEN copie > 1 THEN '{ECARTEE}' ELSE '{GARDEE}' END
            FROM doubles WHERE copie > 1 OR rang > 1
            """
        )
        connexion.execute(f"DELETE FROM {cote.table} WHERE rowid IN (FROM doubles SELECT place WHERE copie > 1)")
        connexion.execute(
            f"UPDATE {cote.table} SET identifiant = identifiant || '~' || doubles.rang FROM doubles "
            f"WHERE {cote.table}.rowid = doubles.place AND copie = 1 AND doubles.rang > 1"
        )
    connexion.execute("DROP TABLE IF EXISTS doubles")


def _tasser(connexion: DuckDBPyConnection, cote: Cote) -> None:
    """The engine names a row by its `rowid`, which moves when rows were taken out and the base tidies up: do it now."""
    if nombre(connexion, f"FROM {cote.table}") != nombre(
        connexion, f"FROM {cote.table}", "coalesce(max(rowid) + 1, 0)"
    ):
        connexion.execute(f"CREATE TABLE tasse AS FROM {cote.table}")
        connexion.execute(f"DROP TABLE {cote.table}")
        connexion.execute(f"ALTER TABLE tasse RENAME TO {cote.table}")


def lire_decisions(connexion: DuckDBPyConnection, examen: Examen | None, *, travail: Path) -> int:
    """Fill `decisions` with what people have already answered; two contrary answers on a pair are no answer."""
    connexion.execute(
        "CREATE OR REPLACE TABLE decisions "
        "(identifiant_sortant VARCHAR, identifiant_inscrit VARCHAR, decision VARCHAR, ligne BIGINT)"
    )
    if examen is None:
        return 0
    copie = travail / "decisions.csv"
    lignes = _lignes_de_decisions(examen, copie)
    verifier_inchange(examen)
    with _Rejets(connexion, examen.chemin, travail) as rejets:
        for numero, (sortant, inscrit, reponse) in lignes:
            if not sortant or not inscrit or reponse not in REPONSES:
                rejets.noter(numero, "décision incomplète, ou qui n'est ni meme_personne ni autre_personne", ECARTEE)
    bonnes = [[*champs, numero] for numero, champs in lignes if all(champs) and champs[2] in REPONSES]
    if bonnes:
        connexion.executemany("INSERT INTO decisions VALUES (?, ?, ?, ?)", bonnes)
    _ecarter_les_contraires(connexion, examen.chemin)
    return nombre(connexion, "FROM decisions")


def _lignes_de_decisions(examen: Examen, copie: Path) -> list[tuple[int, list[str]]]:
    if examen.parquet:
        raise ComparateurErreur(f"Les décisions se donnent en CSV : {examen.chemin} est un parquet.")
    transcrire(Path(examen.chemin), copie)
    entete, separateur = lire_entete(copie)
    colonnes, _ = _reconnaitre(entete, DECISIONS, examen.chemin)
    with copie.open(encoding="utf-8", newline="\n") as fichier:
        lecteur = csv.DictReader(fichier, fieldnames=[nom or "" for nom in colonnes], delimiter=separateur)
        next(lecteur, None)
        lignes = [(lecteur.line_num, [(ligne[nom] or "").strip() for nom in DECISIONS.colonnes]) for ligne in lecteur]
    copie.unlink()
    return lignes


def _ecarter_les_contraires(connexion: DuckDBPyConnection, fichier: str) -> None:
    contraires = (
        "(FROM decisions SELECT identifiant_sortant, identifiant_inscrit GROUP BY ALL "
        "HAVING count(DISTINCT decision) > 1)"
    )
    connexion.execute(
        "INSERT INTO rejets SELECT $fichier, ligne, 'decision', 'deux décisions contraires : aucune n''est suivie', "
        f"'{ECARTEE}' FROM decisions SEMI JOIN {contraires} USING (identifiant_sortant, identifiant_inscrit)",
        {"fichier": fichier},
    )
    connexion.execute(
        "CREATE OR REPLACE TABLE decisions AS SELECT DISTINCT identifiant_sortant, identifiant_inscrit, decision "
        f"FROM decisions ANTI JOIN {contraires} USING (identifiant_sortant, identifiant_inscrit)"
    )
