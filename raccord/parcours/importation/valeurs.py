"""From a cell to a value, or to the sentence that says what is wrong with it. No database, no side effect."""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from raccord.comptes.enums import Domaine, TypeAcheteur
from raccord.parcours.importation.colonnes import cle_texte
from raccord.socle.forms import ChampCourriel, ChampTelephone
from raccord.socle.forms.textes import CONTROLES

HEURES_DU_MENU = (150, 300, 450, 900)
ANNEES = range(2000, 2101)
_FRANCAISE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T].*)?", re.ASCII | re.DOTALL)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?", re.ASCII | re.DOTALL)
_HEURES = re.compile(r"(\d{2,4})(?:[.,]0+)?\s*(?:h|heures?)?", re.ASCII | re.IGNORECASE)
_SEPARATEURS_DE_DOMAINES = re.compile(r"[,;|\n]")

_COURRIEL = ChampCourriel(required=False)
_TELEPHONE = ChampTelephone(required=False)
_ADRESSE_INTERNET = URLValidator(schemes=["http", "https"])


class Illisible(ValueError):
    """A cell that cannot be understood; the message says why and what to write."""


@dataclass(frozen=True)
class Domaines:
    """The coded domains of a cell, and the words that are not on the list."""

    codes: list[str] = field(default_factory=list)
    inconnus: list[str] = field(default_factory=list)


_DOMAINES = {cle_texte(str(domaine.label)): domaine.value for domaine in Domaine} | {
    "commerce": Domaine.COMMERCE.value,
    "vente": Domaine.COMMERCE.value,
    "restauration": Domaine.RESTAURATION.value,
    "cuisine": Domaine.RESTAURATION.value,
    "services a la personne": Domaine.SERVICE.value,
}
_TYPES_ACHETEUR = {cle_texte(str(genre.label)): genre.value for genre in TypeAcheteur}
_DISPONIBILITES = {
    "disponible": "disponible",
    "en preparation": "en préparation",
    "en cours": "en cours",
    "realise": "réalisé",
    "realisee": "réalisé",
}


def lire_texte(cellule: str) -> str:
    """A text that can be kept, on one or several lines. Raises Illisible for control characters."""
    if CONTROLES.search(cellule):
        raise Illisible("Cette cellule contient un caractère invisible : retapez-la.")
    return cellule


def en_ligne(cellule: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(cellule.split())


def lire_date(cellule: str) -> dt.date:
    """'31/12/2020', '1/2/2020' (day first) or '2020-12-31'; a time after it is left out. Raises Illisible."""
    if trouvee := _FRANCAISE.fullmatch(cellule):
        jour, mois, annee = map(int, trouvee.groups())
    elif trouvee := _ISO.fullmatch(cellule):
        annee, mois, jour = map(int, trouvee.groups())
    else:
        raise Illisible("Cette date n'est pas lisible : écrivez-la 31/12/2020 ou 2020-12-31.")
    if annee not in ANNEES:
        raise Illisible("Cette année n'est pas possible : vérifiez la date.")
    try:
        return dt.date(annee, mois, jour)
    except ValueError:
        raise Illisible("Ce jour n'existe pas : écrivez le jour, puis le mois, puis l'année.") from None


def lire_heures(cellule: str) -> int:
    """One of the four lengths. Raises Illisible."""
    trouvees = _HEURES.fullmatch(cellule)
    if not trouvees or int(trouvees[1]) not in HEURES_DU_MENU:
        raise Illisible("Un parcours dure 150, 300, 450 ou 900 heures.")
    return int(trouvees[1])


def lire_domaines(cellule: str) -> Domaines:
    """Several domains in a cell, separated by commas, semicolons or bars; the order is kept, repeats are not."""
    if entier := _DOMAINES.get(cle_texte(cellule)):
        return Domaines([entier])
    mots = [en_ligne(mot) for mot in _SEPARATEURS_DE_DOMAINES.split(cellule) if mot.strip()]
    codes = [_DOMAINES[cle_texte(mot)] for mot in mots if cle_texte(mot) in _DOMAINES]
    return Domaines(list(dict.fromkeys(codes)), [mot for mot in mots if cle_texte(mot) not in _DOMAINES])


def lire_disponibilite(cellule: str) -> str:
    """One of the four states of the former tool. Raises Illisible."""
    try:
        return _DISPONIBILITES[cle_texte(cellule)]
    except KeyError:
        raise Illisible("L'ancien outil connaît : disponible, en préparation, en cours, réalisé.") from None


def lire_type_acheteur(cellule: str) -> str:
    """A kind of buyer by its label. Raises Illisible."""
    try:
        return _TYPES_ACHETEUR[cle_texte(cellule)]
    except KeyError:
        raise Illisible("Ce type d'acheteur n'est pas dans la liste : « autre » est noté.") from None


def lire_oui_non(cellule: str) -> bool | None:
    """True, False, or None for an empty cell. Raises Illisible."""
    reponses = {"": None, "oui": True, "o": True, "non": False, "n": False, "true": True, "false": False}
    reponses |= {"checked": True, "vrai": True, "faux": False, "x": True}
    try:
        return reponses[cle_texte(cellule)]
    except KeyError:
        raise Illisible("Répondez oui ou non.") from None


def lire_courriel(cellule: str) -> str:
    """One mail address, lower case; '' for an empty cell. Raises Illisible."""
    return _par_le_champ(_COURRIEL, cellule)


def lire_telephone(cellule: str) -> str:
    """One phone number as E.164; '' for an empty cell. Raises Illisible."""
    return _par_le_champ(_TELEPHONE, cellule)


def lire_site(cellule: str) -> str:
    """An address on the web, completed with https:// when only the host is written. Raises Illisible."""
    if not cellule:
        return ""
    adresse = cellule if "://" in cellule else f"https://{cellule}"
    try:
        _ADRESSE_INTERNET(adresse)
    except ValidationError:
        raise Illisible("Cette adresse de site n'a pas la bonne forme : elle n'est pas reprise.") from None
    return adresse


def _par_le_champ(champ: ChampCourriel | ChampTelephone, cellule: str) -> str:
    """The very rule of the screens, and its words."""
    try:
        return str(champ.clean(cellule))
    except ValidationError as erreur:
        raise Illisible(" ".join(erreur.messages)) from None
