"""The figures of a simulated year."""

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

SEMAINE = 7


@dataclass(frozen=True, kw_only=True)
class Bilan:
    """Days are working days from the day a profile is sent to the day of the meeting."""

    propositions: int
    rencontres: int
    jours_mediane: float | None
    jours_p90: float | None
    jours_de_reponse: float | None
    jours_d_accord: float | None
    jours_d_attente: float | None
    part_sans_rencontre: float
    refus: int
    renoncements_du_jeune: int
    abandons: int
    sans_fin: int
    messages: int
    messages_par_personne_et_semaine: float
    messages_par_personne_et_semaine_p90: int
    messages_par_personne_et_semaine_maximum: int
    adresses_mortes: int
    attentes_sans_proprietaire: int
    silences_sans_personne: int

    def en_donnees(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def centile(valeurs: Sequence[float], rang: int) -> float | None:
    """The smallest value that `rang` % of them do not exceed; None when there is none."""
    if not valeurs:
        return None
    triees = sorted(valeurs)
    return triees[max(0, math.ceil(len(triees) * rang / 100) - 1)]


def mediane(valeurs: Sequence[float]) -> float | None:
    """None when there is no value."""
    return statistics.median(valeurs) if valeurs else None


def par_personne_et_semaine(envois: Sequence[tuple[str, dt.date]]) -> list[int]:
    """How many messages each person had in each week in which they had any."""
    return sorted(Counter((qui, jour - dt.timedelta(days=jour.weekday())) for qui, jour in envois).values())
