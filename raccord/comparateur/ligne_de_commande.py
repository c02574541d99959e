"""`raccord comparer`: who left and is enrolled nowhere? Exit status: 0 done, 1 done with many rejects, 2 not done."""

import argparse
import datetime as dt
import errno
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import duckdb

from raccord.comparateur.apprentissage import dessiner, entrainer
from raccord.comparateur.comparaison import Bilan, Demande, comparer_fichiers, lire_modele
from raccord.comparateur.doublons import chercher_doublons
from raccord.comparateur.erreurs import ComparateurErreur
from raccord.comparateur.evaluation import Justesse, en_json, evaluer
from raccord.comparateur.memoire import lire_memoire
from raccord.comparateur.pourquoi import ecrire_page, en_mots, pourquoi

FAIT, FAIT_AVEC_REJETS, PAS_FAIT = 0, 1, 2
TOLERANCE = 0.01


class Analyseur(argparse.ArgumentParser):
    """argparse in French."""

    MOTS = (
        ("the following arguments are required: ", "il manque "),
        ("unrecognized arguments: ", "option inconnue : "),
        ("expected one argument", "une valeur est attendue"),
        ("expected at least one argument", "une valeur au moins est attendue"),
        ("invalid choice: ", "valeur inconnue : "),
        ("choose from ", "au choix : "),
        ("argument ", "option "),
    )

    def __init__(self, commande: str, description: str) -> None:
        super().__init__(
            prog=f"raccord comparer{commande}",
            description=description,
            add_help=False,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._positionals.title, self._optionals.title = "à donner", "options"
        self.add_argument("-h", "--help", "--aide", action="help", help="affiche cette aide")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "usage : ", 1)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "usage : ", 1)

    def error(self, message: str) -> NoReturn:
        for anglais, francais in self.MOTS:
            message = message.replace(anglais, francais)
        raise ComparateurErreur(f"{message}. Voir « {self.prog} --aide ».")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; every way it may fail is one French sentence and the status 2."""
    nom, *reste = list(sys.argv[1:] if arguments is None else arguments) or ["--aide"]
    executer = SOUS_COMMANDES.get(nom)
    ancien = signal.signal(signal.SIGTERM, _interrompre)
    try:
        return executer(reste) if executer else comparer([nom, *reste])
    except ComparateurErreur as erreur:
        return _pas_fait(str(erreur))
    except KeyboardInterrupt:
        return _pas_fait("Interrompu. Rien n'a été changé ; la même commande reprendra où elle en était.")
    except duckdb.OutOfMemoryException:
        return _pas_fait("La mémoire permise ne suffit pas. Donnez davantage à --memoire.")
    except (OSError, duckdb.Error) as erreur:
        if sys.flags.dev_mode:  # python -X dev: what DuckDB says may quote a line, so nobody else is shown it
            raise
        return _pas_fait(_phrase(erreur))
    finally:
        signal.signal(signal.SIGTERM, ancien)


def _interrompre(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _pas_fait(phrase: str) -> int:
    sys.stderr.write(f"raccord comparer : {phrase}\n")
    return PAS_FAIT


PLEIN = ("no space left", "file too large", "disk quota", "max_temp_directory_size")


def _phrase(erreur: OSError | duckdb.Error) -> str:
    texte = str(erreur).lower()
    plein = isinstance(erreur, OSError) and erreur.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
    if plein or any(mot in texte for mot in PLEIN):
        return "Le disque est plein. Rien n'a été changé ; faites de la place, puis relancez la même commande."
    if isinstance(erreur, PermissionError):
        return f"Accès refusé : {erreur.filename}."
    if isinstance(erreur, OSError | duckdb.IOException):
        return "Le disque n'a pas pu être lu ou écrit. Rien n'a été changé."
    return f"Le moteur s'est arrêté ({type(erreur).__name__}). Rien n'a été changé."


def _date(texte: str) -> dt.date:
    for forme in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(texte, forme).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
    raise argparse.ArgumentTypeError("une date, comme 2026-10-31 ou 31/10/2026")


def _part(texte: str) -> float:
    try:
        valeur = float(texte.removesuffix("%").replace(",", ".")) / (100 if texte.endswith("%") else 1)
    except ValueError:
        valeur = -1.0
    if not 0 <= valeur <= 1:
        raise argparse.ArgumentTypeError("une part entre 0 et 1, comme 0.01 ou 1%")
    return valeur


def _page(texte: str) -> Path:
    if not texte.endswith(".html"):
        raise argparse.ArgumentTypeError("un nom de page, comme modele.html")
    return Path(texte)


COMPARER = """Compare des sortants et des inscrits : qui n'est inscrit nulle part ?

  raccord comparer entrainer …   apprend un modèle de vos listes, sans étiquette
  raccord comparer graphiques …  dessine un modèle
  raccord comparer expliquer …   dit pourquoi deux lignes sont, ou non, la même personne
  raccord comparer doublons …    cherche une même personne deux fois dans une liste
  raccord comparer evaluer …     mesure un résultat contre une vérité

Code de sortie : 0 fait, 1 fait mais trop de lignes ont un défaut (--tolerance), 2 pas fait."""


def comparer(arguments: Sequence[str]) -> int:
    """The bare command."""
    analyseur = Analyseur("", COMPARER)
    _listes(analyseur)
    analyseur.add_argument("--date", type=_date, required=True, metavar="JOUR", help="jour du traitement")
    analyseur.add_argument("--sortie", type=Path, required=True, metavar="DOSSIER", help="où écrire le résultat")
    analyseur.add_argument("--decisions", metavar="CSV", help="décisions déjà prises par des personnes")
    analyseur.add_argument("--modele", type=Path, metavar="JSON", help="un modèle appris par « entrainer »")
    analyseur.add_argument("--moteur", choices=("duckdb", "spark"), default="duckdb", help="duckdb si rien n'est dit")
    analyseur.add_argument(
        "--seuil-revue", type=_part, metavar="P", help="risque d'erreur à partir duquel une personne vérifie"
    )
    _reglages(analyseur)
    choix = analyseur.parse_args(arguments)
    bilan = comparer_fichiers(
        Demande(
            sortants=choix.sortants,
            inscrits=choix.inscrits,
            date=choix.date,
            sortie=choix.sortie,
            decisions=choix.decisions,
            modele=choix.modele,
            memoire=choix.memoire,
            seuil_revue=choix.seuil_revue,
            moteur=choix.moteur,
        )
    )
    return _annoncer(bilan, choix.sortie, choix.tolerance)


def _listes(analyseur: Analyseur) -> None:
    for cote in ("sortants", "inscrits"):
        analyseur.add_argument(
            f"--{cote}",
            nargs="+",
            required=True,
            metavar="FICHIER",
            help=f"une ou plusieurs listes, les {cote} : CSV ou parquet",
        )


def _memoire(analyseur: Analyseur) -> None:
    analyseur.add_argument(
        "--memoire", type=lire_memoire, default="2GB", metavar="TAILLE", help="mémoire à ne pas dépasser (2GB)"
    )


def _reglages(analyseur: Analyseur) -> None:
    _memoire(analyseur)
    analyseur.add_argument(
        "--tolerance",
        type=_part,
        default=TOLERANCE,
        metavar="PART",
        help="part des lignes qui peut avoir un défaut (1%%)",
    )


def _annoncer(bilan: Bilan, sortie: Path, tolerance: float) -> int:
    """Say what was done, and what was not as it should be."""
    comptes = bilan.rapport.comptes
    for fichier in bilan.rapport.fichiers:
        _dire_ce_qui_est_laisse(fichier["fichier"], fichier["laissees"])
        if not fichier["lignes"]:
            sys.stderr.write(f"{fichier['fichier']} : aucune ligne.\n")
    if bilan.repris:
        sys.stderr.write("Le travail interrompu a été repris.\n")
    sys.stdout.write(
        f"{comptes['sortants']} sortants, {comptes['inscrits']} inscrits : {comptes['decrocheurs']} à appeler, "
        f"{comptes['a_verifier']} paires à vérifier. Résultat dans {sortie}.\n"
    )
    return _selon_les_rejets(comptes["lignes_avec_rejet"], comptes["lignes"], sortie, tolerance)


def _dire_ce_qui_est_laisse(fichier: str, laissees: Sequence[str]) -> None:
    if laissees:
        sys.stderr.write(f"{fichier} : laissé de côté : {', '.join(laissees)}.\n")


def _selon_les_rejets(rejetees: int, lignes: int, sortie: Path, tolerance: float) -> int:
    if rejetees <= tolerance * lignes:
        return FAIT
    sys.stderr.write(
        f"{rejetees} lignes sur {lignes} ont un défaut, plus que la tolérance : voir {sortie / 'rejets.csv'}.\n"
    )
    return FAIT_AVEC_REJETS


EVALUER = """Mesure un résultat contre une vérité : précision, rappel et F1 des liens et de la liste.

La vérité est un CSV : identifiant_sortant, identifiant_inscrit (vide : inscrit nulle part), a_lister si on le sait
(oui, non) ; toute autre colonne est un groupe dont les erreurs sont comptées à part."""


def evaluer_resultat(arguments: Sequence[str]) -> int:
    """`raccord comparer evaluer`."""
    analyseur = Analyseur(" evaluer", EVALUER)
    analyseur.add_argument("dossier", type=Path, metavar="DOSSIER", help="un résultat")
    analyseur.add_argument("--verite", required=True, metavar="CSV", help="la vérité")
    choix = analyseur.parse_args(arguments)
    evaluation = evaluer(choix.dossier, choix.verite)
    lignes = [
        _justesse("Liens", evaluation.liens),
        _justesse("Liste telle quelle", evaluation.liste),
        _justesse(f"Liste une fois {evaluation.a_verifier} paires jugées", evaluation.liste_apres_revue),
        *(
            _justesse(f"Liste, {groupe.groupe} {groupe.valeur or 'vide'} ({groupe.sortants})", groupe.liste)
            for groupe in evaluation.groupes
        ),
    ]
    sys.stdout.write("".join(f"{ligne}\n" for ligne in lignes))
    (choix.dossier / "evaluation.json").write_text(en_json(evaluation), encoding="utf-8")
    return FAIT


def _justesse(nom: str, justesse: Justesse) -> str:
    return (
        f"{nom:<44} précision {justesse.precision:.4f}  rappel {justesse.rappel:.4f}  F1 {justesse.f1:.4f}  "
        f"({justesse.a_tort} à tort, {justesse.oublies} oubliés)"
    ).replace(".", ",")


ENTRAINER = """Apprend un modèle de vos listes, sans étiquette, et l'écrit dans un fichier à donner à --modele."""


def entrainer_modele(arguments: Sequence[str]) -> int:
    """`raccord comparer entrainer`."""
    analyseur = Analyseur(" entrainer", ENTRAINER)
    _listes(analyseur)
    analyseur.add_argument("--date", type=_date, required=True, metavar="JOUR", help="jour du traitement")
    analyseur.add_argument("--sortie", type=Path, default="modele.json", metavar="JSON", help="modele.json sinon")
    analyseur.add_argument("--modele", type=Path, metavar="JSON", help="d'où partir")
    analyseur.add_argument("--graphiques", type=_page, metavar="HTML", help="où dessiner le modèle, si on le veut")
    _memoire(analyseur)
    choix = analyseur.parse_args(arguments)
    entrainer(
        choix.sortants,
        choix.inscrits,
        sortie=choix.sortie,
        jour=choix.date,
        modele=choix.modele,
        memoire=choix.memoire,
        graphiques=choix.graphiques,
    )
    sys.stdout.write(f"Modèle écrit dans {choix.sortie}.\n")
    if choix.graphiques:
        _dire_les_graphiques(choix.graphiques)
    return FAIT


GRAPHIQUES = """Dessine un modèle en une page, à ouvrir sans réseau : le poids de chaque niveau, puis m et u.

Le modèle est celui d'« entrainer », ou le modele.json d'un résultat."""


def graphiques(arguments: Sequence[str]) -> int:
    """`raccord comparer graphiques`."""
    analyseur = Analyseur(" graphiques", GRAPHIQUES)
    analyseur.add_argument("modele", type=Path, metavar="JSON", help="un modèle")
    analyseur.add_argument("--sortie", type=_page, metavar="HTML", help="à côté du modèle sinon")
    choix = analyseur.parse_args(arguments)
    page = choix.sortie or choix.modele.with_suffix(".html")
    dessiner(lire_modele(choix.modele), page)
    _dire_les_graphiques(page)
    return FAIT


def _dire_les_graphiques(page: Path) -> None:
    sys.stdout.write(f"Graphiques écrits dans {page}.\n")


EXPLIQUER = """Dit pourquoi un sortant a, ou n'a pas, été rapproché d'un inscrit, champ par champ.

Sans ID_INSCRIT : le meilleur inscrit trouvé. Une page est aussi écrite dans DOSSIER/explications."""


def expliquer(arguments: Sequence[str]) -> int:
    """`raccord comparer expliquer`."""
    analyseur = Analyseur(" expliquer", EXPLIQUER)
    analyseur.add_argument("dossier", type=Path, metavar="DOSSIER", help="un résultat")
    analyseur.add_argument("sortant", metavar="ID_SORTANT", help="identifiant du sortant")
    analyseur.add_argument("inscrit", metavar="ID_INSCRIT", nargs="?", help="identifiant de l'inscrit")
    choix = analyseur.parse_args(arguments)
    explication = pourquoi(choix.dossier, choix.sortant, choix.inscrit)
    page = ecrire_page(explication, choix.dossier)
    sys.stdout.write(f"{en_mots(explication)}Page : {page}\n")
    return FAIT


DOUBLONS = """Cherche une même personne deux fois dans une liste, ou dans plusieurs mises ensemble.

Les colonnes sont celles des listes d'inscrits ; les autres sont laissées de côté."""


def doublons(arguments: Sequence[str]) -> int:
    """`raccord comparer doublons`."""
    analyseur = Analyseur(" doublons", DOUBLONS)
    analyseur.add_argument("fichiers", nargs="+", metavar="FICHIER", help="listes, CSV ou parquet")
    analyseur.add_argument("--sortie", type=Path, required=True, metavar="DOSSIER", help="où écrire le résultat")
    analyseur.add_argument(
        "--date", type=_date, default=dt.datetime.now().astimezone().date(), metavar="JOUR", help="aujourd'hui sinon"
    )
    analyseur.add_argument("--modele", type=Path, metavar="JSON", help="un modèle appris par « entrainer »")
    _reglages(analyseur)
    choix = analyseur.parse_args(arguments)
    bilan = chercher_doublons(
        choix.fichiers, sortie=choix.sortie, jour=choix.date, modele=choix.modele, memoire=choix.memoire
    )
    for fichier, laissees in bilan.fichiers:
        _dire_ce_qui_est_laisse(fichier, laissees)
    sys.stdout.write(
        f"{bilan.lignes} lignes : {bilan.doublons} doublons, {bilan.a_verifier} paires à vérifier. "
        f"Résultat dans {choix.sortie}.\n"
    )
    return _selon_les_rejets(bilan.lignes_avec_rejet, bilan.lignes, choix.sortie, choix.tolerance)


SOUS_COMMANDES: Mapping[str, Callable[[Sequence[str]], int]] = {
    "doublons": doublons,
    "entrainer": entrainer_modele,
    "evaluer": evaluer_resultat,
    "expliquer": expliquer,
    "graphiques": graphiques,
}


if __name__ == "__main__":
    sys.exit(main())
