"""The worker: what must be done without anybody asking, in two threads that never wait for one another.

The clock climbs the ladders, makes the rounds and reads what comes back. The postman sends; it is woken by the outbox
itself (LISTEN), else it looks every minute. Everything they know is in PostgreSQL: any number of workers may run, one
that is killed loses nothing (docs/delai.md, decision 0020).
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import psycopg
from django.db import close_old_connections, connections, transaction
from django.db.models import Min
from django.utils import timezone

from raccord.echeances import retours
from raccord.echeances.echelle import relever
from raccord.echeances.facteur import Tournee, expedier
from raccord.echeances.models import Message
from raccord.echeances.sante import marquer_passage
from raccord.echeances.tournees import faire_les_tournees
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME

TRACES = logging.getLogger("raccord.travail")
CANAL = "raccord_boite"
TOUR_HORLOGE = 30.0
TOUR_FACTEUR = 60.0
TOUR_RETOURS = 300.0
ECOUTE = 1.0  # seconds before a stop that was asked for is seen


def un_tour(*, sans_envoi: bool) -> tuple[int, int, Tournee]:
    """Everything once: rungs climbed, ends noted, messages sent."""
    montes, faits = relever(), faire_les_tournees()
    _lire_les_retours()
    tournee = Tournee() if sans_envoi else expedier()
    marquer_passage()
    return montes, faits, tournee


class Ouvrier:
    """Both threads, and the ear of the outbox, until a signal."""

    def __init__(self, *, sans_envoi: bool) -> None:
        self.sans_envoi = sans_envoi
        self.arret = threading.Event()
        self.reveil = threading.Event()
        self.retours_lus = -TOUR_RETOURS

    def travailler(self) -> None:
        """Until SIGTERM or SIGINT: what is in hand is finished, what was only taken goes back to the outbox."""
        for numero in (signal.SIGTERM, signal.SIGINT):
            signal.signal(numero, self._arreter)
        travaux = [("horloge", self._horloge)] + ([] if self.sans_envoi else [("facteur", self._facteur)])
        fils = [threading.Thread(target=self._tourner, args=travail, name=travail[0]) for travail in travaux]
        for fil in fils:
            fil.start()
        while not self.arret.is_set():
            self._ecouter()
        self.reveil.set()
        for fil in fils:
            fil.join()

    def _arreter(self, _numero: int, _cadre: FrameType | None) -> None:
        self.arret.set()

    def _tourner(self, nom: str, tour: Callable[[], tuple[float, bool]]) -> None:
        """A round that fails (the database is away) is traced and made again: the worker outlives everything."""
        while not self.arret.is_set():
            try:
                pause, sourd = tour()
            except Exception:
                TRACES.exception("tour en échec", extra={"faits": {"travail": nom}})
                pause, sourd = TOUR_HORLOGE, True
            close_old_connections()
            (self.arret if sourd else self.reveil).wait(pause)
        connections.close_all()

    def _horloge(self) -> tuple[float, bool]:
        relever()
        faire_les_tournees()
        if time.monotonic() - self.retours_lus > TOUR_RETOURS:
            self.retours_lus = time.monotonic()
            _lire_les_retours()
        marquer_passage()
        return TOUR_HORLOGE, True

    def _facteur(self) -> tuple[float, bool]:
        self.reveil.clear()
        tournee = expedier(self.arret.is_set)
        return (TOUR_FACTEUR, True) if tournee.injoignable else (_prochain_depart(), False)

    def _ecouter(self) -> None:
        """Hear the outbox; without an ear (the database restarts) the postman goes on looking by itself."""
        try:
            with psycopg.connect(**connections["default"].get_connection_params(), autocommit=True) as oreille:
                oreille.execute(f"LISTEN {CANAL}")
                self.reveil.set()  # something may have been written before we heard
                while not self.arret.is_set():
                    for _ in oreille.notifies(timeout=ECOUTE, stop_after=1):
                        self.reveil.set()
        except psycopg.Error:
            TRACES.warning("la boîte ne s'entend plus")
            self.arret.wait(TOUR_HORLOGE)


def _lire_les_retours() -> None:
    """A mailbox that does not open holds nothing else back."""
    try:
        retours.lire()
    except retours.ILLISIBLE as erreur:
        TRACES.warning("boîte des retours fermée", extra={"faits": {"cause": type(erreur).__name__}})


def _prochain_depart() -> float:
    """Seconds until a message is due, a minute at most."""
    with identite.agir(SYSTEME), transaction.atomic():
        du_le = Message.objects.en_file().aggregate(du=Min("prochain_essai"))["du"]
    return max(0.0, min(TOUR_FACTEUR, (du_le - timezone.now()).total_seconds())) if du_le else TOUR_FACTEUR
