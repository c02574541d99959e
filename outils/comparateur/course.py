"""One engine in a process of its own: its whole wall time and the peak of its memory, children (a JVM) included.

`python -m outils.comparateur.course MOTEUR DOSSIER SORTIE` is that process; `courir` starts it and watches.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
PAS = 0.2  # seconds between two looks at the memory


class CourseRatee(Exception):
    """Le moteur a échoué : rien n'est mesuré."""


@dataclass(frozen=True)
class Course:
    """What a run cost. `memoire_mo`: sum over its processes of the peak of each."""

    secondes: float
    memoire_mo: float


def courir(moteur: str, dossier: Path, sortie: Path, *, options: dict[str, str] | None = None) -> Course:
    """Run the engine to its end. Raises CourseRatee with the end of what it said."""
    sortie.mkdir(parents=True, exist_ok=True)
    commande = [sys.executable, "-m", "outils.comparateur.course", moteur, str(dossier), str(sortie)]
    journal = sortie / "journal.txt"
    with journal.open("w") as dit:
        debut = time.perf_counter()
        enfant = subprocess.Popen(
            commande, cwd=RACINE, env=os.environ | (options or {}), stdout=dit, stderr=dit, start_new_session=True
        )
        pics: dict[int, int] = {}
        guet = threading.Thread(target=_guetter, args=(enfant, pics), daemon=True)
        guet.start()
        statut = enfant.wait()
        secondes = time.perf_counter() - debut
        guet.join()
    if statut:
        raise CourseRatee(f"{moteur} (statut {statut}) : {journal.read_text()[-2000:]}")
    propre = json.loads((sortie / "cout.json").read_text())["memoire_ko"]
    autres = sum(pic for pid, pic in pics.items() if pid != enfant.pid)
    return Course(round(secondes, 2), round((propre + autres) / 1024))


def _guetter(enfant: subprocess.Popen[bytes], pics: dict[int, int]) -> None:
    """Note the peak (VmHWM, kB) of every process of the child's session while it runs."""
    while enfant.poll() is None:
        for pid in _session(enfant.pid):
            with contextlib.suppress(OSError, StopIteration):
                pics[pid] = _pic(pid)
        time.sleep(PAS)


def _pic(pid: int | str) -> int:
    lignes = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(ligne for ligne in lignes if ligne.startswith("VmHWM")).split()[1])


def _session(chef: int) -> list[int]:
    pids = []
    for dossier in Path("/proc").iterdir():
        if dossier.name.isdigit():
            with contextlib.suppress(OSError):
                if int((dossier / "stat").read_text().rpartition(")")[2].split()[3]) == chef:
                    pids.append(int(dossier.name))
    return pids


def main() -> int:
    """The child: run, then tell its own peak, which a watcher may have missed."""
    moteur, dossier, sortie = sys.argv[1:4]
    importlib.import_module(f"outils.comparateur.moteurs.{moteur}").lier(Path(dossier), Path(sortie))
    # Not getrusage: its peak is inherited from whoever started the process.
    cout = {"memoire_ko": _pic("self")}
    (Path(sortie) / "cout.json").write_text(json.dumps(cout))
    return 0


if __name__ == "__main__":
    sys.exit(main())
