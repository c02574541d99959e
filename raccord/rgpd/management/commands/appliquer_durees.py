"""`raccord appliquer-durees`: what the durations would do today, or do it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from raccord.rgpd.conservation import appliquer


class Command(BaseCommand):
    """The loop does it once a day; this says what it will do."""

    help = "Applique les durées de conservation : prévient, efface, purge. Simule sans --pour-de-vrai."

    def add_arguments(self, parser: CommandParser) -> None:
        """Without `--pour-de-vrai`, nothing changes."""
        parser.add_argument("--pour-de-vrai", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Counts."""
        bilan = appliquer(pour_de_vrai=options["pour_de_vrai"])
        self.stdout.write(
            f"{bilan.prevenus} avertissement(s), {bilan.effaces} effacement(s), {bilan.reportes} reporté(s) ; "
            f"{bilan.messages} message(s), {bilan.liens} lien(s), {bilan.copies} copie(s), {bilan.sessions} session(s)."
        )
        if not options["pour_de_vrai"]:
            self.stdout.write("Simulation : rien n'a changé. Ajoutez --pour-de-vrai pour appliquer.")
