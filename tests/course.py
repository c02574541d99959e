"""Several people at the same instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from raccord.socle.exceptions import ErreurMetier
from tests import coulisses


def ensemble(*gestes: Callable[[], object]) -> list[Exception | None]:
    """Each in its own connection, all released at once. Returns what each one raised."""
    depart = Barrier(len(gestes))

    def agir(geste: Callable[[], object]) -> Exception | None:
        try:
            coulisses.entrer()
            depart.wait(10)
            geste()
        except ErreurMetier as refus:
            return refus
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(agir, gestes))
