"""What the worker does once a day besides climbing the ladders: what the calendar closes by itself.

A slice above registers its round here from its `taches`; `echeances` knows none of them.
"""

import logging
from collections.abc import Callable

from django.utils import timezone

from raccord.echeances.models import Passage
from raccord.socle import calendrier
from raccord.socle.identite import motiver

TRACES = logging.getLogger("raccord.tournees")
Tournee = Callable[[], int]
TOURNEES: dict[str, Tournee] = {}
TOURS: dict[str, Tournee] = {}
"""What every turn of the loop does: each looks by itself at what is due."""


def tournee(nom: str) -> Callable[[Tournee], Tournee]:
    """Register a daily round; it returns how many objects it changed, and is safe to run twice."""

    def enregistrer(faire: Tournee) -> Tournee:
        TOURNEES[nom] = faire
        return faire

    return enregistrer


def a_chaque_tour(nom: str) -> Callable[[Tournee], Tournee]:
    """Register what every turn does; it returns how many things it did, and is safe to run twice at once."""

    def enregistrer(faire: Tournee) -> Tournee:
        TOURS[nom] = faire
        return faire

    return enregistrer


def faire_le_tour() -> int:
    """What is due now, whatever the day's rounds. One that fails holds nothing back."""
    faits = 0
    for nom, faire in TOURS.items():
        try:
            with motiver(nom):
                faits += faire()
        except Exception:  # as for a round
            TRACES.exception("tour en échec", extra={"faits": {"tournee": nom}})
    return faits


def faire_les_tournees() -> int:
    """Every round that was not made today, Paris time. One that fails holds nothing back and is tried next turn."""
    faits = faire_le_tour()
    for nom, faire in TOURNEES.items():
        dernier = Passage.objects.filter(nom=nom).values_list("le", flat=True).first()
        if dernier is not None and timezone.localdate(dernier) >= calendrier.aujourdhui():
            continue
        try:
            with motiver(nom):
                faits += faire()
        except Exception:  # the worker goes on for everything else; the trace keeps which
            TRACES.exception("tournée en échec", extra={"faits": {"tournee": nom}})
            continue
        marquer(nom)
    return faits


def marquer(nom: str) -> None:
    """The worker, or one of its rounds, has gone through."""
    Passage.objects.update_or_create(nom=nom, defaults={"le": timezone.now()})
