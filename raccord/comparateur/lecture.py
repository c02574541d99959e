"""From the files that were given to two tables, `sortants` and `inscrits`, where nothing is lost without a word.

A leaver whose line is thrown away is a young person forgotten: a line is kept whenever it can be, what cannot be
read in it is emptied, and each of these facts is a row of `rejets`.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur.base import dans_l_ordre, litteral, nombre
from raccord.comparateur.colonnes import Cote, date_lue, propre, reconnaitre
from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.fichiers import (
    Examen,
    Reparation,
    lire_entete,
    reparer,
    transcrire,
    verifier_inchange,
)
from raccord.comparateur.rejets import (
    Fiche,
    Rejets,
    dire_les_anomalies,
    ecarter_ce_qui_n_est_pas_une_ligne,
    nommer_ceux_qui_n_ont_pas_d_identifiant,
    numerotes,
    separer_les_doubles,
)


def lire_cote(
    connexion: DuckDBPyConnection, cote: Cote, examens: Sequence[Examen], *, jour: dt.date, travail: Path
) -> list[Fiche]:
    """Fill the table of one side with these files, and `rejets` with what was not as it should be; one card per file.

    Raises ComparateurErreur: a column missing or twice, no row at all, a file that moves.
    """
    with dans_l_ordre(connexion):  # the place of a row is that of its line
        fiches = _lire_fichiers(connexion, cote, examens, jour, travail)
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


def _definition(cote: Cote) -> str:
    types = {"jours_scolarises": "INTEGER", "diplome": "BOOLEAN", "date_fin": "DATE"}
    colonnes = [f"{nom} {types.get(nom, 'VARCHAR')}" for nom in cote.colonnes]
    return ", ".join([*colonnes, "fichier SMALLINT", "anomalies INTEGER"])


def _lire_fichiers(
    connexion: DuckDBPyConnection, cote: Cote, examens: Sequence[Examen], jour: dt.date, travail: Path
) -> list[Fiche]:
    connexion.execute(f"CREATE OR REPLACE TABLE {cote.table} ({_definition(cote)})")
    fiches = []
    for numero, examen in enumerate(examens):
        fiche = _lire_fichier(connexion, cote, numero, examen, jour=jour, travail=travail)
        verifier_inchange(examen)
        fiches.append(fiche)
        ecarter_ce_qui_n_est_pas_une_ligne(connexion, cote, fiche)
        dire_les_anomalies(connexion, cote, fiche)
    nommer_ceux_qui_n_ont_pas_d_identifiant(connexion, cote)
    separer_les_doubles(connexion, cote, fiches)
    _tasser(connexion, cote)
    return fiches


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
    source = f"read_parquet({litteral(examen.chemin)}, binary_as_string = true)"
    try:
        decrites = connexion.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        colonnes, laissees = reconnaitre([nom for nom, *_ in decrites], cote, examen.chemin)
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
    colonnes, laissees = reconnaitre(entete, cote, examen.chemin)
    chemin, lignes, encodage = Path(examen.chemin), examen.lignes, "UTF-8"
    copie, reparee = travail / f"{cote.table}-{numero}.csv", travail / f"{cote.table}-{numero}-repare.csv"
    if not examen.lisible:
        lignes, encodage = transcrire(chemin, copie), "cp1252"
        chemin = copie
    lues = _inserer_csv(connexion, cote, numero, chemin, separateur, colonnes, jour, attendues=lignes - 1)
    if lues is None:
        with Rejets(connexion, examen.chemin, travail) as rejets:
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
        f"read_csv({litteral(str(chemin))}, auto_detect = false, delim = '{separateur}', quote = '\"', escape = '\"', "
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
    lus = [f"{_sans_bords(expressions.get(nom, 'NULL::VARCHAR'))} AS lu_{nom}" for nom in cote.colonnes]
    propres = [f"{propre(nom, jour)} AS {nom}" for nom in cote.colonnes]
    marques = [f"CASE WHEN {controle.condition} THEN {1 << rang} ELSE 0 END" for rang, controle in numerotes(cote)]
    resultat = connexion.execute(
        f"""
        INSERT INTO {cote.table} ({", ".join(cote.colonnes)}, fichier, anomalies)
        WITH lus AS (SELECT {", ".join(lus)} FROM {source}),
             dates AS (SELECT *, {date_lue("lu_date_naissance")} AS jour_naissance FROM lus),
             propres AS (SELECT *, {", ".join(propres)} FROM dates)
        SELECT {", ".join(cote.colonnes)}, {numero}, {" | ".join(marques)} FROM propres
        """
    ).fetchone()
    return int(resultat[0]) if resultat else 0


def _sans_bords(texte: str) -> str:
    """SQL: a text without the spaces around it, NULL if nothing is left. Looking for them is cheaper than cutting."""
    return f"nullif(CASE WHEN {texte} LIKE ' %' OR {texte} LIKE '% ' THEN trim({texte}) ELSE {texte} END, '')"


def _tasser(connexion: DuckDBPyConnection, cote: Cote) -> None:
    """The engine names a row by its `rowid`, which moves when rows were taken out and the base tidies up: do it now."""
    if nombre(connexion, f"FROM {cote.table}") != nombre(
        connexion, f"FROM {cote.table}", "coalesce(max(rowid) + 1, 0)"
    ):
        connexion.execute(f"CREATE TABLE tasse AS FROM {cote.table}")
        connexion.execute(f"DROP TABLE {cote.table}")
        connexion.execute(f"ALTER TABLE tasse RENAME TO {cote.table}")
