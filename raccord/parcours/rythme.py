"""Weeks of a stay: which ones, how many hours they can hold, which are still to be entered.

A week begun is counted (digest §1.3): a week is named by its Monday, and belongs to the stay as soon as one of
its days does. Hours are Decimal, in hundredths. Nothing here writes.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from raccord.socle import calendrier, mots

if TYPE_CHECKING:
    from raccord.parcours.models import Parcours

SEMAINE = dt.timedelta(days=7)
UN_JOUR = dt.timedelta(days=1)
SEPTEMBRE = 9


def lundis(debut: dt.date, fin: dt.date) -> list[dt.date]:
    """The Mondays of every week that has a day between the two dates, both included; none when they are reversed."""
    if fin < debut:
        return []
    premier = calendrier.lundi(debut)
    nombre = (calendrier.lundi(fin) - premier).days // 7 + 1
    return [premier + SEMAINE * rang for rang in range(nombre)]


def dernier_jour(parcours: "Parcours") -> dt.date:
    """The day it stopped, or the day it is to end."""
    return parcours.arrete_le or parcours.fin


def semaines(parcours: "Parcours") -> list[dt.date]:
    """Every week of the stay, begun or not."""
    return lundis(parcours.debut, dernier_jour(parcours))


def a_noter(parcours: "Parcours", saisies: Collection[dt.date]) -> list[dt.date]:
    """Weeks begun by today whose hours are not entered, oldest first."""
    commencees = lundis(parcours.debut, min(dernier_jour(parcours), calendrier.aujourdhui()))
    return [lundi for lundi in commencees if lundi not in saisies]


def prochaine_a_noter(parcours: "Parcours", saisies: Collection[dt.date]) -> dt.date | None:
    """The oldest week without hours, begun or to come; None when the stay is complete."""
    return next((lundi for lundi in semaines(parcours) if lundi not in saisies), None)


def capacite(debut: dt.date, fin: dt.date, heures_hebdo: Decimal) -> Decimal:
    """Hours that the weeks between the two dates can hold at that rhythm."""
    return len(lundis(debut, fin)) * heures_hebdo


def calcul(debut: dt.date, fin: dt.date, heures_hebdo: Decimal) -> str:
    """The same, said: '8 semaines × 35 h = 280 h'."""
    nombre = mots.pluriel(len(lundis(debut, fin)), "semaine")
    return f"{nombre} × {mots.heures(heures_hebdo)} = {mots.heures(capacite(debut, fin, heures_hebdo))}"


def dernier_jour_possible(debut: dt.date, mois: int, jours_deja_faits: int) -> dt.date:
    """The last day that keeps one young person within so many months in all, earlier stays counted in days."""
    return debut + relativedelta(months=mois) - UN_JOUR - dt.timedelta(days=jours_deja_faits)


def debut_annee_scolaire(jour: dt.date) -> dt.date:
    """1 September of the school year of that day (Code de l'éducation, art. L521-1: the year begins in September)."""
    return dt.date(jour.year if jour.month >= SEPTEMBRE else jour.year - 1, SEPTEMBRE, 1)
