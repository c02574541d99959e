"""Our own command, files to files, with its list and its review file."""

import os
import shutil
import sys
from datetime import date
from pathlib import Path

import duckdb

from outils.comparateur.moteurs.commun import chemin
from raccord.comparateur.ligne_de_commande import main

JOUR = date(2026, 10, 31)
GARDES = ("decrocheurs.csv", "a_verifier.csv", "rapport.json")


def lier(dossier: Path, sortie: Path, moteur: str = "duckdb") -> None:
    """Run the command as anybody would. RACCORD_BENCH_MODELE and RACCORD_BENCH_MEMOIRE vary it."""
    resultat = sortie / "resultat"
    shutil.rmtree(resultat, ignore_errors=True)
    options = [
        "--date",
        JOUR.isoformat(),
        "--moteur",
        moteur,
        "--sortie",
        str(resultat),
    ]
    options += ["--memoire", os.environ.get("RACCORD_BENCH_MEMOIRE", "2GB")]
    if modele := os.environ.get("RACCORD_BENCH_MODELE"):
        options += ["--modele", modele]
    listes = [mot for liste in ("sortants", "inscrits") for mot in (f"--{liste}", str(chemin(dossier, liste)))]
    if main([*listes, *options]) == 2:
        sys.exit("raccord comparer a échoué")
    for nom in GARDES:
        shutil.copy(resultat / nom, sortie / nom)
    duckdb.execute(f"""
        COPY (SELECT identifiant_sortant, identifiant_inscrit, probabilite FROM '{resultat}/rapprochements.parquet')
        TO '{sortie}/liens.parquet' (FORMAT parquet)
    """)
    shutil.rmtree(resultat)
