"""The ladders known at release, as people can read them: one line per rung in `donnees/echelles.csv`."""

import csv
import datetime as dt
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from raccord.echeances.models import Echelle

FICHIER = Path(__file__).parent / "donnees" / "echelles.csv"
ECHELON = ("unite", "depuis", "qui", "demande")


def charger(using: str) -> int:
    """Write the ladders known at release; those added since by people are left alone. Returns the number written."""
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier, delimiter=";"))
    echelles = [
        Echelle(
            attente=attente,
            portee=portee,
            debut=dt.date.fromisoformat(debut),
            echelons=[_echelon(ligne) for ligne in barreaux],
            source=" ; ".join(dict.fromkeys(ligne["source"] for ligne in barreaux))[:300],
        )
        for (attente, portee, debut), groupe in groupby(lignes, itemgetter("attente", "portee", "debut"))
        for barreaux in [list(groupe)]
    ]
    Echelle.objects.using(using).bulk_create(
        echelles,
        update_conflicts=True,
        unique_fields=["attente", "portee", "debut"],
        update_fields=["echelons", "source"],
    )
    return len(echelles)


def _echelon(ligne: dict[str, str]) -> dict[str, str | int]:
    return {
        "code": ligne["echelon"],
        "delai": int(ligne["delai"]),
        **{champ: ligne[champ] for champ in ECHELON},
    }
