"""One comparison from the files to the folder of results."""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

import duckdb
from duckdb import DuckDBPyConnection

from raccord.comparateur import incremental
from raccord.comparateur.atelier import BASE, TEMOIN, Atelier, Etape
from raccord.comparateur.colonnes import INSCRITS, SORTANTS
from raccord.comparateur.decisions import lire_decisions
from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.fichiers import Examen, examiner
from raccord.comparateur.lecture import garder_fiches, lire_cote
from raccord.comparateur.modele import Modele, ModeleIllisible, charger, en_texte, enregistrer
from raccord.comparateur.moteur import PHASES, Phase, Reglages, Suivi, modele_retenu
from raccord.comparateur.niveaux import modele_de_depart
from raccord.comparateur.rapport import Execution, Rapport, composer, en_json
from raccord.comparateur.rapport_en_page import rapport_en_page
from raccord.comparateur.rejets import preparer_rejets
from raccord.comparateur.sorties import ecrire_tables
from raccord.comparateur.suivi import Progression

MODELE = "modele.json"
LIRE = "lire"
ECRIRE = "ecrire"


LIBELLES = {LIRE: "Lecture des listes", **{phase.nom: phase.libelle for phase in PHASES}, ECRIRE: "Écriture"}
FORMAT_DE_LA_BASE = 1


@dataclass(frozen=True)
class Demande:
    """What the operator asks."""

    sortants: Sequence[str]
    inscrits: Sequence[str]
    date: dt.date
    sortie: Path
    decisions: str | None = None
    modele: Path | None = None
    memoire: int = 2 << 30
    seuil_revue: float | None = None
    moteur: str = "duckdb"


@dataclass(frozen=True)
class Bilan:
    """What the operator is told at the end."""

    rapport: Rapport
    repris: bool


def comparer_fichiers(demande: Demande) -> Bilan:
    """Read, compare, write. Raises ComparateurErreur; whatever happens, no half result is left in the folder."""
    debut = time.monotonic()
    modele = lire_modele(demande.modele)
    sortants, inscrits = examiner_tous(demande.sortants), examiner_tous(demande.inscrits)
    refuser_le_meme_fichier([*sortants, *inscrits])
    decisions = examiner(demande.decisions) if demande.decisions else None
    atelier = Atelier(demande.sortie, memoire=demande.memoire)
    cle = _cle(demande, modele, sortants, inscrits, [decisions] if decisions else [])
    with Progression(LIBELLES) as progression, atelier.ouvert(cle) as connexion:
        progression.connexion = connexion
        progression.lignes = sum(examen.lignes for examen in [*sortants, *inscrits])
        niveler = incremental.ouvrir_l_ancien(connexion, atelier.dossier / BASE, modele, raccord_version())
        reglages = Reglages(demande.date, demande.seuil_revue, niveler)

        def lire() -> None:
            jour, travail = demande.date, atelier.chantier
            lire_listes(connexion, sortants, inscrits, decisions, jour=jour, travail=travail)
            incremental.preparer(connexion, modele, raccord_version())

        ecrire = partial(ecrire_tables, connexion, atelier.preparer())
        etapes = [
            etape_de_lecture(lire),
            *etapes_du_moteur(phases_du_moteur(demande.moteur), connexion, modele, reglages, progression),
            Etape(ECRIRE, LIBELLES[ECRIRE], ecrire, passagere=True),
        ]
        atelier.derouler(connexion, etapes, progression.phase)
        execution = Execution(
            jour=demande.date,
            secondes=time.monotonic() - debut,
            memoire=demande.memoire,
            modele=modele_retenu(connexion),
            phases=atelier.phases_faites(connexion),
        )
        rapport = composer(connexion, execution)
        enregistrer(execution.modele, atelier.neuf / MODELE)
        (atelier.neuf / "rapport.html").write_text(rapport_en_page(rapport), encoding="utf-8")
        (atelier.neuf / TEMOIN).write_text(en_json(rapport), encoding="utf-8")
    atelier.publier()
    return Bilan(rapport, atelier.repris)


def lire_listes(
    connexion: DuckDBPyConnection,
    sortants: Sequence[Examen],
    inscrits: Sequence[Examen],
    decisions: Examen | None,
    *,
    jour: dt.date,
    travail: Path,
) -> None:
    """Make the tables that the engine compares."""
    preparer_rejets(connexion)
    fiches = lire_cote(connexion, SORTANTS, sortants, jour=jour, travail=travail)
    fiches += lire_cote(connexion, INSCRITS, inscrits, jour=jour, travail=travail)
    garder_fiches(connexion, fiches)
    lire_decisions(connexion, decisions, travail=travail)


def etape_de_lecture(lire: Callable[[], object]) -> Etape:
    """Reading commits file by file: a line that stops it must not undo what is known of the others."""
    return Etape(LIRE, LIBELLES[LIRE], lire, entiere=False)


def etapes_du_moteur(
    phases: Sequence[Phase], connexion: DuckDBPyConnection, modele: Modele, reglages: Reglages, suivi: Suivi
) -> list[Etape]:
    """The phases of the engine as the steps of a run."""
    return [
        Etape(
            phase.nom,
            phase.libelle,
            partial(phase.executer, connexion, modele, reglages, suivi),
            passagere=phase.passagere,
        )
        for phase in phases
    ]


def phases_du_moteur(nom: str) -> tuple[Phase, ...]:
    """Spark is loaded only when it is asked for. Raises ComparateurErreur when it is not there."""
    if nom == "duckdb":
        return PHASES
    phases: tuple[Phase, ...] = resolve_name("raccord.comparateur.etincelle:phases")()
    return phases


def lire_modele(chemin: Path | None) -> Modele:
    """The model that was given, or the one that the engine starts from. Raises ComparateurErreur."""
    try:
        return charger(chemin) if chemin else modele_de_depart()
    except ModeleIllisible:
        raise ComparateurErreur(f"Le fichier {chemin} n'est pas un modèle du comparateur.") from None


def examiner_tous(chemins: Sequence[str]) -> list[Examen]:
    return [examiner(chemin) for chemin in chemins]


def refuser_le_meme_fichier(examens: Sequence[Examen]) -> None:
    """A list compared with itself, or counted twice, gives a false result without a word."""
    vus: dict[str, str] = {}
    for examen in examens:
        if examen.empreinte in vus:
            raise ComparateurErreur(f"{vus[examen.empreinte]} et {examen.chemin} sont le même fichier.")
        vus[examen.empreinte] = examen.chemin


def _cle(demande: Demande, modele: Modele, *groupes: Sequence[Examen]) -> str:
    """What two runs must share for one to go on from the other."""
    contenu = [
        [[(examen.chemin, examen.empreinte) for examen in examens] for examens in groupes],
        str(demande.date),
        demande.seuil_revue,
        demande.moteur,
        en_texte(modele),
        [FORMAT_DE_LA_BASE, duckdb.__version__, raccord_version()],
    ]
    return hashlib.sha256(json.dumps(contenu).encode()).hexdigest()


def raccord_version() -> str:
    """The version of the engine's code: what its files hold."""
    condense = hashlib.sha256()
    for fichier in sorted(Path(__file__).parent.glob("*.py")):
        condense.update(fichier.read_bytes())
    return condense.hexdigest()[:16]
