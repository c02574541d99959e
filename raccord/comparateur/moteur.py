"""The engine: named phases that each make their tables in DuckDB, so that an interrupted run resumes by phase."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol

from duckdb import DuckDBPyConnection

from raccord.comparateur import candidats, entrainement, normalisation, notation, rattrapage, resolution, revue
from raccord.comparateur.modele import Modele, depuis_texte, en_texte
from raccord.comparateur.notation import Niveler


class Suivi(Protocol):
    """Who follows a run: the progress bar of the command line, or nobody."""

    def phase(self, nom: str) -> None: ...

    def avance(self, fait: int, total: int) -> None: ...


@dataclass(frozen=True)
class Reglages:
    """What a run is asked. `seuil_revue`: a pair is reviewed from this chance of a wrong answer (None: the model's).

    `niveler`: how the levels of pairs are found, where something is known of them already.
    """

    date: date
    seuil_revue: float | None = None
    niveler: Niveler = notation.niveler


@dataclass(frozen=True)
class Phase:
    """One phase. What a passing one makes lives no longer than the connection: cheaper to make again than to keep."""

    nom: str
    libelle: str
    executer: Callable[[DuckDBPyConnection, Modele, Reglages, Suivi], None]
    passagere: bool = False


def _normaliser(connexion: DuckDBPyConnection, _modele: Modele, reglages: Reglages, _suivi: Suivi) -> None:
    normalisation.normaliser(connexion, reglages.date)


def _liens_surs(connexion: DuckDBPyConnection, modele: Modele, _reglages: Reglages, _suivi: Suivi) -> None:
    candidats.liens_surs(connexion, modele)


def _etalonner(connexion: DuckDBPyConnection, modele: Modele, _reglages: Reglages, _suivi: Suivi) -> None:
    retenu = modele if modele.etalonne else entrainement.etalonner(connexion, modele)
    connexion.execute("create or replace table modele_retenu as select ? as texte", [en_texte(retenu)])
    notation.peser(connexion, retenu)


def _candidats(connexion: DuckDBPyConnection, modele: Modele, _reglages: Reglages, suivi: Suivi) -> None:
    candidats.chercher(connexion, modele, lambda fait: suivi.avance(fait, len(modele.regles)))


def _comparer(connexion: DuckDBPyConnection, modele: Modele, reglages: Reglages, _suivi: Suivi) -> None:
    reglages.niveler(connexion, modele, "candidats", "paires")
    notation.compter_motifs(connexion, modele)


def _rattraper(connexion: DuckDBPyConnection, modele: Modele, reglages: Reglages, suivi: Suivi) -> None:
    avance = partial(suivi.avance, total=len(modele.regles_larges))
    rattrapage.rattraper(connexion, modele, reglages.niveler, avance)


def _resoudre(connexion: DuckDBPyConnection, _modele: Modele, _reglages: Reglages, _suivi: Suivi) -> None:
    resolution.resoudre(connexion)


def _second_regard(connexion: DuckDBPyConnection, _modele: Modele, _reglages: Reglages, _suivi: Suivi) -> None:
    resolution.second_regard(connexion, modele_retenu(connexion))


def _lister(connexion: DuckDBPyConnection, _modele: Modele, reglages: Reglages, _suivi: Suivi) -> None:
    revue.lister(connexion, modele_retenu(connexion), reglages.date, reglages.seuil_revue)


PHASES = (
    Phase("normaliser", "Mise en forme des identités", _normaliser),
    Phase("liens_surs", "Liens sûrs", _liens_surs, passagere=True),
    Phase("candidats", "Recherche des paires", _candidats, passagere=True),
    Phase("comparer", "Comparaison des paires", _comparer),
    Phase("rattraper", "Seconde recherche", _rattraper),
    Phase("etalonner", "Étalonnage du modèle", _etalonner),
    Phase("resoudre", "Choix du meilleur inscrit", _resoudre, passagere=True),
    Phase("second_regard", "Second regard", _second_regard),
    Phase("lister", "Liste et paires à vérifier", _lister, passagere=True),
)


def comparer(
    connexion: DuckDBPyConnection, modele: Modele, *, date: date, seuil_revue: float | None, suivi: Suivi
) -> None:
    """Run every phase in order on the tables `sortants`, `inscrits` and `decisions`.

    Makes `rapprochements`, `decrocheurs` and `a_verifier`. The model that was really used (calibrated on these data
    unless it already was) is `modele_retenu(connexion)`: keep it with the outputs, give it back to a later run.
    """
    reglages = Reglages(date, seuil_revue)
    for phase in PHASES:
        suivi.phase(phase.nom)
        phase.executer(connexion, modele, reglages, suivi)


def modele_retenu(connexion: DuckDBPyConnection) -> Modele:
    """The model of the run in progress, after the phase `etalonner`."""
    ligne = connexion.execute("select texte from modele_retenu").fetchone()
    if ligne is None:
        raise LookupError("modele_retenu")
    return depuis_texte(ligne[0])
