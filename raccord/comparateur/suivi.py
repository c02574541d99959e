"""What a person sees of a run that lasts: one line on a terminal, nothing elsewhere."""

import sys
import threading
import time
from collections.abc import Mapping
from typing import Self, TextIO

from duckdb import DuckDBPyConnection

LARGEUR = 24
PAS = 0.2  # seconds between two looks
POIDS: Mapping[str, float] = {
    "lire": 20,
    "normaliser": 25,
    "liens_surs": 2,
    "candidats": 6,
    "comparer": 10,
    "rattraper": 18,
    "etalonner": 7,
    "second_regard": 2,
    "lister": 8,
    "ecrire": 7,
}
"""What a phase takes of the whole, as seen at a million lines a side; 1 when nothing is said."""


class Progression:
    """The progress of a run made of phases: part done, lines a second, time left."""

    def __init__(self, phases: Mapping[str, str], flux: TextIO = sys.stderr) -> None:
        self.libelles = dict(phases)
        self.flux = flux
        self.visible = flux.isatty()
        self.lignes = 0
        self.connexion: DuckDBPyConnection | None = None
        self.courante = ""
        self.part = 0.0
        self.plus_loin = 0.0
        self.debut = time.monotonic()
        self._fini = threading.Event()
        self._veilleur = threading.Thread(target=self._veiller, daemon=True)

    def __enter__(self) -> Self:
        if self.visible:
            self._veilleur.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fini.set()
        if self.visible:
            self._veilleur.join()
            self.flux.write("\r\x1b[K")
            self.flux.flush()

    def phase(self, nom: str) -> None:
        self.courante, self.part = nom, 0.0

    def avance(self, fait: int, total: int) -> None:
        self.part = fait / total if total else 0.0

    def _veiller(self) -> None:
        while not self._fini.wait(PAS):
            self.flux.write(f"\r\x1b[K{self.ligne(time.monotonic() - self.debut)}")
            self.flux.flush()

    def ligne(self, secondes: float) -> str:
        """What is shown after so many seconds."""
        self.plus_loin = max(self.plus_loin, self._faite())
        faite = min(self.plus_loin, 0.999)
        barre = "█" * int(faite * LARGEUR)
        morceaux = [f"{self.libelles.get(self.courante, ''):<30}", f"{barre:░<{LARGEUR}}", f"{faite:4.0%}"]
        if self.lignes and faite > 0.02:
            morceaux += [_rythme(self.lignes * faite / secondes), f"reste {_duree(secondes * (1 - faite) / faite)}"]
        return "  ".join(morceaux)

    def _faite(self) -> float:
        noms = list(self.libelles)
        if self.courante not in noms:
            return 0.0
        poids = [POIDS.get(nom, 1.0) for nom in noms]
        rang = noms.index(self.courante)
        dans_la_phase = max(self.part, self._requete())
        return (sum(poids[:rang]) + poids[rang] * min(dans_la_phase, 0.99)) / sum(poids)

    def _requete(self) -> float:
        """How far the query in progress is, as far as DuckDB knows."""
        return max(0.0, self.connexion.query_progress()) / 100 if self.connexion else 0.0


def _rythme(lignes: float) -> str:
    return f"{int(lignes):,} lignes/s".replace(",", " ")


def _duree(secondes: float) -> str:
    return f"{int(secondes) // 60} min {int(secondes) % 60:02d} s" if secondes >= 60 else f"{int(secondes) + 1} s"
