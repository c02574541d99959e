"""The server of a folder: created, started, joined, repaired, stopped."""

import os
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import quote

from raccord.config.base_locale.compte import executer
from raccord.config.base_locale.dossiers import dossier_prive, emplacement, ouvrir_prise, prise_de, verrou
from raccord.config.base_locale.erreurs import BaseLocaleErreur
from raccord.config.base_locale.processus import PORT, en_marche, oter_perimes, pid_dans, repond
from raccord.config.base_locale.programmes import programmes_lisibles, version_de

ADMINISTRATEUR = "postgres"  # the superuser that initdb makes; the owner role of the embedded database
DELAI = 60  # seconds given to PostgreSQL to start (crash recovery included) or to stop

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


def adresse(prise: Path, base: str, role: str) -> str:
    """The postgresql:// address of `base` seen by `role`, through the socket folder `prise`."""
    return f"postgresql://{quote(role, safe='')}@/{quote(base, safe='')}?host={quote(str(prise))}&port={PORT}"


def demarrer(dossier: Path, *, durable: bool = True) -> Path:
    """Start the server of `dossier`, created if need be, and return its socket folder. Idempotent.

    `durable=False` trades the safety of the data for speed: for tests only. A running server never becomes
    less durable, it becomes durable at once when asked. Raises BaseLocaleErreur.
    """
    lieu = emplacement(dossier)
    donnees = lieu / "donnees"
    prise = prise_de(donnees)
    try:
        if en_marche(donnees) and _regle(donnees, prise, durable) and repond(prise):
            return prise
        with verrou(lieu):
            return _demarrer(lieu, donnees, prise, durable)
    except OSError as erreur:
        raise BaseLocaleErreur(f"La base locale ne peut pas être préparée dans {lieu} : {erreur}") from erreur


def arreter(dossier: Path) -> None:
    """Stop the server of `dossier`, cutting its connections; nothing happens when it is not running."""
    lieu = emplacement(dossier)
    if not lieu.exists():
        return
    with verrou(lieu):
        _arreter(lieu / "donnees")


def effacer(dossier: Path) -> None:
    """Stop the server and delete its data, wherever they are."""
    lieu = emplacement(dossier)
    if not lieu.exists():
        return
    with verrou(lieu):
        _arreter(lieu / "donnees")
        prise = prise_de(lieu / "donnees")
        shutil.rmtree(lieu)
        if prise.exists():
            shutil.rmtree(prise)


# --- The steps of a start -------------------------------------------------------------------------------


def _demarrer(lieu: Path, donnees: Path, prise: Path, durable: bool) -> Path:
    """Under the lock: whatever state a crash or another starter left, end with a server that answers."""
    if en_marche(donnees):
        return _rejoindre(donnees, prise, durable)
    programmes = programmes_lisibles(lieu)
    if not (donnees / "PG_VERSION").exists():
        _creer(lieu, donnees, programmes, durable)
    _verifier_version(donnees, programmes)
    ouvrir_prise(donnees, prise)
    oter_perimes(donnees, prise)
    _regler(donnees, prise, durable)
    _lancer(donnees, prise, programmes)
    return prise


def _rejoindre(donnees: Path, prise: Path, durable: bool) -> Path:
    """Use the server that runs, made durable if asked; wait for one that is still recovering."""
    if not _regle(donnees, prise, durable):
        _regler(donnees, prise, durable)
        os.kill(pid_dans(donnees / "postmaster.pid"), signal.SIGHUP)
        os.sync()  # what was written without fsync is not on the disk yet
    return _attendre(donnees, prise)


def _attendre(donnees: Path, prise: Path) -> Path:
    fin = time.monotonic() + DELAI
    while not repond(prise):
        if time.monotonic() > fin or not en_marche(donnees):
            raise BaseLocaleErreur(_echec("PostgreSQL tourne mais ne répond pas", donnees))
        time.sleep(0.1)
    return prise


def _creer(lieu: Path, donnees: Path, programmes: Path, durable: bool) -> None:
    """initdb beside, then rename: a start that was killed half-way leaves nothing that looks finished."""
    if donnees.exists() and any(donnees.iterdir()):
        raise BaseLocaleErreur(f"Le dossier {donnees} n'est pas une base PostgreSQL : videz-le ou déplacez-le.")
    ebauche = lieu / "donnees.ebauche"
    shutil.rmtree(ebauche, ignore_errors=True)
    dossier_prive(ebauche)
    options = ["-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions", "-U", ADMINISTRATEUR]
    if not durable:
        options.append("--no-sync")
    fait = executer([programmes / "initdb", "-D", ebauche, *options])
    if fait.returncode:
        raise BaseLocaleErreur(f"La base n'a pas pu être créée dans {lieu} :\n{fait.stdout.strip()}")
    reglages = (ebauche / "postgresql.conf").read_text()
    _ecrire(ebauche / "postgresql.conf", f"{reglages}\ninclude = 'raccord.conf'\n")
    ebauche.rename(donnees)


def _verifier_version(donnees: Path, programmes: Path) -> None:
    base, programme = int((donnees / "PG_VERSION").read_text()), version_de(programmes)
    if base != programme:
        raise BaseLocaleErreur(
            f"La base {donnees} a été créée par PostgreSQL {base} et les programmes trouvés sont en version "
            f"{programme}. Mettez-la de côté, une base neuve sera créée : mv {donnees} {donnees}-{base}"
        )


def _regler(donnees: Path, prise: Path, durable: bool) -> None:
    """Write the settings; in a file rather than on the command line, so that a reload can change them."""
    _ecrire(donnees / "raccord.conf", _reglages(prise, durable))


def _reglages(prise: Path, durable: bool) -> str:
    return REGLAGES.format(port=PORT, prise=str(prise).replace("'", "''"), durable="on" if durable else "off")


def _regle(donnees: Path, prise: Path, durable: bool) -> bool:
    """Whether the server that runs is durable enough for the caller."""
    return not durable or _lire(donnees / "raccord.conf") == _reglages(prise, True)


def _ecrire(fichier: Path, texte: str) -> None:
    """Write as the server's user: root must not follow a link that the server could have left there."""
    fait = executer(["/bin/sh", "-c", 'printf %s "$1" > "$2"', "sh", texte, fichier])
    if fait.returncode:
        raise BaseLocaleErreur(f"{fichier} n'a pas pu être écrit : {fait.stdout.strip()}")


def _lancer(donnees: Path, prise: Path, programmes: Path) -> None:
    """Start; after a crash the last processes of the former server may need some seconds to leave."""
    journal = donnees / "journal.log"
    commande: list[str | Path] = [programmes / "pg_ctl", "-D", donnees, "-l", journal, "-w", "-t", str(DELAI)]
    for _ in range(20):
        deja = len(_lire(journal))
        executer([*commande, "start"], sortie=False)
        if en_marche(donnees):
            _attendre(donnees, prise)
            return
        if "still in use" not in _lire(journal)[deja:]:
            break
        time.sleep(0.5)
    raise BaseLocaleErreur(_echec("PostgreSQL n'a pas pu démarrer", donnees))


def _arreter(donnees: Path) -> None:
    """Never `pg_ctl stop`: it would signal whichever process a stale file names."""
    if not en_marche(donnees):
        return
    os.kill(pid_dans(donnees / "postmaster.pid"), signal.SIGINT)  # PostgreSQL's "fast" shutdown
    fin = time.monotonic() + DELAI
    while en_marche(donnees):
        if time.monotonic() > fin:
            raise BaseLocaleErreur(_echec(f"PostgreSQL ne s'est pas arrêté en {DELAI} s", donnees))
        time.sleep(0.02)


def _echec(phrase: str, donnees: Path) -> str:
    journal = donnees / "journal.log"
    return "\n".join([f"{phrase}. Fin de {journal} :", *_lire(journal).splitlines()[-8:]])


def _lire(fichier: Path) -> str:
    return fichier.read_text(errors="replace") if fichier.exists() else ""
