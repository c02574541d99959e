"""`raccord expirer-offres`: close what has passed its last day; every night."""

from typing import Any

from django.core.management.base import BaseCommand

from raccord.parcours.actions.declaration import expirer_offres
from raccord.socle.templatetags.raccord import heures, pluriel


class Command(BaseCommand):
    """Once; safe to run again the same night."""

    help = "Clôt les offres arrivées à leur dernière date et constate les heures perdues des contrats terminés."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done; a failure is in the traces and counted here."""
        bilan = expirer_offres()
        self.stdout.write(
            f"{pluriel(bilan.offres, 'offre close,offres closes')}, {heures(bilan.heures_perdues)} perdues, "
            f"{pluriel(bilan.echecs, 'échec')}."
        )
