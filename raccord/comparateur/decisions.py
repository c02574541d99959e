"""What people have already answered about pairs."""

import csv
from pathlib import Path

from duckdb import DuckDBPyConnection

from raccord.comparateur.base import nombre
from raccord.comparateur.colonnes import DECISIONS, REPONSES, reconnaitre
from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.fichiers import ECARTEE, Examen, lire_entete, transcrire, verifier_inchange
from raccord.comparateur.rejets import Rejets


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
    with Rejets(connexion, examen.chemin, travail) as rejets:
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
    colonnes, _ = reconnaitre(entete, DECISIONS, examen.chemin)
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
