"""Where a run works: beside the folder of results, so that a run that fails leaves no half result.

A complete result is never destroyed by a failed run: the new folder takes its place by a change of name, once it is
whole. A run that was stopped is taken up again where it stopped, if it is asked the same thing of the same files.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.memoire import pic, remettre_le_pic

BASE = "base.duckdb"
TEMOIN = "rapport.json"
"""The file that says that a folder is a complete result."""
PART_DE_DUCKDB, HORS_DUCKDB = 0.7, 150 << 20
"""What DuckDB may count of the memory asked for: it does not count all it takes, nor Python and its libraries."""

PAR_FIL = 512 << 20
"""Memory that each thread needs to join without stopping: with less, fewer threads."""


@dataclass(frozen=True)
class Etape:
    """A step of a run. `entiere`: what it makes and the fact that it is done are kept together.

    What a `passagere` step makes dies with the connection: a run taken up again makes it once more if it is needed.
    """

    nom: str
    libelle: str
    faire: Callable[[], object]
    entiere: bool = True
    passagere: bool = False


@dataclass(frozen=True)
class PhaseFaite:
    nom: str
    libelle: str
    secondes: float
    pic: int


class Atelier:
    """The work of one run on one folder of results."""

    def __init__(self, dossier: Path, *, memoire: int) -> None:
        self.dossier = dossier
        self.memoire = memoire
        self.chantier = dossier.parent / f".{dossier.name}.en-cours"
        self.ancien = dossier.parent / f".{dossier.name}.ancien"
        self.neuf = self.chantier / "resultat"
        self.repris = False

    @contextmanager
    def ouvert(self, cle: str) -> Iterator[DuckDBPyConnection]:
        """The base of the work, as a former run of the same key left it, or empty."""
        self._verifier_le_dossier()
        if not self.dossier.exists() and self.ancien.exists():  # stopped between two changes of name
            self.ancien.rename(self.dossier)
        self.chantier.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.chantier / "verrou").open("w") as verrou:
            try:
                fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ComparateurErreur(f"Une autre comparaison écrit déjà dans {self.dossier}.") from None
            connexion = self._reprendre(cle) or self._commencer(cle)
            try:
                yield connexion
            except ComparateurErreur:  # asked again, it would be refused again: nothing to go on from
                connexion.close()
                shutil.rmtree(self.chantier)
                raise
            finally:
                connexion.close()
                shutil.rmtree(self.chantier / "debordement", ignore_errors=True)

    def _verifier_le_dossier(self) -> None:
        if self.dossier.exists() and not self.dossier.is_dir():
            raise ComparateurErreur(f"{self.dossier} existe et n'est pas un dossier.")
        if self.dossier.is_dir() and any(self.dossier.iterdir()) and not (self.dossier / TEMOIN).exists():
            raise ComparateurErreur(
                f"Le dossier {self.dossier} contient autre chose qu'un résultat : choisissez-en un autre."
            )

    def _reprendre(self, cle: str) -> DuckDBPyConnection | None:
        if not (self.chantier / BASE).exists():
            return None
        try:
            connexion = self._connecter()
            connues = connexion.execute("SELECT cle FROM chantier").fetchall()
        except duckdb.Error:  # killed while it was made
            return None
        if connues != [(cle,)]:
            connexion.close()
            return None
        self.repris = bool(connexion.execute("FROM phases_faites").fetchall())
        return connexion

    def _commencer(self, cle: str) -> DuckDBPyConnection:
        self.vider()
        connexion = self._connecter()
        connexion.execute("CREATE TABLE phases_faites (nom VARCHAR, libelle VARCHAR, secondes DOUBLE, pic BIGINT)")
        connexion.execute("CREATE TABLE chantier AS SELECT $cle AS cle", {"cle": cle})
        return connexion

    def _connecter(self) -> DuckDBPyConnection:
        debordement = self.chantier / "debordement"
        debordement.mkdir(exist_ok=True)
        connexion = duckdb.connect(
            self.chantier / BASE,
            config={
                "memory_limit": f"{int(min(self.memoire * PART_DE_DUCKDB, self.memoire - HORS_DUCKDB)) >> 20}MiB",
                "temp_directory": str(debordement),
                "threads": max(1, min(os.cpu_count() or 1, self.memoire // PAR_FIL)),
                "force_compression": "uncompressed",  # compressing costs more than writing
                "preserve_insertion_order": False,
                "checkpoint_threshold": "16GB",  # once, at the end
            },
        )
        connexion.execute("SET enable_progress_bar = true")
        connexion.execute("SET enable_progress_bar_print = false")
        return connexion

    def vider(self) -> None:
        """Forget what was done, but the lock."""
        for chemin in self.chantier.iterdir():
            if chemin.is_dir():
                shutil.rmtree(chemin)
            elif chemin.name != "verrou":
                chemin.unlink()

    def derouler(self, connexion: DuckDBPyConnection, etapes: Sequence[Etape], annoncer: Callable[[str], None]) -> None:
        """Run the steps that are left, and tell the name of each as it begins."""
        for etape in etapes[self._reprise(connexion, etapes) :]:
            annoncer(etape.nom)
            remettre_le_pic()
            debut = time.monotonic()
            with _transaction(connexion) if etape.entiere else nullcontext():
                etape.faire()
                connexion.execute("DELETE FROM phases_faites WHERE nom = $nom", {"nom": etape.nom})
                connexion.execute(
                    "INSERT INTO phases_faites VALUES ($nom, $libelle, $secondes, $pic)",
                    {"nom": etape.nom, "libelle": etape.libelle, "secondes": time.monotonic() - debut, "pic": pic()},
                )

    def _reprise(self, connexion: DuckDBPyConnection, etapes: Sequence[Etape]) -> int:
        """The place of the first step to run: the first whose product is missing, and the passing ones before it."""
        faites = {nom for (nom,) in connexion.execute("SELECT nom FROM phases_faites").fetchall()}
        manquantes = (rang for rang, etape in enumerate(etapes) if not etape.passagere and etape.nom not in faites)
        rang = next(manquantes, len(etapes))
        while rang and etapes[rang - 1].passagere:
            rang -= 1
        return rang

    def phases_faites(self, connexion: DuckDBPyConnection) -> list[PhaseFaite]:
        return [PhaseFaite(*ligne) for ligne in connexion.execute("FROM phases_faites ORDER BY rowid").fetchall()]

    def preparer(self) -> Path:
        """The folder where the result is written, empty."""
        shutil.rmtree(self.neuf, ignore_errors=True)
        self.neuf.mkdir(mode=0o700)  # what is in it leads to people
        return self.neuf

    def abandonner(self) -> None:
        """Leave no trace of the work."""
        shutil.rmtree(self.chantier, ignore_errors=True)

    def publier(self) -> None:
        """Once the base is closed, put the new folder, with it, in the place of the old one."""
        (self.chantier / BASE).rename(self.neuf / BASE)
        shutil.rmtree(self.ancien, ignore_errors=True)
        if self.dossier.exists():
            self.dossier.rename(self.ancien)
        try:
            self.neuf.rename(self.dossier)
        except OSError:
            if self.ancien.exists():
                self.ancien.rename(self.dossier)
            raise
        shutil.rmtree(self.ancien, ignore_errors=True)
        shutil.rmtree(self.chantier, ignore_errors=True)


@contextmanager
def _transaction(connexion: DuckDBPyConnection) -> Iterator[None]:
    connexion.begin()
    try:
        yield
    except BaseException:
        connexion.rollback()
        raise
    connexion.commit()
