"""The folders of the server: closed to all others, within its reach, and no parent ever opened."""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from raccord.config.base_locale.compte import compte_du_serveur, executer, proprietaire
from raccord.config.base_locale.erreurs import BaseLocaleErreur

CHEMIN_MAXIMAL = 90  # a socket address holds 107 bytes, `/.s.PGSQL.5432` and its lock included
REFUGES = Path("/var/tmp")  # noqa: S108  sticky, survives a reboot; every folder taken in it is checked


def emplacement(dossier: Path) -> Path:
    """The folder really used for `dossier`: itself, or a refuge when the server's user cannot live there.

    A checkout in /root, or on a mount without owners, must work too, and no parent folder may be opened.
    """
    dossier = dossier.resolve()
    return dossier if utilisable(dossier) else refuge("base", dossier)


@contextmanager
def verrou(lieu: Path) -> Iterator[None]:
    """One starter at a time; the kernel frees the lock of a process that dies."""
    try:
        dossier_traversable(lieu)
        descripteur = os.open(lieu / "verrou", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except PermissionError:
        raise BaseLocaleErreur(
            f"Le dossier {lieu} appartient à un autre utilisateur : reprenez-le (sudo chown -R $(id -u) {lieu}) "
            "ou donnez une autre base par DATABASE_URL."
        ) from None
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descripteur)


def dossier_prive(chemin: Path) -> None:
    """Make a folder of the server's user, closed to all others."""
    chemin.mkdir(mode=0o700)
    if compte := compte_du_serveur():
        os.chown(chemin, compte.pw_uid, compte.pw_gid, follow_symlinks=False)


def dossier_traversable(chemin: Path) -> None:
    """Make a folder that the server's user can enter and only we can change, whatever our umask."""
    if not chemin.exists():
        chemin.mkdir(parents=True, exist_ok=True)
        chemin.chmod(0o755)


def utilisable(dossier: Path) -> bool:
    """Whether the server's user can live in `dossier`: known from its data, else tried for real."""
    if re.search(r'["`$\\\n]', str(dossier)):  # pg_ctl hands the path to a shell
        return False
    essai = dossier / f"essai-{os.getpid()}"
    try:
        if (dossier / "donnees").exists():
            return (dossier / "donnees").stat().st_uid == proprietaire() and _traversable(dossier)
        dossier_traversable(dossier)
        dossier_prive(essai)
        return executer(["/bin/sh", "-c", 'cd "$1" && : > x', "sh", essai]).returncode == 0
    except OSError:
        return False
    finally:
        shutil.rmtree(essai, ignore_errors=True)


def _traversable(dossier: Path) -> bool:
    """Whether the server's user can enter `dossier`. Read from the modes: this runs at each start."""
    compte = compte_du_serveur()
    if compte is None:
        return os.access(dossier, os.X_OK)
    return all(_entre(parent.stat(), compte) for parent in [dossier, *dossier.parents])


def _entre(etat: os.stat_result, compte: pwd.struct_passwd) -> bool:
    if etat.st_uid == compte.pw_uid:
        return bool(etat.st_mode & stat.S_IXUSR)
    return bool(etat.st_mode & (stat.S_IXGRP if etat.st_gid == compte.pw_gid else stat.S_IXOTH))


def prise_de(donnees: Path) -> Path:
    """The socket folder: the data folder, or a short one when the path does not fit a socket address."""
    if len(os.fsencode(donnees)) <= CHEMIN_MAXIMAL:
        return donnees
    return refuge("prise", donnees)


def refuge(role: str, dossier: Path) -> Path:
    """A short folder of our own under /var/tmp, the same at each start for the same folder and user."""
    empreinte = hashlib.sha256(os.fsencode(dossier)).hexdigest()[:12]
    chemin = REFUGES / f"raccord-{role}-{os.geteuid()}-{empreinte}"
    if chemin.is_symlink() or (chemin.exists() and chemin.stat().st_uid not in {os.geteuid(), proprietaire()}):
        raise BaseLocaleErreur(f"{chemin} appartient à un autre utilisateur : faites-le supprimer, puis recommencez.")
    return chemin


def ouvrir_prise(donnees: Path, prise: Path) -> None:
    if prise != donnees and not prise.exists():
        dossier_prive(prise)
