"""`raccord verifier-cloisonnement`: try every confidential table as every kind of stranger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from raccord.comptes.intrusions import eprouver


class Command(BaseCommand):
    """Reads and writes nothing that stays; exit status 1 when a door opened."""

    help = "Essaie, en SQL et avec le compte de l'application, d'atteindre les dossiers au nom d'étrangers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many doors were tried, which opened, and where there was nothing to steal."""
        bilan = eprouver()
        self.stdout.write(f"{bilan.essais} intrusions tentées, {len(bilan.failles)} réussie(s).")
        if bilan.tables_vides:
            self.stdout.write(f"Tables vides, où l'ajout n'a pas été tenté : {', '.join(sorted(bilan.tables_vides))}.")
        if bilan.failles:
            raise CommandError("\n".join(bilan.failles))
