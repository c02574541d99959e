"""`raccord effacer-personne`: what would go, then, asked for, it goes."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.rgpd.effacement import effacer, simuler
from raccord.rgpd.sujets import MODELES
from raccord.socle.contexte import SYSTEME
from raccord.socle.exceptions import ErreurMetier


class Command(BaseCommand):
    """By id: an address or a name in a shell would stay in its history."""

    help = "Efface une personne, par son identifiant. Exemple : raccord effacer-personne jeune 3f2b… --pour-de-vrai"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom; `--pour-de-vrai` erases, without it nothing changes."""
        parser.add_argument("genre", choices=[str(genre.value) for genre in MODELES])  # type: ignore[attr-defined]
        parser.add_argument("identifiant", type=UUID)
        parser.add_argument("--pour-de-vrai", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Counts, then what was done or how to do it."""
        try:
            effet = simuler(options["genre"], options["identifiant"])
            for ligne in effet.lignes:
                self.stdout.write(f"{ligne.nombre:>6}  {ligne.quoi} : {ligne.sort}")
            if effet.obstacles:
                raise CommandError("\n".join(effet.obstacles))
            if not options["pour_de_vrai"]:
                self.stdout.write("Simulation : rien n'a changé. Ajoutez --pour-de-vrai pour effacer.")
                return
            effacer(SYSTEME, options["genre"], options["identifiant"])
        except ErreurMetier as erreur:
            raise CommandError(str(erreur)) from erreur
        self.stdout.write("C'est effacé.")
