"""`make bench-comparateur`: every engine on the same made-up population, one process each, one JSON line per measure.

Lines are kept in `docs/comparateur-mesures.jsonl`; a measure taken again takes the place of the former one, a table is
replaced whole. `docs/comparateur-mesures.md`, and a part of `docs/comparateur.md`, are written from them.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from outils.comparateur import febrl
from outils.comparateur.course import RACINE, CourseRatee, courir
from outils.comparateur.juge import Juge
from outils.comparateur.page import DOCUMENT, PAGE, ecrire_pages
from outils.comparateur.population import DATE, ecrire, profils
from raccord.comparateur.modele import Modele, enregistrer, sans
from raccord.comparateur.niveaux import modele_de_depart

LIGNES = PAGE.with_suffix(".jsonl")
MOTEURS = (
    *("exacte", "ine", "rapid_fuzz", "record_linkage", "splink_defaut", "splink_adapte", "splink_regle"),
    *("nous_spark", "nous"),
)
LENTS = {"nous_spark": 100_000, "rapid_fuzz": 1_000_000, "record_linkage": 1_000_000}
"""The most leavers that an engine is given when nothing is said."""
SECTIONS = ("table", "ablation", "profils", "febrl", "courbe")
COURBE = (100_000, 300_000, 1_000_000, 3_000_000)
TAILLE_PROFILS = 50_000
Ligne = dict[str, Any]


@dataclass(frozen=True)
class Population:
    """What was generated."""

    sortants: int
    inscrits: int
    profil: str = "usuel"
    graine: int = 1


class Bench:
    """Runs, judges, tells."""

    def __init__(self, travail: Path, options: argparse.Namespace) -> None:
        self.travail = travail
        self.options = options
        self.lignes: list[Ligne] = []
        self.commun = {"date": datetime.now(UTC).date().isoformat(), "machine": _machine()}

    def population(self, population: Population) -> Path:
        """Its folder; generated once."""
        nom = f"{population.profil}-{population.sortants}-{population.inscrits}-{population.graine}"
        dossier = self.travail / nom
        if not dossier.exists():
            debut = time.perf_counter()
            fmt = "parquet" if population.sortants > 500_000 else "csv"
            ecrire(
                dossier, population.sortants, population.inscrits,
                graine=population.graine, profil=population.profil, fmt=fmt,
            )  # fmt: skip
            print(f"# population {nom} : {time.perf_counter() - debut:.0f} s", file=sys.stderr, flush=True)
        return dossier

    def mesurer(
        self, section: str, moteur: str, population: Population, juge: Juge, dossier: Path, *, nom: str = "",
        modele: Modele | None = None,
    ) -> Path:  # fmt: skip
        """One run of one engine, judged and told. An engine that fails is told too."""
        sortie = self.travail / "sorties" / str(len(self.lignes))
        environnement = {"RACCORD_BENCH_MEMOIRE": self.options.memoire}
        if modele:
            sortie.mkdir(parents=True, exist_ok=True)
            enregistrer(modele, sortie / "modele.json")
            environnement["RACCORD_BENCH_MODELE"] = str(sortie / "modele.json")
        ligne: Ligne = {"section": section, "moteur": moteur, "nom": nom, "population": asdict(population)}
        ligne["charge"] = round(os.getloadavg()[0], 1)
        try:
            course = courir(moteur, dossier, sortie, options=environnement)
        except CourseRatee as echec:
            print(f"# {echec}", file=sys.stderr)
            ligne["echec"] = True
        else:
            ligne |= asdict(course) | {cle: _arrondi(valeur) for cle, valeur in asdict(juge.noter(sortie)).items()}
        self.dire(ligne)
        return sortie

    def dire(self, ligne: Ligne) -> None:
        """Print and keep."""
        self.lignes.append(ligne | self.commun)
        print(json.dumps(ligne, ensure_ascii=False), flush=True)

    def table(self) -> None:
        """Every engine on one population; error rates by group for ours."""
        population = Population(
            self.options.sortants, self.options.inscrits or self.options.sortants, self.options.profil
        )
        dossier = self.population(population)
        juge = Juge(dossier, DATE)
        for moteur in self.options.moteurs or [m for m in MOTEURS if population.sortants <= LENTS.get(m, 10**9)]:
            self.mesurer("table", moteur, population, juge, dossier)
            if moteur == "nous":
                for groupe, valeur, nombre, a_tort, oublies in juge.par_groupe():
                    self.dire(
                        {
                            "section": "groupes", "population": asdict(population), "groupe": groupe, "valeur": valeur,
                            "sortants": nombre, "a_tort": _arrondi(a_tort), "oublies": _arrondi(oublies),
                        }
                    )  # fmt: skip

    def ablation(self) -> None:
        """Ours without one field, then without one kind of level."""
        population = Population(
            self.options.sortants, self.options.inscrits or self.options.sortants, self.options.profil
        )
        dossier = self.population(population)
        juge = Juge(dossier, DATE)
        for nom, modele in _amputes(modele_de_depart()):
            self.mesurer("ablation", "nous", population, juge, dossier, nom=nom, modele=modele)

    def profils(self) -> None:
        """Ours, and the national number alone, on each error model."""
        for profil in profils():
            population = Population(TAILLE_PROFILS, TAILLE_PROFILS, profil)
            dossier = self.population(population)
            juge = Juge(dossier, DATE)
            for moteur in ("splink_defaut", "nous"):
                self.mesurer("profils", moteur, population, juge, dossier, nom=f"{profil}-{moteur}")

    def febrl(self) -> None:
        """Somebody else's population, without places of birth; without a number for each person, then with it."""
        for profil, numero in (("sans numéro", False), ("avec leur numéro de sécurité sociale", True)):
            dossier = self.travail / f"febrl4-{numero}"
            febrl.ecrire(dossier, numero=numero)
            juge = Juge(dossier, febrl.JOUR)
            for moteur in ("splink_defaut", "nous_moteur"):
                population = Population(5000, 5000, profil, 4)
                self.mesurer("febrl", moteur, population, juge, dossier, nom=f"febrl-{numero}-{moteur}")

    def courbe(self) -> None:
        """Ours and tuned Splink as the lists grow."""
        for taille in [taille for taille in COURBE if taille <= self.options.jusqua]:
            population = Population(taille, taille)
            dossier = self.population(population)
            self.mesurer("courbe", "nous", population, Juge(dossier, DATE), dossier, nom=f"courbe-{taille}")


def _amputes(modele: Modele) -> Iterator[tuple[str, Modele | None]]:
    """The model whole, then without each field, then without each kind of level that has a weight of its own."""
    yield "rien", None
    for comparaison in modele.comparaisons:
        yield f"sans {comparaison.libelle.lower()}", sans(modele, comparaison.champ)
    codes: dict[str, str] = {}
    for comparaison in modele.comparaisons:
        for niveau in comparaison.niveaux[:-1]:
            if not niveau.code.startswith("meme") and not niveau.groupe:
                codes.setdefault(niveau.code, niveau.libelle)
    for code, libelle in codes.items():
        yield f"sans « {libelle} »", _sans_niveau(modele, code)
    yield "sans liens sûrs d'abord", replace(modele, regles_sures=())


def _sans_niveau(modele: Modele, code: str) -> Modele:
    return replace(
        modele,
        comparaisons=tuple(
            replace(c, niveaux=tuple(n for n in c.niveaux if n.code != code)) for c in modele.comparaisons
        ),
    )


def _arrondi(valeur: float | None) -> float | None:
    return round(valeur, 5) if isinstance(valeur, float) else valeur


def _machine() -> str:
    try:
        lignes = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processeur = next(ligne.partition(":")[2].strip() for ligne in lignes if ligne.startswith("model name"))
    except (OSError, StopIteration):
        processeur = platform.machine()
    paquets = ", ".join(
        f"{nom} {version(nom)}" for nom in ("duckdb", "splink", "pyspark", "recordlinkage", "rapidfuzz")
    )
    return f"{os.cpu_count()} cœurs, {processeur} ; Python {platform.python_version()}, {paquets}"


def garder(neuves: list[Ligne]) -> list[Ligne]:
    """Lines kept from before, but those of a table or a curve that was measured again."""
    anciennes = [json.loads(ligne) for ligne in LIGNES.read_text("utf-8").splitlines()] if LIGNES.exists() else []
    refaites = {_cle(ligne) for ligne in neuves}
    lignes = [ligne for ligne in anciennes if _cle(ligne) not in refaites] + neuves
    LIGNES.write_text("".join(json.dumps(ligne, ensure_ascii=False) + "\n" for ligne in lignes), encoding="utf-8")
    return lignes


def _cle(ligne: Ligne) -> tuple[Any, ...]:
    return ligne["section"], *ligne["population"].values()


def main() -> int:
    """Measure what is asked, keep it, write the page."""
    analyse = argparse.ArgumentParser(prog="python -m outils.comparateur.bench", description="Mesures du comparateur.")
    analyse.add_argument("--seulement", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    analyse.add_argument("--sortants", type=int, default=100_000)
    analyse.add_argument("--inscrits", type=int, default=None)
    analyse.add_argument("--profil", choices=profils(), default="usuel")
    analyse.add_argument("--moteurs", nargs="+", choices=MOTEURS, default=None)
    analyse.add_argument("--memoire", default="2GB", help="mémoire permise à notre moteur")
    analyse.add_argument(
        "--jusqua", type=int, default=300_000, help="plus grande taille de la courbe (3000000 au plus)"
    )
    analyse.add_argument("--sans-page", action="store_true", help="ne garde rien et ne récrit pas la page")
    options = analyse.parse_args()
    with tempfile.TemporaryDirectory(
        prefix="raccord-comparateur-", dir=os.environ.get("RACCORD_BENCH_DOSSIER")
    ) as dossier:
        bench = Bench(Path(dossier), options)
        sections: dict[str, Callable[[], None]] = {nom: getattr(bench, nom) for nom in SECTIONS}
        for section in options.seulement:
            sections[section]()
    if not options.sans_page:
        ecrire_pages(garder(bench.lignes))
        print(f"# {PAGE.relative_to(RACINE)}, {DOCUMENT.relative_to(RACINE)}", file=sys.stderr)
    return int(any(ligne.get("echec") for ligne in bench.lignes))


if __name__ == "__main__":
    sys.exit(main())
