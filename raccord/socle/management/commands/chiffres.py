"""`raccord chiffres --sortie DOSSIER`: the counts that an analyst may have, who has access to no row."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.socle import statistiques
from raccord.socle.mots import pluriel


class Command(BaseCommand):
    """Reads by the role of statistics alone."""

    help = "Écrit les chiffres en CSV, avec le rôle qui ne lit que des comptes ; les petits groupes y sont cachés."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("--sortie", type=Path, required=True, metavar="DOSSIER")

    def handle(self, *args: Any, **options: Any) -> None:
        """One file per view."""
        dossier: Path = options["sortie"]
        try:
            dossier.mkdir(parents=True, exist_ok=True)
            with statistiques.connexion() as ouverte:
                for nom in statistiques.VUES:
                    (dossier / f"{nom}.csv").write_bytes(statistiques.en_csv(ouverte, nom))
        except OSError as erreur:
            raise CommandError(f"{dossier} : {erreur.strerror}.") from erreur
        self.stdout.write(f"{pluriel(len(statistiques.VUES), 'fichier')} dans {dossier}.")
