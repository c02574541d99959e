"""The account that runs the server: PostgreSQL refuses root, who lends it one made for it."""

import os
import pwd
import shutil
import subprocess
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from raccord.config.base_locale.erreurs import BaseLocaleErreur

COMPTE = "raccord-base"  # PostgreSQL refuses to run as root: root lends it this system account


@cache
def compte_du_serveur() -> pwd.struct_passwd | None:
    """The account that runs the server when we are root, made on first use; None: we run it ourselves."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(COMPTE)
    nologin = shutil.which("nologin", path="/usr/sbin:/sbin:/usr/bin") or "/bin/false"
    commande = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", nologin, COMPTE]
    for _ in range(20):  # another start may hold the lock of the accounts, or be making the same one
        with suppress(OSError):
            subprocess.run(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with suppress(KeyError):
            return pwd.getpwnam(COMPTE)
        time.sleep(0.1)
    raise BaseLocaleErreur(
        f"PostgreSQL ne tourne pas en root et le compte {COMPTE} n'a pas pu être créé. "
        f"Créez-le ({' '.join(commande)}) ou lancez Raccord avec un utilisateur ordinaire."
    )


def proprietaire() -> int:
    compte = compte_du_serveur()
    return compte.pw_uid if compte else os.geteuid()


def executer(commande: list[str | Path], *, sortie: bool = True) -> subprocess.CompletedProcess[str]:
    """Run as the server's user, from a folder it can enter, without the PG* variables of our own shell."""
    compte = compte_du_serveur()
    identite: dict[str, Any] = {}
    if compte:
        identite = {"user": compte.pw_uid, "group": compte.pw_gid, "extra_groups": []}
    return subprocess.run(
        commande,
        cwd="/",
        env=environnement(),
        stdin=subprocess.DEVNULL,
        # A server inherits its starter's output: a pipe would then never close.
        stdout=subprocess.PIPE if sortie else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=0o077,
        **identite,
    )


def environnement() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
