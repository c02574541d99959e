"""`raccord generer-demo`: a fictitious territory in an empty base."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.comptes.models import Organisation
from raccord.demo.generateur.generation import generer
from raccord.demo.generateur.national import generer_en_masse
from raccord.parcours.models import Offre, Parcours
from raccord.socle.droits import en_proprietaire


class Command(BaseCommand):
    """Refuses a base that holds anything: fiction never mixes with what is real."""

    help = "Remplit une base vide d'un territoire fictif, raconté par les vraies actions de Raccord."

    def add_arguments(self, parser: CommandParser) -> None:
        """The seed, and how large."""
        parser.add_argument("--graine", type=int, default=1, help="un autre nombre donne un autre territoire")
        parser.add_argument(
            "--echelle",
            choices=["demo", "national"],
            default="demo",
            help="national : 10 000 offres de plus, pour mesurer",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the stories."""
        if Organisation.objects.exists():
            raise CommandError(
                "La base contient déjà des organisations : la démonstration ne se mélange à rien. "
                "Videz-la (make propre) ou indiquez-en une autre (DATABASE_URL)."
            )
        debut = time.monotonic()
        with en_proprietaire("generer_demo"):
            generer(options["graine"])
            if options["echelle"] == "national":
                generer_en_masse(options["graine"])
            self.stdout.write(
                f"Territoire fictif prêt en {time.monotonic() - debut:.0f} s : "
                f"{Offre.objects.publiques().count()} offres disponibles, {Parcours.objects.count()} parcours."
            )
