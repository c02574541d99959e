"""Forms: plain sentences, nothing typed is lost, nothing strange gets in.

A screen's form inherits `Formulaire` and uses the fields of this module. Every text is cleaned the same way before
anything looks at it: line ends as `\\n`, Unicode composed, invisible direction marks removed. Control
characters are refused in words. Lengths always have a bound, said in words, and the browser never cuts a
pasted text in silence.
"""

from django.forms import Select

from raccord.socle.forms.champs import (
    ChampCase,
    ChampChoix,
    ChampChoixMultiple,
    ChampCourriel,
    ChampDate,
    ChampDateHeure,
    ChampFichier,
    ChampHeure,
    ChampHeures,
    ChampMontant,
    ChampNombre,
    ChampOuiNon,
    ChampSiret,
    ChampTelephone,
    ChampTexte,
    ChampTexteLong,
    Libelle,
)
from raccord.socle.forms.formulaire import ChampLie, Formulaire, Section
from raccord.socle.forms.versions import VersionMixin

__all__ = [
    "ChampCase",
    "ChampChoix",
    "ChampChoixMultiple",
    "ChampCourriel",
    "ChampDate",
    "ChampDateHeure",
    "ChampFichier",
    "ChampHeure",
    "ChampHeures",
    "ChampLie",
    "ChampMontant",
    "ChampNombre",
    "ChampOuiNon",
    "ChampSiret",
    "ChampTelephone",
    "ChampTexte",
    "ChampTexteLong",
    "Formulaire",
    "Libelle",
    "Section",
    "Select",
    "VersionMixin",
]
