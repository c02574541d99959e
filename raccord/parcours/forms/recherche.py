"""The search of offers: a GET form, so that the address can be kept or sent."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.http import QueryDict

from raccord.comptes.enums import Domaine
from raccord.jeunes.enums import DureeSouhaitee
from raccord.parcours.acces.recherche import RAYON_HABITUEL, RAYONS, Criteres
from raccord.socle import forms
from raccord.socle.mots import date_fr
from raccord.territoires.forms import SaisieCommune
from raccord.territoires.models import Commune
from raccord.territoires.recherche import Issue, commune_depuis_saisie

PARTOUT = "tout"
LONGUEUR_Q = 120
RAYON_MAXIMAL = 500
CHOIX_RAYONS = [*((str(km), f"{km} km") for km in RAYONS), (PARTOUT, "Toute la France")]


def choix_rayons(voulu: str) -> list[tuple[str, str]]:
    """The usual radii, and the one of the address when it is another whole number of kilometres."""
    if voulu.isascii() and voulu.isdecimal() and len(voulu) <= len(str(RAYON_MAXIMAL)):
        km = int(voulu)
        if 0 < km <= RAYON_MAXIMAL and km not in RAYONS:
            return [*((str(rayon), f"{rayon} km") for rayon in sorted((*RAYONS, km))), CHOIX_RAYONS[-1]]
    return CHOIX_RAYONS


class RechercheForm(forms.Formulaire):
    """Every field may be left empty; what is wrong is said and left aside, the rest still searches."""

    marquer_facultatifs = False

    q = forms.ChampTexte(label="Métier, mot, entreprise", max_length=LONGUEUR_Q, required=False)
    lieu = forms.ChampTexte(label="Ville ou code postal", max_length=LONGUEUR_Q, required=False, widget=SaisieCommune)
    rayon = django_forms.ChoiceField(label="Autour", choices=CHOIX_RAYONS, required=False)
    durees = forms.ChampChoixMultiple(label="Durée", choices=DureeSouhaitee.choices, required=False)
    domaines = forms.ChampChoixMultiple(label="Domaine", choices=Domaine.choices, required=False)
    du = forms.ChampDate(label="À partir du", required=False)
    au = forms.ChampDate(label="Jusqu’au", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rayon"].choices = choix_rayons(str(self.data.get("rayon", "")))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two dates in order."""
        propres = super().clean() or self.cleaned_data
        du, au = propres.get("du"), propres.get("au")
        if du and au and au < du:
            self.add_error("au", "Cette date vient avant la première : inversez-les ou effacez-en une.")
        return propres


@dataclass(frozen=True)
class Etiquette:
    """An active filter, and the address of the same search without it."""

    libelle: str
    sans: str


@dataclass
class Recherche:
    """A search as read from an address: what can be searched, what is doubtful, what is shown as active."""

    adresse_lue: QueryDict
    form: RechercheForm
    criteres: Criteres
    choix: list[Commune] = field(default_factory=list)
    doute: Issue | None = None

    @property
    def lieu_saisi(self) -> str:
        """What was typed as a place."""
        return str(self.form.cleaned_data.get("lieu", ""))

    def parametres(self, **autres: str | None) -> list[tuple[str, str]]:
        """The address's parameters, some replaced, None removed; the page number goes."""
        gardes = [
            (cle, valeur)
            for cle, valeurs in self.adresse_lue.lists()
            if cle in self.form.fields and cle not in autres
            for valeur in valeurs
            if valeur
        ]
        return gardes + [(cle, valeur) for cle, valeur in autres.items() if valeur is not None]

    def adresse(self, **autres: str | None) -> str:
        """The same search, some parameters replaced or removed."""
        return "?" + urlencode(self.parametres(**autres))

    def etiquettes(self) -> list[Etiquette]:
        """Active filters in words, each with the address that removes it alone."""
        criteres = self.criteres
        trouvees = []
        if criteres.q:
            trouvees.append(Etiquette(f"« {criteres.q} »", self.adresse(q=None)))
        if criteres.commune:
            autour = f"à {criteres.rayon} km de" if criteres.rayon else "au plus près de"
            trouvees.append(Etiquette(f"{autour} {criteres.commune.libelle}", self.adresse(lieu=None, rayon=None)))
        trouvees += [self._une("durees", str(duree), f"{duree} h") for duree in criteres.durees]
        trouvees += [self._une("domaines", code, str(Domaine(code).label)) for code in criteres.domaines]
        if criteres.du:
            trouvees.append(Etiquette(f"à partir du {date_fr(criteres.du)}", self.adresse(du=None)))
        if criteres.au:
            trouvees.append(Etiquette(f"jusqu’au {date_fr(criteres.au)}", self.adresse(au=None)))
        return trouvees

    def _une(self, champ: str, valeur: str, libelle: str) -> Etiquette:
        restent = [(cle, v) for cle, v in self.parametres() if (cle, v) != (champ, valeur)]
        return Etiquette(libelle, "?" + urlencode(restent))


def lire(parametres: QueryDict) -> Recherche:
    """Read an address: never an error page, whatever it holds."""
    form = RechercheForm(parametres)
    form.is_valid()
    lus = form.cleaned_data
    rayon = lus.get("rayon") or str(RAYON_HABITUEL)
    criteres = Criteres(
        q=lus.get("q", ""),
        rayon=None if rayon == PARTOUT else int(rayon),
        durees=sorted({int(duree) for duree in lus.get("durees", ())}),
        domaines=list(dict.fromkeys(lus.get("domaines", ()))),
        du=_jour(lus, "du"),
        au=_jour(lus, "au"),
    )
    if not lus.get("lieu"):
        return Recherche(parametres, form, criteres)
    lecture = commune_depuis_saisie(lus["lieu"])
    if lecture.commune is not None:
        return Recherche(parametres, form, Criteres(**{**_champs(criteres), "commune": lecture.commune}))
    return Recherche(parametres, form, criteres, choix=lecture.communes, doute=lecture.issue)


def _champs(criteres: Criteres) -> dict[str, Any]:
    return {nom: getattr(criteres, nom) for nom in Criteres.__dataclass_fields__}


def _jour(lus: dict[str, Any], nom: str) -> dt.date | None:
    jour = lus.get(nom)
    return jour if isinstance(jour, dt.date) else None
