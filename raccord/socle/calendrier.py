"""Working days and delays, in French days."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta
from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")
FIN_DE_JOURNEE = dt.time(23, 59)
SAMEDI = 5


@lru_cache(maxsize=64)
def jours_feries(annee: int) -> frozenset[dt.date]:
    """The eleven legal holidays of mainland France (Code du travail, art. L3133-1)."""
    return frozenset(holidays.country_holidays("FR", years=annee))


def est_ouvre(jour: dt.date) -> bool:
    """Monday to Friday, not a holiday."""
    return jour.weekday() < SAMEDI and jour not in jours_feries(jour.year)


def ajouter_jours_ouvres(jour: dt.date, nombre: int) -> dt.date:
    """The date `nombre` working days later (earlier when negative)."""
    pas = dt.timedelta(days=1 if nombre >= 0 else -1)
    restant = abs(nombre)
    while restant:
        jour += pas
        if est_ouvre(jour):
            restant -= 1
    return jour


def ajouter(jour: dt.date, nombre: int, unite: str) -> dt.date:
    """The date after a delay in 'jours', 'jours_ouvres', 'mois' or 'ans'. Raises ValueError for another unit."""
    if unite == "jours":
        return jour + dt.timedelta(days=nombre)
    if unite == "jours_ouvres":
        return ajouter_jours_ouvres(jour, nombre)
    if unite == "mois":
        return jour + relativedelta(months=nombre)
    if unite == "ans":
        return jour + relativedelta(years=nombre)
    raise ValueError(f"unité de délai inconnue : {unite}")


def fin_du_jour(jour: dt.date) -> dt.datetime:
    """The last minute of that day in Paris: a delay ends when the day ends."""
    return dt.datetime.combine(jour, FIN_DE_JOURNEE, tzinfo=PARIS)


def aujourdhui() -> dt.date:
    """Today in Paris."""
    return timezone.localdate()


def lundi(jour: dt.date) -> dt.date:
    """Monday of that week."""
    return jour - dt.timedelta(days=jour.weekday())


def age(naissance: dt.date, le: dt.date) -> int:
    """Completed years on that day."""
    return relativedelta(le, naissance).years
