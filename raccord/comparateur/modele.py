"""The model as data: comparisons, levels, their probabilities, blocking rules, thresholds (`modele.json`).

Every score is a pure function of two normalised rows and of this object.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

VERSION = 1


class ModeleIllisible(Exception):
    """Le fichier du modèle n'est pas un modèle du comparateur."""


@dataclass(frozen=True)
class Niveau:
    """One level of a comparison. `condition` is SQL on the columns `x_l` (leaver) and `x_r` (enrolment).

    `m`, `u` and `f` are the probabilities of the level among pairs of one person, of two strangers, and of two
    people of one home (twins, brothers and sisters). They sum to one within each `groupe` of levels: a group is what
    another field has already said (the first name says the sex, the place of birth says where people live).
    """

    code: str
    libelle: str
    condition: str
    m: float
    u: float
    f: float
    groupe: str = ""

    @property
    def poids(self) -> float:
        """In bits: log2(m / u)."""
        return math.log2(self.m / self.u)

    @property
    def poids_foyer(self) -> float:
        """In bits: log2(m / f)."""
        return math.log2(self.m / self.f)


@dataclass(frozen=True)
class Comparaison:
    """A field that both rows show. `absent` is the SQL condition under which nothing is compared (weight 0)."""

    champ: str
    libelle: str
    colonnes: tuple[str, ...]
    absent: str
    niveaux: tuple[Niveau, ...]


@dataclass(frozen=True)
class Regle:
    """A blocking rule: columns of the leaver `l` equal to columns of the enrolment `r`, and one more test."""

    nom: str
    colonnes: tuple[tuple[str, str], ...]
    test: str = ""

    @property
    def condition(self) -> str:
        """The rule in SQL, as Splink writes it."""
        egalites = [f"l.{gauche} = r.{droite}" for gauche, droite in self.colonnes]
        return " and ".join([*egalites, self.test] if self.test else egalites)


@dataclass(frozen=True)
class Modele:
    comparaisons: tuple[Comparaison, ...]
    regles_sures: tuple[Regle, ...]
    """Exact rules: a leaver whom they link is looked for no further."""
    regles: tuple[Regle, ...]
    regles_larges: tuple[Regle, ...]
    """Rules for the rows that the others have left over."""
    inscrits_attendus: float
    """Share of the leavers who are expected to be enrolled again."""
    foyers: float
    """Chance that a leaver has somebody of the same home among the enrolments."""
    taille: int = 1_000_000
    """Number of enrolments that the start counts with; taken from the data when a run calibrates the model."""
    seuil_decision: float = 0.5
    part_revue: float = 0.005
    etalonne: bool = False
    carte: Mapping[str, Any] = field(default_factory=dict)


def enregistrer(modele: Modele, chemin: Path) -> None:
    """Write `modele.json`, readable by a person."""
    chemin.write_text(en_texte(modele) + "\n", encoding="utf-8")


def charger(chemin: Path) -> Modele:
    """Read a `modele.json`. Raises ModeleIllisible."""
    try:
        return depuis_texte(chemin.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as erreur:
        raise ModeleIllisible(str(erreur)) from erreur


def en_texte(modele: Modele) -> str:
    return json.dumps({"version": VERSION, **asdict(modele)}, ensure_ascii=False, indent=1)


def depuis_texte(texte: str) -> Modele:
    """Raises ValueError, TypeError or KeyError on what is not a model of this version."""
    donnees = json.loads(texte)
    if donnees.pop("version") != VERSION:
        raise ValueError("version inconnue")
    comparaisons = tuple(_comparaison(c) for c in donnees.pop("comparaisons"))
    noms = ("regles_sures", "regles", "regles_larges")
    sures, regles, larges = (tuple(_regle(r) for r in donnees.pop(nom)) for nom in noms)
    return Modele(comparaisons=comparaisons, regles_sures=sures, regles=regles, regles_larges=larges, **donnees)


def _regle(donnees: dict[str, Any]) -> Regle:
    return Regle(donnees["nom"], tuple((gauche, droite) for gauche, droite in donnees["colonnes"]), donnees["test"])


def _comparaison(donnees: dict[str, Any]) -> Comparaison:
    niveaux = tuple(Niveau(**n) for n in donnees.pop("niveaux"))
    return Comparaison(**{**donnees, "colonnes": tuple(donnees["colonnes"]), "niveaux": niveaux})


def sans(modele: Modele, *champs: str) -> Modele:
    """The model without these fields: the ablation of the bench."""
    return replace(modele, comparaisons=tuple(c for c in modele.comparaisons if c.champ not in champs))


def avec_niveaux(modele: Modele, niveaux: Mapping[str, Sequence[Niveau]]) -> Modele:
    """The same model with other probabilities, field by field."""
    return replace(
        modele,
        comparaisons=tuple(
            replace(c, niveaux=tuple(niveaux[c.champ])) if c.champ in niveaux else c for c in modele.comparaisons
        ),
    )
