"""Putting the territory together: the troupe, its stories, and the ladders climbed on their own days."""

import datetime as dt
import random
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from raccord.demo.generateur import horloge, recits
from raccord.demo.generateur.gestes import Gestes
from raccord.demo.generateur.recits.conteur import Conteur
from raccord.demo.generateur.troupe import Troupe
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente
from raccord.socle import calendrier

ANCIENNETE = 300  # days since the first accounts were opened: before the oldest story
TOURS_MAXIMAUX = 2_000  # a ladder that never ends would be a defect: better to stop than to turn for ever


@dataclass(frozen=True)
class Territoire:
    """What was made."""

    troupe: Troupe
    aujourdhui: dt.date


@transaction.atomic
def generer(graine: int) -> Territoire:
    """Tell the whole territory as of now, or nothing. The same seed on the same day tells the same one."""
    hasard = random.Random(graine)  # noqa: S311  chance of a tale, no secret
    aujourdhui = calendrier.aujourdhui()
    troupe = Troupe(hasard)
    gestes = Gestes(hasard, aujourdhui)
    with gestes.le(ANCIENNETE):
        troupe.entrer_en_scene()
    recits.raconter(Conteur(gestes, troupe, lambda j: _gravir(gestes.jour(j))))
    _gravir(None)
    with gestes.le(2):
        troupe.attendre()
    return Territoire(troupe, aujourdhui)


def _gravir(jusqu_au: dt.date | None) -> None:
    """Climb every rung at the moment it fell due, oldest first, up to that day or to now; what they open follows."""
    limite = calendrier.fin_du_jour(jusqu_au) if jusqu_au else timezone.now()
    dues = Attente.objects.filter(close_le__isnull=True, prochain__lte=limite).order_by("prochain")
    for _ in range(TOURS_MAXIMAUX):
        moment = dues.values_list("prochain", flat=True).first()
        if moment is None:
            return
        with horloge.a(moment):
            relever()
    raise RuntimeError("Les échéances de la démonstration ne finissent pas.")
