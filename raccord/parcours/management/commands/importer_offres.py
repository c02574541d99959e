"""`raccord importer-offres FICHIER.csv`: take over the spreadsheet of the former tool."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.parcours.importation.ecriture import importer
from raccord.parcours.importation.lecture import FichierIllisible, lire
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME

ILLISIBLE = 2


class Command(BaseCommand):
    """Exit status 0 when the file was read, whatever its lines hold; 2 when it cannot be read."""

    help = "Importe le tableur de l'ancien outil : chaque ligne ou cellule refusée ou douteuse est dite."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--simuler` writes nothing; `--rapport` keeps every finding in a CSV."""
        parser.add_argument("fichier", type=Path, metavar="FICHIER.csv")
        parser.add_argument("--simuler", action="store_true", help="dit ce qui se passerait, sans rien enregistrer")
        parser.add_argument("--rapport", type=Path, metavar="FICHIER.csv", help="garde le détail dans un fichier CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write line by line, tell."""
        fichier, sortie = options["fichier"], options["rapport"]
        try:
            tableau = lire(fichier.read_bytes())
        except FichierIllisible as erreur:
            raise CommandError(f"{fichier} : {erreur}", returncode=ILLISIBLE) from erreur
        except OSError as erreur:
            raise CommandError(f"{fichier} : {_raison(erreur)}", returncode=ILLISIBLE) from erreur
        if sortie is not None:
            self._verifier(fichier, sortie)
        self.stdout.write(f"{fichier.name} : {tableau.encodage}, séparateur « {tableau.separateur} ».")
        with identite.agir(SYSTEME):
            rapport = importer(tableau, simuler=options["simuler"])
        for texte in rapport.ecran():
            self.stdout.write(texte)
        if sortie is not None:
            sortie.write_bytes(rapport.en_csv())
            self.stdout.write(f"Rapport écrit dans {sortie}.")
        if options["simuler"]:
            self.stdout.write("Simulation : rien n'a été enregistré.")

    def _verifier(self, fichier: Path, sortie: Path) -> None:
        """Before anything is imported: a report that cannot be written would be a silence."""
        if sortie.exists() and sortie.samefile(fichier):
            raise CommandError("Le rapport effacerait le fichier importé : changez son nom.", returncode=ILLISIBLE)
        try:
            sortie.touch()
        except OSError as erreur:
            raison = f"Le rapport ne peut pas être écrit : {sortie} : {_raison(erreur)}"
            raise CommandError(raison, returncode=ILLISIBLE) from erreur


def _raison(erreur: OSError) -> str:
    """The system's own words are English."""
    if isinstance(erreur, FileNotFoundError):
        return "ce fichier ou son dossier n'existe pas. Vérifiez le chemin."
    if isinstance(erreur, IsADirectoryError):
        return "c'est un dossier. Donnez le chemin d'un fichier."
    if isinstance(erreur, PermissionError):
        return "vous n'en avez pas le droit. Vérifiez le propriétaire du fichier."
    return f"le système répond « {erreur.strerror} »."
