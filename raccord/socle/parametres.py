"""Reading dated parameters: the latest row in force that day, the narrowest scope first."""

import csv
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from raccord.socle.exceptions import ParametreAbsent
from raccord.socle.models import Parametre

FICHIER = Path(__file__).parent / "donnees" / "parametres.csv"


@dataclass(frozen=True)
class Regle:
    """A value in force, with what a screen needs to explain it."""

    cle: str
    valeur: Any
    unite: str
    libelle: str
    source: str
    debut: dt.date


def regle(cle: str, *, le: dt.date | None = None, portee: str = "") -> Regle:
    """The rule in force on that day (today by default), for that scope or else for France.

    Raises ParametreAbsent when there is none: a missing rule is never guessed.
    """
    jour = le or timezone.localdate()
    portees = ["", portee] if portee else [""]
    ligne = Parametre.objects.filter(cle=cle, portee__in=portees, debut__lte=jour).order_by("-portee", "-debut").first()
    if ligne is None:
        raise ParametreAbsent(
            f"La règle « {cle} » n'est pas renseignée au {jour:%d/%m/%Y}. Prévenez l'équipe nationale."
        )
    return Regle(ligne.cle, ligne.valeur, ligne.unite, ligne.libelle, ligne.source, ligne.debut)


def valeur(cle: str, *, le: dt.date | None = None, portee: str = "") -> Any:
    """The value alone."""
    return regle(cle, le=le, portee=portee).valeur


def charger(using: str) -> int:
    """Write the rules known at release; rows added since by people are left alone. Returns the number written."""
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        lignes = [
            Parametre(
                **{**ligne, "valeur": json.loads(ligne["valeur"]), "debut": dt.date.fromisoformat(ligne["debut"])}
            )
            for ligne in csv.DictReader(fichier, delimiter=";")
        ]
    Parametre.objects.using(using).bulk_create(
        lignes,
        update_conflicts=True,
        unique_fields=["cle", "portee", "debut"],
        update_fields=["valeur", "unite", "libelle", "source"],
    )
    return len(lignes)
