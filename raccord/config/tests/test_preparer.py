"""The preparation of a bare machine: what it lacks is named in one line, an interruption is mended.

Run as people run it, a script in a copy of the checkout, on a machine described by a folder of commands.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[3]
PRET = "raccord-pret.json"

# Runs before the script: an ordinary user or root, libraries absent at will.
DECOR = """
import ctypes, importlib.util, os, runpy, sys
os.geteuid = lambda: int(os.environ["UID_JOUE"])
absentes = os.environ["ABSENTES"].split()
vraie, cherche = ctypes.CDLL, importlib.util.find_spec
def charger(nom, *reste):
    if nom.startswith(tuple(absentes)) and not os.path.exists("apt-a-installe"):
        raise OSError(nom)
    return nom
ctypes.CDLL = charger
importlib.util.find_spec = lambda nom, *reste: None if nom in absentes else cherche(nom, *reste)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Machine:
    """A copy of the checkout's entry files, a PATH of our own, and the log of what was called on it."""

    def __init__(self, dossier: Path) -> None:
        self.racine = dossier / "copie"
        self.bin = dossier / "bin"
        self.journal = dossier / "appels"
        self.decor = dossier / "decor.py"
        self.decor.write_text(DECOR)
        self.bin.mkdir()
        (self.racine / "outils").mkdir(parents=True)
        (self.racine / "requirements").mkdir()
        shutil.copy(RACINE / "outils" / "preparer.py", self.racine / "outils")
        (self.racine / "pyproject.toml").write_text("[project]\nname = 'raccord'\n")
        for nom in ("base", "dev"):
            verrou = "uv==1.0 \\\n    --hash=sha256:aa\n    # via rien\nautre==2\n"
            (self.racine / "requirements" / f"{nom}.txt").write_text(verrou)

    def commande(self, nom: str, corps: str = "") -> None:
        """Put on PATH a command that logs its arguments, then does `corps`."""
        fichier = self.bin / nom
        fichier.write_text(f'#!/bin/sh\necho "{nom} $*" >> "{self.journal}"\n{corps}\n')
        fichier.chmod(0o755)

    def venv(self) -> Path:
        """A virtualenv whose python logs what it is asked, and answers yes."""
        bin_ = self.racine / ".venv" / "bin"
        bin_.mkdir(parents=True)
        (bin_.parent / "pyvenv.cfg").write_text("version = 3.11\n")
        for nom in ("python", "uv", "raccord"):
            self.commande(nom)
            shutil.move(self.bin / nom, bin_ / nom)
        return bin_.parent

    def appels(self) -> list[str]:
        return self.journal.read_text().splitlines() if self.journal.exists() else []

    def preparer(
        self, *options: str, uid: int = 1000, absentes: str = "rien", **env: str
    ) -> subprocess.CompletedProcess[str]:
        self.journal.unlink(missing_ok=True)
        return subprocess.run(
            [sys.executable, self.decor, str(self.racine / "outils" / "preparer.py"), *options],
            cwd=self.racine,
            env={"PATH": str(self.bin), "UID_JOUE": str(uid), "ABSENTES": absentes, "LANG": "C.UTF-8"} | env,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_une_seconde_fois_rien_n_est_refait(machine: Machine) -> None:
    machine.venv()
    assert machine.preparer("--dev").returncode == 0
    assert any("--require-hashes" in appel for appel in machine.appels())
    fait = machine.preparer("--dev")
    assert (fait.returncode, fait.stdout, fait.stderr) == (0, "", "")
    assert not any("install" in appel for appel in machine.appels())
    assert "install" not in machine.preparer().stdout  # dev holds base


def test_un_verrou_change_est_installe_de_nouveau(machine: Machine) -> None:
    machine.venv()
    machine.preparer()
    (machine.racine / "requirements" / "base.txt").write_text("autre==3\n")
    assert "requirements/base.txt" in machine.preparer().stdout


def test_une_installation_interrompue_est_reprise_en_entier(machine: Machine) -> None:
    venv = machine.venv()
    uv = (venv / "bin" / "uv").read_text()
    (venv / "bin" / "uv").write_text(uv + '[ "$1" = pip ] && kill -9 $PPID\n')
    assert machine.preparer().returncode == -9
    assert "base.txt" not in json.loads((venv / PRET).read_text())
    (venv / "bin" / "uv").write_text(uv)
    assert machine.preparer().returncode == 0
    assert any("--reinstall" in appel for appel in machine.appels())
    assert "en_cours" not in json.loads((venv / PRET).read_text())


def test_quand_uv_echoue_pip_prend_le_meme_verrou(machine: Machine) -> None:
    venv = machine.venv()
    with (venv / "bin" / "uv").open("a") as uv:
        uv.write('[ "$1" = --version ]\n')
    fait = machine.preparer()
    assert fait.returncode == 0
    assert "je recommence avec pip" in fait.stdout
    assert any(re.search(r"-m pip install .*--require-hashes -r .*/base.txt", appel) for appel in machine.appels())


def test_quand_rien_n_installe_la_phrase_le_dit_et_rien_n_est_tenu_pour_fait(machine: Machine) -> None:
    venv = machine.venv()
    for nom in ("uv", "python"):
        with (venv / "bin" / nom).open("a") as programme:
            programme.write('case "$*" in *install*) exit 1;; esac\n')
    fait = machine.preparer()
    assert fait.returncode == 1
    assert "n'ont pas pu être installés" in fait.stderr
    assert "base.txt" not in json.loads((venv / PRET).read_text())


def test_un_utilisateur_ordinaire_recoit_une_seule_ligne_a_taper(machine: Machine) -> None:
    machine.commande("apt-get")
    fait = machine.preparer(absentes="libpango-1.0 libharfbuzz-subset ensurepip")
    version = "python{}.{}-venv".format(*sys.version_info[:2])
    assert fait.returncode == 1
    assert fait.stderr.strip().endswith(f"Tapez : sudo apt-get install -y libpango-1.0-0 libharfbuzz-subset0 {version}")
    assert machine.appels() == []


def test_root_installe_par_apt_et_ne_demande_les_listes_qu_au_besoin(machine: Machine) -> None:
    machine.venv()
    machine.commande("apt-get", f"PATH={os.environ['PATH']}; touch apt-a-installe")
    assert machine.preparer(uid=0, absentes="libpango-1.0").returncode == 0
    assert [appel.split()[1] for appel in machine.appels() if appel.startswith("apt-get")] == ["install"]
    (machine.racine / "apt-a-installe").unlink()
    listes = '[ "$1" = update ] && touch listes && exit; [ -e listes ] && touch apt-a-installe'
    machine.commande("apt-get", f"PATH={os.environ['PATH']}; {listes}")
    assert machine.preparer(uid=0, absentes="libpango-1.0").returncode == 0
    verbes = [appel.split()[1] for appel in machine.appels() if appel.startswith("apt-get")]
    assert verbes == ["install", "update", "install"]


def test_root_apprend_que_apt_echoue(machine: Machine) -> None:
    machine.commande("apt-get", "exit 100")
    fait = machine.preparer(uid=0, absentes="libpangoft2-1.0")
    assert fait.returncode == 1
    assert fait.stderr.strip().endswith("tapez : apt-get install -y libpangoft2-1.0-0")


def test_hors_de_debian_la_ligne_est_celle_du_systeme(machine: Machine) -> None:
    machine.commande("dnf")
    fait = machine.preparer(absentes="libpango-1.0")
    assert fait.returncode == 1
    assert "Tapez : sudo dnf install -y pango" in fait.stderr


def test_un_navigateur_du_chemin_suffit_s_il_demarre(machine: Machine) -> None:
    machine.venv()
    machine.commande("chromium")
    assert machine.preparer("--navigateur").returncode == 0
    assert not any("playwright" in appel for appel in machine.appels())


def test_un_navigateur_qui_ne_demarre_pas_ne_compte_pas(machine: Machine) -> None:
    venv = machine.venv()
    machine.commande("chromium-browser", "exit 1")
    machine.commande("apt-get")
    with (venv / "bin" / "python").open("a") as python:
        python.write('case "$*" in *"playwright install"*) exit 1;; esac\n')
    fait = machine.preparer("--navigateur")
    assert fait.returncode == 1
    assert "Tapez : sudo apt-get install -y chromium" in fait.stderr
    assert any("-m playwright install chromium" in appel for appel in machine.appels())
    assert not any(appel.startswith("apt-get") for appel in machine.appels())


def test_root_prend_le_navigateur_de_debian(machine: Machine) -> None:
    machine.venv()
    chromium = machine.bin / "chromium"
    corps = f'printf "#!/bin/sh\\n" > {chromium}; chmod +x {chromium}'
    machine.commande("apt-get", f"PATH={os.environ['PATH']}; {corps}")
    assert machine.preparer("--navigateur", uid=0).returncode == 0
    assert any(re.match(r"apt-get install .* chromium$", appel) for appel in machine.appels())
    assert not any("playwright" in appel for appel in machine.appels())


def test_se_passer_de_navigateur_se_dit_tout_haut(machine: Machine) -> None:
    machine.venv()
    fait = machine.preparer("--navigateur", RACCORD_SANS_NAVIGATEUR="1")
    assert fait.returncode == 0
    assert "RACCORD_SANS_NAVIGATEUR=1" in fait.stdout


def test_un_dossier_qui_n_est_pas_un_environnement_n_est_jamais_efface(machine: Machine) -> None:
    (machine.racine / "precieux").mkdir()
    (machine.racine / "precieux" / "lettre").write_text("à garder")
    fait = machine.preparer(RACCORD_VENV="precieux")
    assert fait.returncode == 1
    assert "n'est pas un environnement Python" in fait.stderr
    assert (machine.racine / "precieux" / "lettre").exists()


def test_un_python_trop_ancien_dit_la_version_voulue(machine: Machine) -> None:
    with machine.decor.open() as decor:
        texte = decor.read()
    machine.decor.write_text(texte.replace("runpy.run_path", "sys.version_info = (3, 9, 2)\nrunpy.run_path"))
    fait = machine.preparer()
    assert fait.returncode == 1
    assert "Raccord demande Python 3.11 ou plus récent" in fait.stderr
    assert "make demo PYTHON=python3.11" in fait.stderr


@pytest.mark.parametrize("nom", ["base.in", "base.txt", "dev.in", "dev.txt"])
def test_les_verrous_n_ont_ni_adresse_de_registre_ni_chemin_de_machine(nom: str) -> None:
    texte = (RACINE / "requirements" / nom).read_text()
    assert not re.search(r"https?:|file:|--index-url|--extra-index-url|--find-links|(^|\s)/\w", texte)


def test_chaque_paquet_verrouille_a_une_version_et_une_empreinte() -> None:
    for nom in ("base.txt", "dev.txt"):
        for bloc in re.split(r"\n(?=[A-Za-z0-9])", (RACINE / "requirements" / nom).read_text().strip()):
            assert re.match(r"[A-Za-z0-9._-]+==\S+ .*\\\n    --hash=sha256:", bloc), bloc[:80]
