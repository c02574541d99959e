"""One measure, and many clients at once."""

import http.client
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MESURES = ("requetes", "matrice", "araignee", "cloisonnement", "poids", "offres", "course")
PATIENCE = 60  # seconds for one answer: beyond, it is an error


@dataclass(frozen=True)
class Mesure:
    """What was measured, what was wanted, and whether it is reached."""

    nom: str
    but: str
    atteint: bool
    valeurs: Mapping[str, Any] = field(default_factory=dict)

    def en_json(self) -> dict[str, Any]:
        """One line."""
        return {"mesure": self.nom, **self.valeurs, "but": self.but, "atteint": self.atteint}


@dataclass(frozen=True)
class Reponse:
    """What came back over the wire."""

    statut: int
    corps: bytes
    duree: float
    entetes: Mapping[str, str] = field(default_factory=dict)


def centile(durees: Sequence[float], part: int) -> float:
    """The nearest-rank percentile, in milliseconds."""
    rang = max(0, math.ceil(len(durees) * part / 100) - 1)
    return round(sorted(durees)[rang] * 1000, 1)


def demander(
    connexion: http.client.HTTPConnection, methode: str, chemin: str, corps: str = "", **entetes: str
) -> Reponse:
    """One request on an open connection."""
    lignes = {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}
    debut = time.perf_counter()
    connexion.request(methode, chemin, body=corps or None, headers=lignes)
    reponse = connexion.getresponse()
    contenu = reponse.read()
    return Reponse(reponse.status, contenu, time.perf_counter() - debut, dict(reponse.getheaders()))


def lire(connexion: http.client.HTTPConnection, chemin: str, **entetes: str) -> Reponse:
    """A page that must be there: anything but 200 makes the measure fail."""
    reponse = demander(connexion, "GET", chemin, **entetes)
    if reponse.statut != http.HTTPStatus.OK:
        raise RuntimeError(f"{chemin} répond {reponse.statut}")
    return reponse


def ensemble(travaux: Sequence[Callable[[], None]]) -> float:
    """Run every task in a thread of its own, all let go at the same instant. Returns the seconds from first to last.

    A task that fails makes the whole measure fail: a figure drawn from half of them would be a lie.
    """
    depart = threading.Barrier(len(travaux) + 1)
    echecs: list[BaseException] = []

    def lancer(travail: Callable[[], None]) -> None:
        try:
            depart.wait()
            travail()
        except BaseException as echec:
            echecs.append(echec)
            depart.abort()

    fils = [threading.Thread(target=lancer, args=(travail,), daemon=True) for travail in travaux]
    for fil in fils:
        fil.start()
    depart.wait()
    debut = time.perf_counter()
    for fil in fils:
        fil.join()
    duree = time.perf_counter() - debut
    if echecs:
        raise RuntimeError("une mesure a échoué") from echecs[0]
    return duree
