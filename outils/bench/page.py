"""`docs/mesures.md`: the last time each thing was measured, with the machine and how busy it was."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from outils.bench.mesure import MESURES, Mesure

Ligne = dict[str, Any]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "mesures.md"
LIGNES = PAGE.with_suffix(".jsonl")
DITS = {"groupe", "le", "charge", "machine", "mesure", "but", "atteint"}
"""What a line says elsewhere than in its result."""
VIRGULES = str.maketrans(".", ",")


class Memoire:
    """Measures, one line each: those of a group measured again replace it whole; the others stay, with their day."""

    def __init__(self, offres: int) -> None:
        self.machine = dict(_machine(offres))
        self.lignes = [json.loads(ligne) for ligne in LIGNES.read_text().splitlines()] if LIGNES.exists() else []
        self.refaits: set[str] = set()

    def garder(self, groupe: str, mesure: Mesure) -> None:
        """Keep one, and write the page again."""
        if groupe not in self.refaits:
            self.lignes = [ligne for ligne in self.lignes if ligne["groupe"] != groupe]
            self.refaits.add(groupe)
        charge = round(os.getloadavg()[1], 1)
        le = f"{timezone.localdate():%d/%m/%Y}"
        self.lignes.append({"groupe": groupe, "le": le, "charge": charge, **mesure.en_json(), "machine": self.machine})
        self.lignes.sort(key=lambda ligne: MESURES.index(ligne["groupe"]))
        LIGNES.write_text("".join(f"{json.dumps(ligne, ensure_ascii=False)}\n" for ligne in self.lignes))
        PAGE.write_text("\n".join(_page(self.lignes, self.machine)), encoding="utf-8")


def _page(mesures: list[Ligne], machine: dict[str, str]) -> list[str]:
    return [
        "# Mesures",
        "",
        "Écrites par `make bench` (`python -m outils.bench`) depuis `mesures.jsonl`, jamais à la main. Tout se passe",
        "sur une machine : la base, le serveur (gunicorn, 2 processus de 8 fils) et les clients se partagent les mêmes",
        "cœurs. « Charge » est celle des cinq dernières minutes, mesure comprise : au-delà de 3, la machine faisait",
        "autre chose, et les temps sont trop longs ; les rapports se comparent encore.",
        "",
        *(f"- {nom} : {valeur}" for nom, valeur in machine.items()),
        "",
        "| Mesure | But | Atteint | Résultat | Le | Charge |",
        "|---|---|---|---|---|--:|",
        *(
            f"| {m['mesure']} | {m['but']} | {'oui' if m['atteint'] else '**non**'} | {_resultat(m)} | {m['le']} "
            f"| {_mots(m['charge'])} |"
            for m in mesures
        ),
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


def _resultat(mesure: Ligne) -> str:
    return ", ".join(f"{nom} {_mots(valeur)}" for nom, valeur in mesure.items() if nom not in DITS)


def _mots(valeur: Any) -> str:
    if isinstance(valeur, list):
        return ", ".join(valeur) or "aucun"
    return f"{valeur}".translate(VIRGULES) if isinstance(valeur, float) else f"{valeur}"


def _machine(offres: int) -> list[tuple[str, str]]:
    with connection.cursor() as curseur:
        curseur.execute("SHOW server_version")
        (postgresql,) = curseur.fetchone()
    return [
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
