"""When the young person is there: the days, the hours of a usual day, and what the law says of it for minors.

A company that hosts a young person applies its rules on presence, rest and night work to them (Code de l'éducation,
art. L124-14); those of minors are dated parameters. Hours are Decimal, pauses are minutes.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from raccord.parcours.enums import JourSemaine
from raccord.socle import mots
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.parametres import regle

if TYPE_CHECKING:
    from raccord.parcours.models import Parcours

MAJORITE = 18
SEIZE_ANS = 16
MINUTES = 60


class HorairesRefuses(ErreurMetier):
    """Ces jours ou ces horaires ne conviennent pas."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    """What was agreed; all of it may be unknown (a stay taken over from the former tool)."""

    jours: Collection[str] = ()
    arrivee: dt.time | None = None
    depart: dt.time | None = None
    pause: int | None = None
    horaires: str = ""
    """What changes from one day to another, in words: shown to those who follow the stay, never sent by mail."""

    def __post_init__(self) -> None:
        """Days in the order of the week: two presences that say the same are equal."""
        object.__setattr__(self, "jours", tuple(jour for jour in JourSemaine.values if jour in self.jours))

    @classmethod
    def de(cls, parcours: "Parcours") -> "Presence":
        """That of a stay."""
        return cls(**{champ: getattr(parcours, champ) for champ in CHAMPS})

    def poser(self, parcours: "Parcours") -> None:
        """Write it on a stay that is being saved."""
        for champ in CHAMPS:
            setattr(parcours, champ, getattr(self, champ))
        parcours.jours = list(self.jours)

    @property
    def par_jour(self) -> Decimal | None:
        """Hours of a usual day, the pause apart; None when they are not known."""
        if self.arrivee is None or self.depart is None:
            return None
        return Decimal(_minutes(self.depart) - _minutes(self.arrivee) - (self.pause or 0)) / MINUTES

    def en_mots(self) -> str:
        """'du lundi au vendredi, de 9 h à 17 h, 1 h de pause'; nothing when nothing is known."""
        parts = [_jours_en_mots(self.jours)] if self.jours else []
        if self.arrivee and self.depart:
            parts.append(f"de {mots.heure_fr(self.arrivee)} à {mots.heure_fr(self.depart)}")
            if self.pause:
                parts.append(f"{_pause_en_mots(self.pause)} de pause")
        return ", ".join(parts)


INCONNUE = Presence()
CHAMPS = ("jours", "arrivee", "depart", "pause", "horaires")


def verifier(presence: Presence, *, heures_hebdo: Decimal, age: int | None, le: dt.date) -> None:
    """Refuse, in words on its field, what does not hold together, and for a minor what the law forbids.

    `age` in years on the day `le` from which it applies; None when nobody is known. Where only days are known, the
    hours of a day are the week's shared between them.
    """
    _tenir_ensemble(presence, heures_hebdo)
    if age is not None and age < MAJORITE:
        _duree_du_mineur(presence, heures_hebdo, age, le)
        _repos_du_mineur(presence, le)
        _nuit_du_mineur(presence, age, le)


def _tenir_ensemble(presence: Presence, heures_hebdo: Decimal) -> None:
    if (presence.arrivee is None) != (presence.depart is None):
        manque = "depart" if presence.depart is None else "arrivee"
        raise HorairesRefuses("Donnez l'heure d'arrivée et l'heure de départ, ou aucune des deux.", champ=manque)
    par_jour = presence.par_jour
    if par_jour is None:
        return
    if par_jour <= 0:
        raise HorairesRefuses("La journée finit après avoir commencé, pause comprise.", champ="depart")
    nombre = len(presence.jours)
    if nombre and heures_hebdo > par_jour * nombre:
        raise HorairesRefuses(
            f"{mots.pluriel(nombre, 'jour')} de {mots.heures(par_jour)} font {mots.heures(par_jour * nombre)}, moins "
            f"que {mots.heures(heures_hebdo)} par semaine : changez les jours, les horaires ou les heures.",
            champ="heures_hebdo",
        )


def _duree_du_mineur(presence: Presence, heures_hebdo: Decimal, age: int, le: dt.date) -> None:
    semaine = regle("heures_hebdo_mineur", le=le)
    if heures_hebdo > semaine.valeur:
        raise HorairesRefuses(
            f"Avant 18 ans, une semaine compte au plus {mots.heures(semaine.valeur)} ({semaine.source}).",
            champ="heures_hebdo",
        )
    par_jour, champ = presence.par_jour, "depart"
    if par_jour is None and presence.jours:
        par_jour, champ = heures_hebdo / len(presence.jours), "jours"
    jour = regle("heures_jour_mineur" if age >= SEIZE_ANS else "heures_jour_moins_16", le=le)
    if par_jour is not None and par_jour > jour.valeur:
        raise HorairesRefuses(
            f"Ce jeune a {age} ans : au plus {mots.heures(jour.valeur)} par jour, et ces horaires en font "
            f"{mots.heures(par_jour)} ({jour.source}).",
            champ=champ,
        )


def _repos_du_mineur(presence: Presence, le: dt.date) -> None:
    repos = regle("repos_mineur", le=le)
    semaine = [jour in presence.jours for jour in JourSemaine.values]
    suite = plus_longue = 0
    for travaille in semaine * 2:  # the week comes round: Sunday is followed by Monday
        suite = 0 if travaille else suite + 1
        plus_longue = max(plus_longue, suite)
    if plus_longue < repos.valeur:
        raise HorairesRefuses(
            f"Avant 18 ans, {repos.valeur} jours de repos se suivent chaque semaine ({repos.source}) : enlevez des "
            "jours.",
            champ="jours",
        )


def _nuit_du_mineur(presence: Presence, age: int, le: dt.date) -> None:
    nuit = regle("nuit_mineur" if age >= SEIZE_ANS else "nuit_moins_16", le=le)
    soir, matin = nuit.valeur
    if presence.arrivee is None or presence.depart is None:
        return
    if _minutes(presence.arrivee) < matin * MINUTES or _minutes(presence.depart) > soir * MINUTES:
        raise HorairesRefuses(
            f"Ce jeune a {age} ans : il ne travaille pas entre {soir} h et {matin} h ({nuit.source}).",
            champ="arrivee" if _minutes(presence.arrivee) < matin * MINUTES else "depart",
        )


def _minutes(heure: dt.time) -> int:
    return heure.hour * MINUTES + heure.minute


def _jours_en_mots(jours: Collection[str]) -> str:
    rangs = [JourSemaine.values.index(jour) for jour in jours]
    noms = [JourSemaine(jour).label for jour in jours]
    if len(rangs) > 2 and rangs[-1] - rangs[0] == len(rangs) - 1:
        return f"du {noms[0]} au {noms[-1]}"
    return f"le {mots.liste_fr(noms)}"


def _pause_en_mots(pause: int) -> str:
    return mots.heures(Decimal(pause) / MINUTES) if pause >= MINUTES else f"{pause}{mots.INSECABLE}minutes"
