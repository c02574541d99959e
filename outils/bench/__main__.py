"""Prepare a throw-away base, measure, tell, clean."""

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from outils.bench.mesure import MESURES

RACINE = Path(__file__).resolve().parents[2]


def main() -> int:
    """The base is chosen before Django is loaded: settings are read once."""
    analyse = argparse.ArgumentParser(prog="python -m outils.bench", description="Mesures de Raccord.")
    analyse.add_argument("--offres", type=int, default=10_000, help="offres publiées pendant les mesures")
    analyse.add_argument("--seulement", nargs="+", choices=MESURES, default=[])
    analyse.add_argument("--sans-page", action="store_true", help="ne récrit pas docs/mesures.md")
    options = analyse.parse_args()
    # Short: a socket address holds about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="raccord-bench-") as dossier:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {
            "RACCORD_DOSSIER": dossier,
            "RACCORD_MODE": "demo",
            "RACCORD_NIVEAU_TRACES": "ERROR",
            "DJANGO_SETTINGS_MODULE": "raccord.config.settings",
        }
        try:
            django.setup()
            return importlib.import_module("outils.bench.deroule").derouler(options)
        finally:
            arret = [sys.executable, "-m", "raccord.config.base_locale", "effacer", f"{dossier}/postgres"]
            subprocess.run(arret, cwd=RACINE, check=False)


if __name__ == "__main__":
    sys.exit(main())
