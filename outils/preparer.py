#!/usr/bin/env python3
"""Make this checkout ready to run: virtualenv, locked packages, system libraries, a browser for the tests.

    python3 outils/preparer.py [--dev] [--navigateur]

Standard library only, run by whatever python3 the machine has: the syntax stays readable by Python 3.7 so
that an old one can say which version is needed. What the machine lacks is installed when we are root on
Debian; otherwise one line says what to type, before anything long has begun. An interrupted run is resumed
by the same command; the stamp in the virtualenv makes the next one instantaneous.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
VERSION_MINIMALE = (3, 11)
AUTRES_PYTHON = ("python3.13", "python3.12", "python3.11")
AUTORITES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome")

# Library as WeasyPrint loads it (Linux name, macOS name), and the Debian package that has it.
BIBLIOTHEQUES = (
    (("libpango-1.0.so.0", "libpango-1.0.dylib"), "libpango-1.0-0"),
    (("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"), "libpangoft2-1.0-0"),
    (("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"), "libharfbuzz-subset0"),
)
AUTRES_SYSTEMES = {
    "dnf": "sudo dnf install -y pango harfbuzz",
    "pacman": "sudo pacman -S --needed pango harfbuzz",
    "apk": "sudo apk add pango harfbuzz-subset font-dejavu",
    "brew": "brew install pango harfbuzz",
}


class Arret(Exception):
    """The preparation cannot go on; the message says what to type."""


def main() -> int:
    options = lire_options()
    try:
        prendre_un_python_recent()
        with preparation_unique():
            preparer(options.dev, options.navigateur)
    except Arret as arret:
        print(f"\n{arret}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu : la même commande reprendra où elle en était.", file=sys.stderr)
        return 130
    return 0


def lire_options() -> argparse.Namespace:
    analyse = argparse.ArgumentParser(description="Prépare Raccord : environnement, paquets, bibliothèques.")
    analyse.add_argument("--dev", action="store_true", help="avec les outils de test et de qualité")
    analyse.add_argument("--navigateur", action="store_true", help="avec un navigateur pour les tests")
    return analyse.parse_args()


def preparer(dev: bool, navigateur: bool) -> None:
    """Ask the machine for everything it lacks in one go, then fill the virtualenv."""
    installer_du_systeme(paquets_manquants())
    remplir_venv(dev)
    if navigateur:
        trouver_navigateur()


def dire(phrase: str) -> None:
    print(phrase, flush=True)


# --- Python ---------------------------------------------------------------------------------------------


def prendre_un_python_recent() -> None:
    """Go on with a recent Python when the machine has one under another name."""
    if sys.version_info >= VERSION_MINIMALE:
        return
    for nom in AUTRES_PYTHON:
        chemin = shutil.which(nom)
        if chemin and reussit([chemin, "-c", "import venv"]):
            os.execv(chemin, [chemin, *sys.argv])  # noqa: S606  the same script, under a found Python
    voulue = ".".join(map(str, VERSION_MINIMALE))
    trouvee = ".".join(map(str, sys.version_info[:3]))
    raise Arret(
        f"Raccord demande Python {voulue} ou plus récent ; {sys.executable} est en version {trouvee}.\n"
        f"Installez-en un, puis tapez par exemple : make demo PYTHON=python{voulue}"
    )


@contextmanager
def preparation_unique() -> Iterator[None]:
    """One preparation at a time per checkout; the kernel frees the lock of a process that dies."""
    descripteur = os.open(str(RACINE), os.O_RDONLY)
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        dire("Une autre préparation est en cours, j'attends qu'elle finisse…")
        fcntl.flock(descripteur, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descripteur)


# --- What the system must have --------------------------------------------------------------------------


def paquets_manquants() -> list[str]:
    """Debian packages for what this machine lacks: venv and the libraries of the PDF engine."""
    paquets = [paquet for noms, paquet in BIBLIOTHEQUES if not any(map(chargeable, noms))]
    if importlib.util.find_spec("ensurepip") is None and not venv_marche(dossier_venv()):
        paquets.append("python{}.{}-venv".format(*sys.version_info[:2]))
    return paquets


def chargeable(bibliotheque: str) -> bool:
    try:
        ctypes.CDLL(bibliotheque)
    except OSError:
        return False
    return True


def installer_du_systeme(paquets: list[str]) -> None:
    if not paquets:
        return
    if not chez_debian():
        ligne = next((ligne for outil, ligne in AUTRES_SYSTEMES.items() if shutil.which(outil)), "")
        conseil = f"Tapez : {ligne}" if ligne else "Installez Pango et HarfBuzz (hb-subset) pour ce système."
        raise Arret(f"Il manque à cette machine l'équivalent de : {' '.join(paquets)}.\n{conseil}")
    if not est_root():
        raise Arret(f"Il manque des paquets à cette machine. Tapez : sudo apt-get install -y {' '.join(paquets)}")
    if not apt_installe(paquets):
        raise Arret(f"apt-get a échoué. Réglez ce qu'il dit, puis tapez : apt-get install -y {' '.join(paquets)}")


def apt_installe(paquets: list[str]) -> bool:
    """The lists of packages may be absent or too old: they are fetched only when a first attempt fails."""
    dire(f"Installation par apt de {', '.join(paquets)}…")
    commande = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
    environnement = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if reussit([*commande, *paquets], environnement, delai=900):
        return True
    subprocess.call(["apt-get", "update", "-qq"], stdin=subprocess.DEVNULL)
    return subprocess.call([*commande, *paquets], stdin=subprocess.DEVNULL, env=environnement) == 0


def chez_debian() -> bool:
    return shutil.which("apt-get") is not None


def est_root() -> bool:
    return os.geteuid() == 0


def reussit(commande: list[str], environnement: dict[str, str] | None = None, delai: int = 60) -> bool:
    """Whether the command runs and succeeds, in silence and within `delai` seconds."""
    rien = subprocess.DEVNULL
    try:
        code = subprocess.call(commande, stdin=rien, stdout=rien, stderr=rien, env=environnement, timeout=delai)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return code == 0


# --- The virtualenv -------------------------------------------------------------------------------------


def dossier_venv() -> Path:
    return Path(os.path.abspath(RACINE / os.environ.get("RACCORD_VENV", ".venv")))


def remplir_venv(dev: bool) -> None:
    """Bring the virtualenv to the state that the lock and pyproject.toml describe; nothing when it is there."""
    venv = dossier_venv()
    verrou = RACINE / "requirements" / ("dev.txt" if dev else "base.txt")
    tampon = lire_tampon(venv)
    if not venv_marche(venv) or tampon.get("lieu", str(venv)) != str(venv):  # its scripts name its place
        creer_venv(venv)
        tampon = {}
    tampon["lieu"] = str(venv)
    if tampon.get(verrou.name) != empreinte(venv, verrou):
        installer_verrou(venv, verrou, reprise=bool(tampon.pop("en_cours", "")))
        tampon[verrou.name] = empreinte(venv, verrou)
        if dev:  # dev.txt holds base.txt, at the same versions
            tampon["base.txt"] = empreinte(venv, RACINE / "requirements" / "base.txt")
        ecrire_tampon(venv, tampon)
    projet = RACINE / "pyproject.toml"
    if tampon.get("projet") != empreinte(venv, projet) or not (venv / "bin" / "raccord").exists():
        installer_projet(venv)
        ecrire_tampon(venv, {**tampon, "projet": empreinte(venv, projet)})


def python_de(venv: Path) -> str:
    return str(venv / "bin" / "python")


def venv_marche(venv: Path) -> bool:
    """False when absent, half made, moved, or left behind by an upgrade of Python."""
    essai = "import sys, pip; sys.exit(sys.version_info[:2] < (3, 11) or sys.prefix == sys.base_prefix)"
    return (venv / "pyvenv.cfg").exists() and reussit([python_de(venv), "-c", essai])


def creer_venv(venv: Path) -> None:
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
        raise Arret(f"{venv} existe et n'est pas un environnement Python : déplacez-le, je ne l'efface pas.")
    dire(f"Création de l'environnement Python ({venv.name})…")
    python = getattr(sys, "_base_executable", sys.executable)  # ours may be the very one to replace
    if subprocess.call([python, "-m", "venv", "--clear", str(venv)]) != 0:
        raise Arret(f"L'environnement {venv} n'a pas pu être créé : voyez le message ci-dessus.")


def installer_verrou(venv: Path, verrou: Path, reprise: bool) -> None:
    """Fill the virtualenv from the locked file with uv, or with pip: slower, same file, same hashes.

    A run that was killed may leave a package that looks installed and is not whole: all are laid again.
    """
    dire(f"Installation des paquets de {verrou.relative_to(RACINE)} (de dix secondes à une minute)…")
    uv = trouver_uv(venv)
    options = ["--require-hashes", "-r", str(verrou)]
    ecrire_tampon(venv, {**lire_tampon(venv), "en_cours": verrou.name})
    uv_pip = [str(uv), "pip", "install", "-q", "--python", python_de(venv), *(["--reinstall"] if reprise else [])]
    if uv and subprocess.call([*uv_pip, *options], env=environnement_uv()) == 0:
        return
    if uv:
        dire("uv n'a pas réussi, je recommence avec pip, qui connaît les réglages de cette machine…")
    if subprocess.call([*pip(venv), *(["--force-reinstall"] if reprise else []), *options]) != 0:
        raise Arret(
            "Les paquets n'ont pas pu être installés : voyez le message ci-dessus (réseau ? espace disque ?), "
            "puis relancez la même commande, elle reprendra."
        )


def environnement_uv() -> dict[str, str]:
    """uv trusts its own authorities only, where pip follows the machine: behind a company's proxy it must too."""
    if any(map(os.path.exists, AUTORITES)):
        return {**os.environ, "UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}  # new name, old name
    return dict(os.environ)


def pip(venv: Path) -> list[str]:
    return [python_de(venv), "-m", "pip", "install", "-q", "--disable-pip-version-check"]


def trouver_uv(venv: Path) -> str | None:
    """uv of the virtualenv, else of the machine, else installed at the version and hashes of our lock."""
    uv = str(venv / "bin" / "uv")
    if reussit([uv, "--version"]):
        return uv
    systeme = shutil.which("uv")
    if systeme and reussit([systeme, "--version"]):
        return systeme
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as demande:
        demande.write(extrait(RACINE / "requirements" / "dev.txt", "uv"))
        demande.flush()
        return uv if reussit([*pip(venv), "--require-hashes", "-r", demande.name]) else None


def extrait(verrou: Path, paquet: str) -> str:
    """The lines of one package in a locked file: its version, then its indented hashes."""
    lignes: list[str] = []
    for ligne in verrou.read_text(encoding="utf-8").splitlines():
        if ligne.startswith(f"{paquet}=="):
            lignes = [ligne]
        elif lignes and ligne.lstrip().startswith("--hash"):
            lignes.append(ligne)
        elif lignes:
            break
    return "\n".join(lignes) + "\n"


def installer_projet(venv: Path) -> None:
    dire("Installation de la commande raccord…")
    if subprocess.call([*pip(venv), "--no-deps", "--no-build-isolation", "-e", str(RACINE)]) != 0:
        raise Arret("Raccord n'a pas pu être installé dans son environnement : voyez le message ci-dessus.")


# --- The stamp ------------------------------------------------------------------------------------------


def fichier_tampon(venv: Path) -> Path:
    return venv / "raccord-pret.json"


def lire_tampon(venv: Path) -> dict[str, str]:
    try:
        tampon = json.loads(fichier_tampon(venv).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return tampon if isinstance(tampon, dict) else {}


def ecrire_tampon(venv: Path, tampon: dict[str, str]) -> None:
    """Written aside then renamed: a stamp is whole or absent."""
    brouillon = fichier_tampon(venv).with_suffix(".tmp")
    brouillon.write_text(json.dumps(tampon, indent=1, sort_keys=True), encoding="utf-8")
    brouillon.replace(fichier_tampon(venv))


def empreinte(venv: Path, fichier: Path) -> str:
    """What must not have changed since the last run: this file, the venv's Python, the place of the checkout."""
    contexte = (venv / "pyvenv.cfg").read_bytes() + os.fsencode(RACINE)
    return hashlib.sha256(contexte + fichier.read_bytes()).hexdigest()


# --- The browser ----------------------------------------------------------------------------------------


def sans_navigateur() -> bool:
    return os.environ.get("RACCORD_SANS_NAVIGATEUR") == "1"


def trouver_navigateur() -> None:
    """A browser that starts: on PATH, else Debian's when root, else playwright's in the user's cache."""
    if sans_navigateur():
        dire("RACCORD_SANS_NAVIGATEUR=1 : les tests dans un navigateur ne seront pas faits.")
        return
    if navigateur_installe():
        return
    if chez_debian() and est_root() and apt_installe(["chromium"]) and navigateur_installe():
        return
    dire("Téléchargement d'un navigateur par playwright…")
    python = python_de(dossier_venv())
    if subprocess.call([python, "-m", "playwright", "install", "chromium"]) == 0 and navigateur_installe():
        return
    ligne = "sudo apt-get install -y chromium" if chez_debian() else "installez Chromium, visible dans le PATH"
    raise Arret(
        f"Aucun navigateur ne démarre sur cette machine. Tapez : {ligne}\n"
        "ou passez ces tests en le disant : RACCORD_SANS_NAVIGATEUR=1 make test"
    )


def navigateur_installe() -> bool:
    """Started for real once: Ubuntu's chromium may be a shell that only advertises a snap."""
    venv = dossier_venv()
    connu = lire_tampon(venv).get("navigateur", "")
    if os.access(connu, os.X_OK):
        return True
    for chemin in navigateurs_possibles():
        if reussit([chemin, "--version"]):
            ecrire_tampon(venv, {**lire_tampon(venv), "navigateur": chemin})
            return True
    return False


def navigateurs_possibles() -> Iterator[str]:
    """In the order of the tests' own search: PATH first, then playwright's."""
    yield from filter(None, map(shutil.which, NAVIGATEURS))
    telecharge = navigateur_de_playwright()
    if telecharge:
        yield telecharge


def navigateur_de_playwright() -> str | None:
    if not (dossier_venv() / "bin" / "playwright").exists():
        return None
    demande = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    fait = subprocess.run([python_de(dossier_venv()), "-c", demande], stdout=subprocess.PIPE, check=False)
    return os.fsdecode(fait.stdout).strip() or None


if __name__ == "__main__":
    sys.exit(main())
