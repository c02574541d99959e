"""How many address × role × object cases the permission matrix plays, and whether it holds on this machine now."""

import os
import subprocess
import sys
from pathlib import Path

from outils.bench.mesure import Mesure
from tests.monde import COLONNES
from tests.test_matrice import lire_table

RACINE = Path(__file__).resolve().parents[2]
DU_BENCH = {"RACCORD_DOSSIER", "RACCORD_MODE", "DJANGO_SETTINGS_MODULE"}


def mesurer() -> Mesure:
    """The suite plays it, in its own base."""
    table = lire_table()
    environnement = {cle: valeur for cle, valeur in os.environ.items() if cle not in DU_BENCH}
    essai = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/test_matrice.py"],
        cwd=RACINE,
        env=environnement,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    methodes = sum(len(methodes) for _, methodes in table.values())
    return Mesure(
        "matrice des droits",
        "chaque cas répond ce que la table dit",
        essai.returncode == 0,
        {
            "adresses": len(table),
            "methodes": methodes,
            "colonnes": len(COLONNES),
            "cas": methodes * len(COLONNES),
        },
    )
