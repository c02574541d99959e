"""`raccord charger-echelles`: the ladders known at release; those that people added stay."""

from typing import Any

from django.core.management.base import BaseCommand

from raccord.echeances import echelles


class Command(BaseCommand):
    """As the owner: the application adds ladders, it changes none."""

    help = "Charge les échelles livrées avec Raccord."

    def handle(self, *args: Any, **options: Any) -> None:
        """As often as one likes."""
        nombre = echelles.charger("proprietaire")
        if options["verbosity"]:
            self.stdout.write(f"{nombre} échelles.")
