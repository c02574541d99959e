"""Is the server running, and is it ours? A pid proves nothing."""

import os
import re
import subprocess
from pathlib import Path

from raccord.config.base_locale.compte import environnement
from raccord.config.base_locale.programmes import trouver_programmes

PORT = "5432"  # only the name of a file in our own folder, never a network port


def en_marche(donnees: Path) -> bool:
    """Whether the server of this folder runs, ready or not."""
    return _sert(pid_dans(donnees / "postmaster.pid"), donnees)


def pid_dans(fichier: Path) -> int:
    """The pid that a PostgreSQL lock file names, 0 when there is none."""
    try:
        return abs(int(fichier.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return 0


def _sert(pid: int, donnees: Path) -> bool:
    """Whether `pid` is the server of this very folder: a pid alone may name a zombie or another program."""
    mots = _mots_du_processus(pid) if pid else []
    return bool(mots) and Path(mots[0]).name.startswith("postgres") and str(donnees) in mots


def _mots_du_processus(pid: int) -> list[str]:
    """The command line of a living process, readable by all; empty for a zombie."""
    if not Path("/proc/self").exists():
        fait = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
        return re.split(r" (?=-D )|(?<=-D) ", fait.stdout.strip())
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return []


def repond(prise: Path) -> bool:
    """Whether a server takes connections there."""
    commande: list[str | Path] = [trouver_programmes() / "pg_isready", "-q", "-h", prise, "-p", PORT]
    return subprocess.run(commande, env=environnement()).returncode == 0


def oter_perimes(donnees: Path, prise: Path) -> None:
    """Remove what a crash or a restored copy left. No server of ours runs, and PostgreSQL would take a zombie,
    or a program that got the same pid, for a living server and refuse to start."""
    for perime in (donnees / "postmaster.pid", prise / f".s.PGSQL.{PORT}.lock", prise / f".s.PGSQL.{PORT}"):
        perime.unlink(missing_ok=True)
