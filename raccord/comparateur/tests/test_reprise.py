"""A run that is stopped goes on from its last whole phase, and ends as if it had not been stopped."""

import errno
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from raccord.comparateur import comparaison
from raccord.comparateur.atelier import Atelier
from raccord.comparateur.comparaison import PHASES
from raccord.comparateur.moteur import Phase
from raccord.comparateur.tests.lignes import JOUR, Essai, ecrire, inscrit, sortant

TUER = """
import os, signal, sys
from dataclasses import replace
from raccord.comparateur import comparaison, ligne_de_commande

def tuer(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def puis_tuer(executer):
    return lambda *arguments: (executer(*arguments), tuer())

comparaison.PHASES = tuple(
    replace(phase, executer=tuer if sys.argv[2] == "avant" else puis_tuer(phase.executer))
    if phase.nom == sys.argv[1] else phase
    for phase in comparaison.PHASES
)
if sys.argv[1] == "rapport":
    comparaison.composer = tuer
ligne_de_commande.main(sys.argv[3:])
"""


@pytest.fixture
def essai(tmp_path: Path) -> Essai:
    return Essai(tmp_path)


def _tuer(essai: Essai, phase: str, moment: str) -> None:
    """Run the command and kill it before this phase, or at its end, before it is kept."""
    arguments = ["--sortants", essai.sortants, "--inscrits", essai.inscrits, "--date", JOUR, "--sortie", essai.sortie]
    processus = subprocess.run([sys.executable, "-c", TUER, phase, moment, *map(str, arguments)], timeout=60)
    assert processus.returncode == -9


def _resultat(essai: Essai) -> dict[str, str]:
    return {
        nom: (essai.sortie / nom).read_text() for nom in ("rapprochements.csv", "decrocheurs.csv", "a_verifier.csv")
    }


@pytest.mark.horloge_reelle
@pytest.mark.parametrize("moment", ["avant", "apres"])
@pytest.mark.parametrize("tuee", [phase.nom for phase in PHASES])
def test_tue_puis_repris(
    essai: Essai, tuee: str, moment: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _tuer(essai, tuee, moment)
    assert not essai.sortie.exists()
    rang = [phase.nom for phase in PHASES].index(tuee)
    while PHASES[rang].passagere or (rang and PHASES[rang - 1].passagere):  # what passes was lost with the process
        rang -= 1
    refaites = [_interdire(phase) if place < rang else phase for place, phase in enumerate(PHASES)]
    monkeypatch.setattr(comparaison, "PHASES", tuple(refaites))
    monkeypatch.setattr(comparaison, "lire_cote", _jamais)
    assert essai.comparer() == 0
    assert "Le travail interrompu a été repris." in capsys.readouterr().err
    repris = _resultat(essai)
    with duckdb.connect(essai.sortie / "base.duckdb", read_only=True) as base:
        assert len(base.execute("FROM origine_des_niveaux").fetchall()) == 1  # nothing of the killed phase was kept
    monkeypatch.undo()
    essai.sortie = essai.dossier / "temoin"
    assert essai.comparer() == 0
    assert repris == _resultat(essai)


@pytest.mark.horloge_reelle
def test_tue_une_fois_les_fichiers_ecrits(essai: Essai) -> None:
    """The report was being made: the files of the result are there all the same at the end."""
    _tuer(essai, "rapport", "avant")
    assert essai.comparer() == 0
    repris = _resultat(essai)
    essai.sortie = essai.dossier / "temoin"
    assert essai.comparer() == 0
    assert repris == _resultat(essai)


def _jamais(*_: object, **__: object) -> None:
    raise AssertionError("déjà fait")


def _interdire(phase: Phase) -> Phase:
    return replace(phase, executer=_jamais)


@pytest.mark.horloge_reelle
def test_des_listes_changees_ne_reprennent_rien(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    _tuer(essai, "comparer", "avant")
    ecrire(essai.inscrits, [inscrit(rang) for rang in range(35)])
    assert essai.comparer() == 0
    assert essai.decrocheurs() == {sortant(rang)["identifiant"] for rang in range(35, 40)}
    assert "repris" not in capsys.readouterr().err


@pytest.mark.horloge_reelle
def test_arrete_entre_deux_changements_de_nom(essai: Essai, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old result has left its place, the new one has not taken it: the old one comes back."""
    assert essai.comparer() == 0
    avant = _resultat(essai)
    essai.sortie.rename(essai.dossier / ".resultat.ancien")
    essai.sortants.unlink()
    ecrire(essai.sortants, [sortant(1)])
    monkeypatch.setattr(comparaison, "lire_cote", _jamais)
    with pytest.raises(AssertionError, match="déjà fait"):
        essai.comparer()
    assert _resultat(essai) == avant


def test_le_nouveau_resultat_ne_peut_pas_prendre_sa_place(
    essai: Essai, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert essai.comparer() == 0
    avant = _resultat(essai)
    ecrire(essai.sortants, [sortant(1)])
    renommer = Path.rename

    def refuser(source: Path, cible: Path) -> Path:
        if source.name == "resultat" and source.parent.name.startswith("."):
            raise OSError(errno.ENOSPC, "No space left on device")
        return renommer(source, cible)

    monkeypatch.setattr(Path, "rename", refuser)
    assert essai.comparer() == 2
    assert "Le disque est plein" in capsys.readouterr().err
    assert _resultat(essai) == avant


def test_deux_comparaisons_a_la_fois(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    with Atelier(essai.sortie, memoire=512 << 20).ouvert("autre"):
        assert essai.comparer() == 2
    assert "Une autre comparaison écrit déjà" in capsys.readouterr().err
