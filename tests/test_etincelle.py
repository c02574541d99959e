"""`raccord comparer --moteur spark`: the same lists, the same decisions as DuckDB, however the work is cut."""

import csv
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from outils.comparateur.population import ecrire
from raccord.comparateur.comparaison import Demande, comparer_fichiers, phases_du_moteur
from raccord.comparateur.erreurs import ComparateurErreur

RESULTATS = ("decrocheurs.csv", "a_verifier.csv", "rapprochements.csv", "doublons.csv")
pytestmark = pytest.mark.horloge_reelle
avec_java = pytest.mark.skipif(
    not (os.environ.get("JAVA_HOME") or shutil.which("java") or os.environ.get("CI")),
    reason="pas de Java sur cette machine : Spark n'est pas essayé (il lui faut Java 17)",
)


@pytest.fixture(scope="module")
def listes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = tmp_path_factory.mktemp("listes")
    ecrire(dossier, 2000, 2200, profil="fort")
    return dossier


@pytest.fixture(scope="module")
def par_duckdb(listes: Path) -> dict[str, bytes]:
    return _comparer(listes, listes / "duckdb", "duckdb", [listes / "sortants.csv"])


def _comparer(listes: Path, sortie: Path, moteur: str, sortants: list[Path]) -> dict[str, bytes]:
    comparer_fichiers(
        Demande(
            sortants=[str(chemin) for chemin in sortants],
            inscrits=[str(listes / "inscrits.csv")],
            date=date(2026, 10, 31),
            sortie=sortie,
            moteur=moteur,
        )
    )
    return {nom: (sortie / nom).read_bytes() for nom in RESULTATS}


@avec_java
@pytest.mark.spark
@pytest.mark.parametrize(
    ("partitions", "fichiers", "dossier"), [(1, 1, "l'étincelle"), (3, 4, "morceaux")], ids=["entier", "en morceaux"]
)
def test_spark_donne_les_memes_fichiers_que_duckdb(
    listes: Path,
    par_duckdb: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    partitions: int,
    fichiers: int,
    dossier: str,
) -> None:
    monkeypatch.setattr("raccord.comparateur.etincelle.PARTITIONS", partitions)
    assert len(par_duckdb["decrocheurs.csv"].splitlines()) > 100
    sortants = _couper(listes / "sortants.csv", fichiers)
    assert _comparer(listes, listes / dossier, "spark", sortants) == par_duckdb


def test_sans_pyspark_la_commande_dit_quoi_installer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "raccord.comparateur.etincelle", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ComparateurErreur, match="installez pyspark"):
        phases_du_moteur("spark")


def test_sans_java_la_commande_le_dit_et_ne_laisse_rien(listes: Path, tmp_path: Path) -> None:
    fichiers = ["--sortants", str(listes / "sortants.csv"), "--inscrits", str(listes / "inscrits.csv")]
    options = ["--date", "2026-10-31", "--moteur", "spark", "--sortie", str(tmp_path / "sortie")]
    fini = subprocess.run(
        [sys.executable, "-m", "raccord", "comparer", *fichiers, *options],
        env=os.environ | {"JAVA_HOME": "/nulle-part"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fini.returncode == 2
    assert "il lui faut Java 17" in fini.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def _couper(fichier: Path, nombre: int) -> list[Path]:
    """The file in so many, in the same order."""
    with fichier.open(encoding="utf-8", newline="") as lu:
        entete, *lignes = list(csv.reader(lu))
    chemins = [fichier.with_name(f"sortants_{rang}.csv") for rang in range(nombre)]
    for rang, chemin in enumerate(chemins):
        with chemin.open("w", encoding="utf-8", newline="") as ecrit:
            csv.writer(ecrit).writerows(
                [entete, *lignes[len(lignes) * rang // nombre : len(lignes) * (rang + 1) // nombre]]
            )
    return chemins
