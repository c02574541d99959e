"""`docs/mesures.md`: the last whole run, with the machine it ran on."""

import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from outils.bench.mesure import Mesure

Dire = Callable[[Mesure], None]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "mesures.md"
VIRGULES = str.maketrans(".", ",")


def ecrire(mesures: list[Mesure], offres: int) -> None:
    """Write the page again, whole."""
    lignes = [
        "# Mesures",
        "",
        "Écrites par `make bench` (`python -m outils.bench`), jamais à la main. Tout se passe sur une machine : la",
        "base, le serveur (gunicorn, 2 processus de 8 fils) et les clients se partagent les mêmes cœurs.",
        "",
        *(f"- {nom} : {valeur}" for nom, valeur in _machine(offres)),
        "",
        "| Mesure | But | Atteint | Résultat |",
        "|---|---|---|---|",
        *(f"| {m.nom} | {m.but} | {'oui' if m.atteint else '**non**'} | {_resultat(m)} |" for m in mesures),
        "",
        "Le rapport d'une page à son SQL nu compare le temps que mettent 20 clients à lire 15 fois la page et celui",
        "que mettent 20 connexions à exécuter 15 fois ses seules requêtes. Le poids compte les corps tels qu'envoyés",
        "(compressés), polices comprises, sans cache.",
        "",
        "Le coût du cloisonnement compare les mêmes pages, lues dans un seul processus par le même compte et le même",
        "rôle de la base, avec les politiques et sans : le propriétaire les désactive et l'identité n'est pas dite.",
        "Les lectures alternent, les temps sont des médianes, les pages sont les dix plus lentes de celles de tous",
        "les jours. Les jeunes de la démonstration y sont copiés à l'échelle du pays. Le robot et schemathesis sont",
        "dits dans `docs/securite.md`.",
        "",
    ]
    PAGE.write_text("\n".join(lignes), encoding="utf-8")


def _resultat(mesure: Mesure) -> str:
    return ", ".join(f"{nom} {_mots(valeur)}" for nom, valeur in mesure.valeurs.items())


def _mots(valeur: Any) -> str:
    if isinstance(valeur, list):
        return ", ".join(valeur) or "aucun"
    return f"{valeur}".translate(VIRGULES) if isinstance(valeur, float) else f"{valeur}"


def _machine(offres: int) -> list[tuple[str, str]]:
    with connection.cursor() as curseur:
        curseur.execute("SHOW server_version")
        (postgresql,) = curseur.fetchone()
    return [
        ("Date", f"{timezone.localdate():%d/%m/%Y}"),
        ("Machine", f"{os.cpu_count()} cœurs, {_processeur()}, {platform.system()} {platform.machine()}"),
        (
            "Versions",
            f"Python {platform.python_version()}, Django {version('django')}, PostgreSQL {postgresql}, "
            f"gunicorn {version('gunicorn')}, Raccord {version('raccord')}",
        ),
        ("Base", f"{offres} offres publiées en plus du territoire de démonstration"),
    ]


def _processeur() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as fichier:
            modele = next((ligne.partition(":")[2].strip() for ligne in fichier if ligne.startswith("model name")), "")
    except OSError:
        modele = ""
    return modele or platform.processor() or "processeur inconnu"
