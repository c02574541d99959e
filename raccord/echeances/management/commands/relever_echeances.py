"""`raccord relever-echeances`: climb what fell due, close what the day closes, send what waits to go."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from raccord.echeances.boite import expedier
from raccord.echeances.echelle import relever
from raccord.echeances.sante import marquer_passage
from raccord.echeances.tournees import faire_les_tournees


class Command(BaseCommand):
    """Once, or in a loop beside the server."""

    help = "Relève les échéances passées, clôt ce que le jour clôt, et envoie les messages en attente."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--toutes-les N` seconds keeps going until stopped; `--sans-envoi` leaves messages in the outbox."""
        parser.add_argument("--toutes-les", type=int, default=0, metavar="SECONDES")
        parser.add_argument("--sans-envoi", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each turn is independent of the others."""
        while True:
            montes, faits = relever(), faire_les_tournees()
            envoyes = 0 if options["sans_envoi"] else expedier()
            marquer_passage()
            if montes or faits or envoyes or not options["toutes_les"]:
                self.stdout.write(
                    f"{montes} échéance(s) relevée(s), {faits} fin(s) constatée(s), {envoyes} message(s) envoyé(s)."
                )
            if not options["toutes_les"]:
                return
            close_old_connections()
            time.sleep(options["toutes_les"])
