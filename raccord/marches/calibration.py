"""How many hours a contract is worth: the dated bareme, what forbids, and what hours are in days and weeks.

Source: digest §1.3 (annexe acheteurs). The menu is fixed (150/300/450/900 h: no 200 h, no 375 h). Whoever buys
may go shorter than what the amount proposes, never longer. Without an amount nothing is proposed and nothing
is capped: the buyer chooses, and the screen says so.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from raccord.socle import calendrier, mots
from raccord.socle.exceptions import ErreurMetier, Refus
from raccord.socle.parametres import Regle, regle

MENU = (150, 300, 450, 900)
# What each length is for (digest §1.3): discover, build, confirm, the three together.
OBJECTIFS = {
    150: "découvrir un métier et l’entreprise",
    300: "construire un projet",
    450: "confirmer un projet",
    900: "découvrir, construire et confirmer",
}
# The programme counts 150 h as a month of presence; the Code de l'éducation counts 7 h as a day (art. D124-6).
HEURES_PAR_MOIS = 150
HEURES_PAR_JOUR = 7


class DureeHorsMenu(ErreurMetier):
    """Un parcours dure 150, 300, 450 ou 900 heures."""


class DureeTropLongue(ErreurMetier):
    """La durée peut être plus courte que celle proposée, pas plus longue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palier:
    """One line of the bareme: under this amount (euros excl. tax, exclusive; None: no ceiling), these hours."""

    plafond: Decimal | None
    heures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    """The hours that an amount is worth, and everything that explains them on screen."""

    montant: Decimal | None
    heures: int | None
    """None when the amount is unknown."""
    paliers: tuple[Palier, ...]
    regle: str
    source: str
    en_vigueur_depuis: dt.date
    calculee_le: dt.date

    @property
    def permises(self) -> tuple[int, ...]:
        """The part of the menu that may be chosen: shorter yes, longer no; all of it without an amount."""
        return tuple(heures for heures in MENU if self.heures is None or heures <= self.heures)

    def explication(self) -> dict[str, Any]:
        """What `Engagement.explication` keeps: the rule as it stood that day."""
        brut = asdict(self)
        brut["paliers"] = [[_texte(palier.plafond), palier.heures] for palier in self.paliers]
        brut["montant"] = _texte(self.montant)
        brut["en_vigueur_depuis"] = self.en_vigueur_depuis.isoformat()
        brut["calculee_le"] = self.calculee_le.isoformat()
        return brut


def _texte(montant: Decimal | None) -> str | None:
    return None if montant is None else str(montant)


def paliers(bareme: Regle) -> tuple[Palier, ...]:
    """The lines of a `bareme_heures` row, in order."""
    return tuple(
        Palier(plafond=None if plafond is None else Decimal(str(plafond)), heures=int(heures))
        for plafond, heures in bareme.valeur
    )


def bareme_au(le: dt.date) -> Regle:
    """The bareme in force on that day. Raises ParametreAbsent before the first one."""
    return regle("bareme_heures", le=le)


def proposer(montant: Decimal | None, *, le: dt.date, bareme: Regle | None = None) -> Proposition:
    """The hours for a firm amount, by the rule in force on day `le` (the notification).

    A ceiling is exclusive: 99 999.99 € → 150 h, 100 000 € → 300 h. Raises ParametreAbsent before the first rule.
    A list gives `bareme` once (`bareme_au`): it is read from the rules otherwise.
    """
    bareme = bareme or bareme_au(le)
    lignes = paliers(bareme)
    heures = None
    if montant is not None:
        heures = next(palier.heures for palier in lignes if palier.plafond is None or montant < palier.plafond)
    return Proposition(
        montant=montant,
        heures=heures,
        paliers=lignes,
        regle=bareme.libelle,
        source=bareme.source,
        en_vigueur_depuis=bareme.debut,
        calculee_le=calendrier.aujourdhui(),
    )


def verifier_choix(heures: int, proposition: Proposition) -> None:
    """Only the menu; shorter yes, longer no. Raises DureeHorsMenu or DureeTropLongue, on the field `heures`."""
    if heures not in MENU:
        raise DureeHorsMenu(champ="heures")
    if heures not in proposition.permises:
        raise DureeTropLongue(champ="heures")


# --- What forbids ----------------------------------------------------------------------------------


def refus_duree_ferme(notification: dt.date, fin: dt.date) -> Refus | None:
    """The firm period lasts at least `duree_ferme_minimale` (one year), last day included."""
    minimum = regle("duree_ferme_minimale", le=notification)
    if fin + dt.timedelta(days=1) >= calendrier.ajouter(notification, minimum.valeur, minimum.unite):
        return None
    return Refus(
        f"La période ferme doit durer au moins {minimum.valeur} {minimum.unite} : il faut quatre à six mois pour "
        "préparer un parcours, et les heures se font pendant la période ferme. "
        f"Une fin au {_jour(_fin_minimale(notification, minimum))} ou après conviendrait."
    )


def _fin_minimale(notification: dt.date, minimum: Regle) -> dt.date:
    return calendrier.ajouter(notification, minimum.valeur, minimum.unite) - dt.timedelta(days=1)


def refus_periode_passee(fin: dt.date) -> Refus | None:
    """Hours are done before the end of the firm period: when it is over nothing can be declared."""
    if fin >= calendrier.aujourdhui():
        return None
    return Refus(f"La période ferme s’est terminée le {_jour(fin)} : plus aucun parcours ne peut commencer.")


def periode_courte(fin: dt.date) -> bool:
    """Less than `alerte_expiration` (six months) is left: possible, but a young person has to be found fast."""
    alerte = regle("alerte_expiration")
    return fin < calendrier.ajouter(calendrier.aujourdhui(), alerte.valeur, alerte.unite)


def _jour(jour: dt.date) -> str:
    return f"{jour:%d/%m/%Y}"


# --- Hours in words --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """The same hours in days, weeks and months, because « 150 h » says nothing to those who plan (digest P14)."""

    heures: int | Decimal
    jours: int
    semaines: Decimal
    mois: Decimal
    heures_hebdo: int

    @property
    def en_mots(self) -> str:
        """'1 mois : 22 jours, soit 4,3 semaines de 35 h', with a space before the colon that does not break."""
        return (
            f"{_nombre(self.mois)} mois\u00a0: {self.jours} jours, soit {_nombre(self.semaines)} semaines "
            f"de {mots.heures(self.heures_hebdo)}"
        )


def heures_hebdo() -> int:
    """The legal maximum of presence in a week: what hours are turned into weeks by."""
    return int(regle("heures_hebdo_maximum").valeur)


def equivalence(heures: int | Decimal, *, hebdo: int | None = None) -> Equivalence:
    """Days of 7 h rounded up, weeks at the legal maximum of presence, months of the programme.

    A list gives `hebdo` once (`heures_hebdo()`): it is read from the rules otherwise.
    """
    hebdo = hebdo or heures_hebdo()
    return Equivalence(
        heures=heures,
        jours=ceil(heures / HEURES_PAR_JOUR),
        semaines=round(Decimal(heures) / hebdo, 1),
        mois=round(Decimal(heures) / HEURES_PAR_MOIS, 1),
        heures_hebdo=hebdo,
    )


def _nombre(valeur: Decimal) -> str:
    entier = valeur.to_integral_value()
    return str(int(entier)) if valeur == entier else f"{valeur:f}".replace(".", ",")
