"""`raccord retirer-totp COURRIEL`: for somebody who lost both their telephone and their recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.comptes.confirmation import retirer
from raccord.comptes.models import Utilisateur
from raccord.socle.contexte import SYSTEME


class Command(BaseCommand):
    """Whoever types this has recognised the person by another road: by voice, in the same office."""

    help = "Retire le téléphone de confirmation d'un compte et ferme ses sessions ; le prochain accès en demandera un."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("courriel")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done, or that there was nothing."""
        utilisateur = Utilisateur.objects.filter(courriel=options["courriel"].strip().lower()).first()
        if utilisateur is None:
            raise CommandError("Aucun compte n'a cette adresse.")
        avait = retirer(SYSTEME, utilisateur)
        suite = "Téléphone et codes de secours retirés" if avait else "Ce compte n'avait pas de téléphone enregistré"
        self.stdout.write(f"{suite}. Ses sessions sont fermées ; sa prochaine entrée enregistrera un téléphone.")
