"""One person twice in one list, or in several: the list is compared with itself by the same engine."""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur import candidats, normalisation, notation, rattrapage
from raccord.comparateur.atelier import TEMOIN, Atelier, Etape
from raccord.comparateur.base import dans_l_ordre, nombre
from raccord.comparateur.colonnes import INSCRITS
from raccord.comparateur.comparaison import (
    ECRIRE,
    LIRE,
    etape_de_lecture,
    examiner_tous,
    lire_modele,
    raccord_version,
    refuser_le_meme_fichier,
)
from raccord.comparateur.decisions import lire_decisions
from raccord.comparateur.fichiers import Examen
from raccord.comparateur.lecture import garder_fiches, lire_cote
from raccord.comparateur.modele import Modele, en_texte
from raccord.comparateur.rejets import preparer_rejets
from raccord.comparateur.sorties import DOUBLON_SUR, exporter
from raccord.comparateur.suivi import Progression

PART_ATTENDUE = 0.02
"""Share of the lines that are somebody already there, as far as one knows before looking."""
LIBELLES = {
    LIRE: "Lecture des listes",
    "normaliser": "Mise en forme des identités",
    "candidats": "Recherche des paires",
    "noter": "Comparaison des paires",
    ECRIRE: "Écriture",
}


@dataclass(frozen=True)
class BilanDoublons:
    lignes: int
    doublons: int
    a_verifier: int
    lignes_avec_rejet: int
    fichiers: Sequence[tuple[str, Sequence[str]]]


def chercher_doublons(
    fichiers: Sequence[str], *, sortie: Path, jour: dt.date, modele: Path | None, memoire: int
) -> BilanDoublons:
    """Write `doublons.csv` and `rejets.csv`. Raises ComparateurErreur; as for a comparison, no half result is left."""
    debut = time.monotonic()
    examens = examiner_tous(fichiers)
    refuser_le_meme_fichier(examens)
    depart = lire_modele(modele)
    atelier = Atelier(sortie, memoire=memoire)
    with Progression(LIBELLES) as progression, atelier.ouvert(_cle(examens, jour, depart)) as connexion:
        progression.connexion = connexion
        progression.lignes = sum(examen.lignes for examen in examens)
        etapes = [
            etape_de_lecture(partial(_lire, connexion, examens, jour, atelier.chantier)),
            Etape("normaliser", LIBELLES["normaliser"], partial(normalisation.normaliser, connexion, jour)),
            Etape("candidats", LIBELLES["candidats"], partial(_candidats, connexion, depart), passagere=True),
            Etape("noter", LIBELLES["noter"], partial(_noter, connexion, depart)),
            Etape(ECRIRE, LIBELLES[ECRIRE], partial(_ecrire, connexion, atelier), passagere=True),
        ]
        atelier.derouler(connexion, etapes, progression.phase)
        bilan = _compter(connexion)
        (atelier.neuf / TEMOIN).write_text(_rapport(bilan, time.monotonic() - debut), encoding="utf-8")
    atelier.publier()
    return bilan


def _cle(examens: Sequence[Examen], jour: dt.date, modele: Modele) -> str:
    listes = [(examen.chemin, examen.empreinte) for examen in examens]
    contenu = ["doublons", listes, str(jour), en_texte(modele), duckdb.__version__, raccord_version()]
    return hashlib.sha256(json.dumps(contenu).encode()).hexdigest()


def _lire(connexion: DuckDBPyConnection, examens: Sequence[Examen], jour: dt.date, travail: Path) -> None:
    preparer_rejets(connexion)
    garder_fiches(connexion, lire_cote(connexion, INSCRITS, examens, jour=jour, travail=travail))
    lire_decisions(connexion, None, travail=travail)
    with dans_l_ordre(connexion):  # a line is known by its place, the same on both sides
        connexion.execute("CREATE OR REPLACE TABLE sortants AS FROM inscrits")


def _candidats(connexion: DuckDBPyConnection, modele: Modele) -> None:
    """Each pair once, and no line with itself: a line is always the surest link of itself."""
    candidats.liens_surs(connexion, modele)
    connexion.execute("CREATE OR REPLACE TEMP TABLE candidats_surs AS FROM candidats_surs WHERE s <> i")
    larges = tuple(regle for regle in modele.regles_larges if not rattrapage.lit_les_parts(regle))
    candidats.chercher(connexion, replace(modele, regles=modele.regles + larges), lambda _fait: None)
    connexion.execute(
        "CREATE OR REPLACE TEMP TABLE candidats AS "
        "FROM candidats SELECT DISTINCT least(s, i) AS s, greatest(s, i) AS i WHERE s <> i"
    )


def _noter(connexion: DuckDBPyConnection, modele: Modele) -> None:
    lignes = nombre(connexion, "FROM inscrits")
    a_cette_taille = replace(modele, inscrits_attendus=PART_ATTENDUE, taille=max(lignes, 2), etalonne=True)
    notation.niveler(connexion, a_cette_taille, "candidats", "paires")
    connexion.execute(
        f"""
        CREATE OR REPLACE TABLE doublons AS
        WITH notes AS ({notation.requete_poids(a_cette_taille, "paires")}),
        chances AS (FROM notes SELECT *, 1 / (1 + pow(2, -poids)) AS probabilite)
        SELECT least(a.identifiant, b.identifiant) AS identifiant,
          greatest(a.identifiant, b.identifiant) AS identifiant_autre,
          CASE WHEN probabilite >= {DOUBLON_SUR} THEN 'meme_personne' ELSE 'a_verifier' END AS decision,
          probabilite, n.* EXCLUDE (s, i, foyer, etranger, probabilite)
        FROM chances n JOIN inscrits a ON a.rowid = n.s JOIN inscrits b ON b.rowid = n.i
        WHERE probabilite >= 0.5
        """
    )


def _ecrire(connexion: DuckDBPyConnection, atelier: Atelier) -> None:
    dossier = atelier.preparer()
    exporter(connexion, "doublons", "ORDER BY probabilite DESC, identifiant, identifiant_autre", dossier)
    exporter(connexion, "rejets", "ORDER BY fichier, ligne, colonne, raison", dossier)


def _compter(connexion: DuckDBPyConnection) -> BilanDoublons:
    return BilanDoublons(
        lignes=nombre(connexion, "FROM inscrits"),
        doublons=nombre(connexion, "FROM doublons WHERE decision = 'meme_personne'"),
        a_verifier=nombre(connexion, "FROM doublons WHERE decision = 'a_verifier'"),
        lignes_avec_rejet=nombre(connexion, "FROM (FROM rejets SELECT DISTINCT fichier, ligne)"),
        fichiers=connexion.execute("SELECT fichier, laissees FROM fichiers_lus ORDER BY rowid").fetchall(),
    )


def _rapport(bilan: BilanDoublons, secondes: float) -> str:
    contenu = {
        "lignes": bilan.lignes,
        "doublons": bilan.doublons,
        "a_verifier": bilan.a_verifier,
        "lignes_avec_rejet": bilan.lignes_avec_rejet,
        "fichiers": [fichier for fichier, _ in bilan.fichiers],
        "secondes": round(secondes, 2),
    }
    return json.dumps(contenu, ensure_ascii=False, indent=1) + "\n"
