"""Vendored files are those that SOURCES.md lists, and the DSFR sheet is what its assembler writes."""

import hashlib
import re
import subprocess
import sys

import pytest
from django.conf import settings

VENDU = settings.PAQUET / "static" / "raccord" / "vendu"
LIGNE = re.compile(r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", re.MULTILINE)
LISTE = dict(LIGNE.findall((VENDU / "SOURCES.md").read_text()))


@pytest.mark.parametrize(("fichier", "empreinte"), LISTE.items())
def test_empreinte(fichier: str, empreinte: str) -> None:
    assert hashlib.sha256((VENDU / fichier).read_bytes()).hexdigest() == empreinte


def test_rien_de_vendu_sans_source() -> None:
    presents = {str(f.relative_to(VENDU)) for f in VENDU.rglob("*") if f.is_file()}
    assert {f for f in presents if "LICENCE" not in f and f != "SOURCES.md"} == set(LISTE)


def test_la_feuille_dsfr_est_a_jour() -> None:
    assembleur = settings.RACINE / "outils" / "assembler_dsfr.py"
    subprocess.run([sys.executable, str(assembleur), "--verifier"], check=True)


def test_le_theme_neutre_ne_porte_pas_la_marque_de_l_etat() -> None:
    feuilles = [f.read_text().lower() for f in (settings.PAQUET / "static" / "raccord").rglob("*.css")]
    assert not any("marianne" in feuille.replace("red-marianne", "") or "@import" in feuille for feuille in feuilles)


def test_les_feuilles_ne_demandent_rien_a_personne() -> None:
    for motif in ("*.css", "*.js", "*.svg"):
        for fichier in (settings.PAQUET / "static" / "raccord").rglob(motif):
            adresses = set(re.findall(r"url\([\"']?(https?:[^)\"']+)", fichier.read_text()))
            assert not adresses, fichier
