"""`raccord travailler`: climb what fell due, close what the day closes, send what waits to go, read what comes back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from raccord.echeances.travail import Ouvrier, un_tour


class Command(BaseCommand):
    """Beside the server until a signal stops it, or once."""

    help = "Relève les échéances, clôt ce que le jour clôt, envoie les messages, jusqu'à ce qu'on l'arrête."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--une-fois` makes one turn and says what it did; `--sans-envoi` leaves messages in the outbox."""
        parser.add_argument("--une-fois", action="store_true")
        parser.add_argument("--sans-envoi", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Any number of workers may run at once."""
        if not options["une_fois"]:
            Ouvrier(sans_envoi=options["sans_envoi"]).travailler()
            return
        montes, faits, tournee = un_tour(sans_envoi=options["sans_envoi"])
        self.stdout.write(
            f"{montes} échéance(s) relevée(s), {faits} fin(s) constatée(s), {tournee.envoyes} message(s) envoyé(s)."
        )
