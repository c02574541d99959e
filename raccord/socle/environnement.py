"""Readers of the environment: fail loudly, default to a working demo."""

import os
from collections.abc import Collection
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

VRAI = {"1", "oui", "true", "vrai"}
FAUX = {"", "0", "non", "false", "faux"}
LONGUEUR_MINIMALE_SECRET = 50
VARIETE_MINIMALE_SECRET = 10


def texte(nom: str, defaut: str = "") -> str:
    """The variable's text, or the default when it is absent."""
    return os.environ.get(nom, defaut).strip()


def booleen(nom: str, defaut: bool = False) -> bool:
    """True for 1/oui/true/vrai, False for 0/non/false/faux; anything else is refused."""
    valeur = os.environ.get(nom)
    if valeur is None:
        return defaut
    valeur = valeur.strip().lower()
    if valeur in VRAI:
        return True
    if valeur in FAUX:
        return False
    raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : écrivez oui ou non.")


def entier(nom: str, defaut: int) -> int:
    """A whole number; anything else is refused."""
    valeur = texte(nom, str(defaut))
    try:
        return int(valeur)
    except ValueError:
        raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : écrivez un nombre entier.") from None


def choix(nom: str, permis: Collection[str], defaut: str) -> str:
    """One of the permitted words."""
    valeur = texte(nom, defaut)
    if valeur not in permis:
        raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : choisissez parmi {', '.join(sorted(permis))}.")
    return valeur


def liste(nom: str, defaut: str = "") -> list[str]:
    """Comma-separated words."""
    return [mot.strip() for mot in texte(nom, defaut).split(",") if mot.strip()]


def chemin(nom: str, defaut: Path) -> Path:
    """A folder or file; the parent must exist or be creatable by whoever uses it."""
    return Path(texte(nom, str(defaut))).expanduser()


def secret(nom: str, en_demo: str, *, demo: bool) -> str:
    """A secret: a known one in the demo, a strong one (50 characters, varied) otherwise."""
    valeur = texte(nom)
    if demo:
        return valeur or en_demo
    if len(valeur) < LONGUEUR_MINIMALE_SECRET or len(set(valeur)) < VARIETE_MINIMALE_SECRET or valeur == en_demo:
        raise ImproperlyConfigured(
            f"{nom} est absent ou trop faible : donnez au moins {LONGUEUR_MINIMALE_SECRET} caractères tirés au hasard."
        )
    return valeur
