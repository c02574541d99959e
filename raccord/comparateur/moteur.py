"""The engine: named phases that each make their tables in DuckDB, so that an interrupted run resumes by phase."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from duckdb import DuckDBPyConnection

from raccord.comparateur.modele import Modele


class Suivi(Protocol):
    """Who follows a run: the progress bar of the command line, or nobody."""

    def phase(self, nom: str) -> None: ...

    def avance(self, fait: int, total: int) -> None: ...


@dataclass(frozen=True)
class Reglages:
    """What a run is asked. `seuil_revue`: a pair is reviewed from this chance of a wrong answer (None: the model's)."""

    date: date
    seuil_revue: float | None = None


@dataclass(frozen=True)
class Phase:
    """One phase, with the tables that it makes: a phase whose tables are there and whole need not run again."""

    nom: str
    libelle: str
    tables: tuple[str, ...]
    executer: Callable[[DuckDBPyConnection, Modele, Reglages, Suivi], None]


PHASES: tuple[Phase, ...] = ()  # normaliser, etalonner, liens_surs, candidats, noter, resoudre, second_regard, lister


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
    raise NotImplementedError
