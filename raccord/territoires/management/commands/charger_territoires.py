"""`raccord charger-territoires`."""

from typing import Any

from django.core.management.base import BaseCommand

from raccord.territoires.chargement import charger


class Command(BaseCommand):
    """Load the reference data as the owner of the tables; harmless when run again."""

    help = "Charge les communes, départements et académies livrés avec Raccord. Peut être relancée sans risque."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what changed, or that nothing did; nothing at verbosity 0."""
        bilan = charger("proprietaire")
        if not options["verbosity"]:
            return
        self.stdout.write(str(bilan))
        if not bilan.change:
            self.stdout.write("Tout était déjà à jour.")
