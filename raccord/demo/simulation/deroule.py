"""A simulated year, whole: people, then days."""

import datetime as dt
import random

from raccord.demo.simulation.annee import Annee
from raccord.demo.simulation.bilan import Bilan
from raccord.demo.simulation.modele import Modele
from raccord.demo.simulation.monde import peupler
from raccord.socle.droits import en_proprietaire

# A school year whose holidays are known; always the same, so that the same seed gives the same figures any day.
DEBUT = dt.date(2026, 9, 7)
SEMAINES = 44  # from September to the beginning of July


def simuler(modele: Modele, graine: int, *, echelle: bool, semaines: int = SEMAINES) -> Bilan:
    """In an empty base. With the same seed the same people behave alike, the ladder climbs or not."""
    hasard = random.Random(graine)  # noqa: S311  chance of a tale, no secret
    with en_proprietaire():
        monde = peupler(modele.territoire, hasard, DEBUT)
    return Annee(modele, monde, graine, DEBUT, semaines, echelle).derouler()
