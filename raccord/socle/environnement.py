"""Readers of the environment: fail loudly, default to a working demo."""

import csv
import datetime as dt
import os
import zlib
from collections.abc import Collection
from email.utils import parseaddr
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ANNEE = dt.timedelta(days=366)
VRAI = {"1", "oui", "true", "vrai"}
FAUX = {"", "0", "non", "false", "faux"}
LONGUEUR_MINIMALE_SECRET = 50
OCTETS_MINIMAUX_SECRET = 40  # compressed: 50 hexadecimal figures drawn at random never take less than 46


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


def periodes(nom: str) -> dict[str, frozenset[dt.date]]:
    """The days of a CSV file 'zone;du;au;source', by zone, last day included; nothing without a file. A line without a
    source, or that cannot be read, is refused.
    """
    chemin = texte(nom)
    jours: dict[str, set[dt.date]] = {}
    if not chemin:
        return {}
    try:
        with Path(chemin).open(encoding="utf-8-sig", newline="") as fichier:
            for rang, ligne in enumerate(csv.DictReader(fichier, delimiter=";"), 2):
                jours.setdefault(ligne["zone"].strip(), set()).update(_jours(ligne, f"{nom}, ligne {rang}"))
    except (OSError, UnicodeDecodeError, KeyError, AttributeError) as erreur:
        raise ImproperlyConfigured(f"{nom} : {chemin} n'est pas un fichier CSV « zone;du;au;source ».") from erreur
    return {zone: frozenset(ensemble) for zone, ensemble in jours.items()}


def _jours(ligne: dict[str, str], ou: str) -> list[dt.date]:
    try:
        du, au = dt.date.fromisoformat(ligne["du"].strip()), dt.date.fromisoformat(ligne["au"].strip())
    except ValueError:
        raise ImproperlyConfigured(f"{ou} : écrivez les dates comme 2026-10-17.") from None
    if not ligne["source"].strip():
        raise ImproperlyConfigured(f"{ou} : dites d'où viennent ces dates (colonne source).")
    if not du <= au <= du + ANNEE:
        raise ImproperlyConfigured(f"{ou} : la fin vient après le début, dans l'année.")
    return [du + dt.timedelta(days=n) for n in range((au - du).days + 1)]


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
    """A secret: a known one in the demo, a strong one (50 characters drawn at random) otherwise."""
    valeur = texte(nom)
    if demo:
        return valeur or en_demo
    if len(valeur) < LONGUEUR_MINIMALE_SECRET or previsible(valeur) or valeur == en_demo:
        raise ImproperlyConfigured(
            f"{nom} est absent ou trop faible : donnez au moins {LONGUEUR_MINIMALE_SECRET} caractères tirés au hasard, "
            "par exemple ceux de : python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return valeur


def previsible(valeur: str) -> bool:
    """Whether a text repeats or follows itself, or was written by a person: chance does not compress so well."""
    return len(zlib.compress(valeur.encode(), 9)) < OCTETS_MINIMAUX_SECRET or valeur.startswith("django-insecure-")


def adresse_publique(nom: str, en_demo: str, *, demo: bool) -> str:
    """Where messages lead; in production an https:// address, for a link in a mail is a key."""
    valeur = texte(nom, en_demo if demo else "").rstrip("/")
    if not demo and not valeur.startswith("https://"):
        raise ImproperlyConfigured(f"{nom} est absente ou sans https : donnez l'adresse publique, https://…")
    return valeur


def expediteur(nom: str, en_demo: str, *, demo: bool) -> str:
    """Who writes: a name and an address; in production one of a domain that exists, which mails and answers carry."""
    valeur = texte(nom, en_demo if demo else "")
    _, _, domaine = parseaddr(valeur)[1].rpartition("@")
    if "." not in domaine or (not demo and domaine.endswith(".example")):
        raise ImproperlyConfigured(f"{nom} est absent ou sans domaine réel : écrivez Raccord <adresse@domaine.fr>.")
    return valeur


def hotes(nom: str, en_demo: str, *, demo: bool) -> list[str]:
    """The names under which the site answers; in production named one by one."""
    valeurs = liste(nom, en_demo if demo else "")
    if not demo and (not valeurs or any(hote.startswith((".", "*")) for hote in valeurs)):
        raise ImproperlyConfigured(f"{nom} est absent ou trop large : donnez chaque nom du site, sans étoile.")
    return valeurs
