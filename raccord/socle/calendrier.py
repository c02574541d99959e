"""Working days and delays, in French days."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import timezone
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

PARIS = ZoneInfo("Europe/Paris")
FIN_DE_JOURNEE = dt.time(23, 59)
MATIN = dt.time(8)
SAMEDI = 5
# Départements that do not live at the hour of Paris.
FUSEAUX = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
# Those that have holidays of their own, as `holidays` names them.
FERIES_LOCAUX = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "975": "PM",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
    **{code: code for code in ("971", "972", "973", "974", "976")},
}


@dataclass(frozen=True, slots=True)
class Lieu:
    """Where a delay runs: the département gives the hour and the holidays, `zone` the school holidays.

    Nowhere in particular is Paris, without school holidays. Those of A, B and C are known; those of Corse and overseas
    are what the settings say (`RACCORD_VACANCES`), none by default: school days are then working days.
    """

    departement: str = ""
    zone: str = ""

    @property
    def fuseau(self) -> ZoneInfo:
        """The hour of the place."""
        return ZoneInfo(FUSEAUX[self.departement]) if self.departement in FUSEAUX else PARIS


PARTOUT = Lieu()


@lru_cache(maxsize=512)
def jours_feries(annee: int, departement: str = "") -> frozenset[dt.date]:
    """The eleven legal holidays (Code du travail, art. L3133-1), and those of the département."""
    return frozenset(holidays.country_holidays("FR", subdiv=FERIES_LOCAUX.get(departement), years=annee))


@lru_cache(maxsize=64)
def vacances_scolaires(annee: int, zone: str) -> frozenset[dt.date]:
    """School holidays of the zone that year: the library's for A, B and C once published, and those of the settings."""
    locales = frozenset(jour for jour in settings.VACANCES_LOCALES.get(zone, ()) if jour.year == annee)
    if zone not in SchoolHolidayDates.SUPPORTED_ZONES:
        return locales
    try:
        return locales | frozenset(SchoolHolidayDates().holidays_for_year_and_zone(annee, zone))
    except UnsupportedYearException:
        return locales


def est_ouvre(jour: dt.date, lieu: Lieu = PARTOUT) -> bool:
    """Monday to Friday, not a holiday there."""
    return jour.weekday() < SAMEDI and jour not in jours_feries(jour.year, lieu.departement)


def est_d_ecole(jour: dt.date, lieu: Lieu = PARTOUT) -> bool:
    """A working day outside the school holidays of the zone."""
    return est_ouvre(jour, lieu) and jour not in vacances_scolaires(jour.year, lieu.zone)


def ajouter_jours_ouvres(jour: dt.date, nombre: int, lieu: Lieu = PARTOUT) -> dt.date:
    """The date `nombre` working days later (earlier when negative)."""
    return _compter(jour, nombre, lieu, est_ouvre)


def _compter(jour: dt.date, nombre: int, lieu: Lieu, compte: Callable[[dt.date, Lieu], bool]) -> dt.date:
    pas = dt.timedelta(days=1 if nombre >= 0 else -1)
    restant = abs(nombre)
    while restant:
        jour += pas
        if compte(jour, lieu):
            restant -= 1
    return jour


def ajouter(jour: dt.date, nombre: int, unite: str, lieu: Lieu = PARTOUT) -> dt.date:
    """The date after a delay in 'jours', 'jours_ouvres', 'jours_ecole', 'mois' or 'ans'. Raises ValueError else."""
    if unite == "jours":
        return jour + dt.timedelta(days=nombre)
    if unite == "jours_ouvres":
        return ajouter_jours_ouvres(jour, nombre, lieu)
    if unite == "jours_ecole":
        return _compter(jour, nombre, lieu, est_d_ecole)
    if unite == "mois":
        return jour + relativedelta(months=nombre)
    if unite == "ans":
        return jour + relativedelta(years=nombre)
    raise ValueError(f"unité de délai inconnue : {unite}")


def fin_du_jour(jour: dt.date, lieu: Lieu = PARTOUT) -> dt.datetime:
    """The last minute of that day, there: a delay ends when the day ends."""
    return dt.datetime.combine(jour, FIN_DE_JOURNEE, tzinfo=lieu.fuseau)


def matin(jour: dt.date, lieu: Lieu = PARTOUT) -> dt.datetime:
    """When messages leave that day: eight o'clock, there."""
    return dt.datetime.combine(jour, MATIN, tzinfo=lieu.fuseau)


def aujourdhui(lieu: Lieu = PARTOUT) -> dt.date:
    """Today, there."""
    return timezone.localdate(timezone=lieu.fuseau)


def lundi(jour: dt.date) -> dt.date:
    """Monday of that week."""
    return jour - dt.timedelta(days=jour.weekday())


def age(naissance: dt.date, le: dt.date) -> int:
    """Completed years on that day."""
    return relativedelta(le, naissance).years
