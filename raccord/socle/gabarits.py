"""What every page knows, and the small typed things that components are fed with."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

PIED = (
    ("Accessibilité : non conforme", "accessibilite"),
    ("Données personnelles", "donnees_personnelles"),
    ("Mentions légales", "mentions_legales"),
    ("Aide", "aide"),
)


@dataclass(frozen=True, kw_only=True)
class LigneFil:
    """One line of a timeline: when, who, what happened; `ton` is 'neutre', 'succes', 'attention' or 'erreur'."""

    le: dt.datetime | dt.date
    texte: str
    """Completes `qui`: 'a accepté la présentation'; a whole sentence when `qui` is empty."""
    qui: str = ""
    organisation: str = ""
    detail: str = ""
    url: str = ""
    libelle_url: str = "Voir"
    ton: str = "neutre"


@dataclass(frozen=True, kw_only=True)
class PointCarte:
    """One marker: where it is, its name, the page it opens, one line of detail."""

    latitude: float
    longitude: float
    titre: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Colonne:
    """One column of a table; `nombre` aligns figures to the right."""

    titre: str
    nombre: bool = False


@dataclass(frozen=True, kw_only=True)
class Ecart:
    """One field that two people changed: what is saved now, and what you typed."""

    libelle: str
    enregistre: str
    saisi: str
    champ: str = ""


@dataclass(frozen=True, kw_only=True)
class Lien:
    """A link of the header or of the footer."""

    libelle: str
    url: str
    actif: bool = False
    nombre: int | None = None


@dataclass(frozen=True)
class Miettes:
    """The path to the page: links, then the page itself."""

    liens: tuple[tuple[str, str], ...] = ()
    ici: str = ""


@dataclass
class GroupeChamps:
    """A heading and the bound fields under it."""

    titre: str
    aide: str = ""
    champs: list[Any] = field(default_factory=list)
    repliable: bool = False
    ouvert: bool = True
    etat: str = ""
    """What it still needs, in words, when it folds."""


def adresse(nom: str, *arguments: Any) -> str:
    """The address of a named page, or nothing while that page does not exist."""
    try:
        return reverse(nom, args=arguments)
    except NoReverseMatch:
        return ""


def contexte_commun(request: HttpRequest | None) -> dict[str, Any]:
    """Theme, service, footer. The last three are defaults: the processor of `comptes` comes after and knows better."""
    return {
        "theme_etat": settings.THEME_ETAT,
        "demo": settings.DEMO,
        "service_nom": "Raccord",
        "service_accroche": "La clause sociale qui raccroche",
        "url_accueil": adresse("parcours:accueil") or "/",
        "url_connexion": adresse(str(settings.LOGIN_URL)),
        "url_deconnexion": adresse("comptes:sortir"),
        "url_compte": adresse("comptes:securite"),
        "url_code": getattr(settings, "ADRESSE_CODE", ""),
        "liens_pied": [Lien(libelle=libelle, url=url) for libelle, nom in PIED if (url := adresse(nom))],
        "navigation": [],
        "adhesion": None,
        "adhesions": [],
    }
