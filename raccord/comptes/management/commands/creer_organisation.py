"""`raccord creer-organisation`: open an organisation on the machine."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from raccord.comptes.enums import GenreOrganisation, TypeAcheteur
from raccord.comptes.ouverture import creer_organisation
from raccord.socle.contexte import SYSTEME
from raccord.socle.exceptions import ErreurMetier


class Command(BaseCommand):
    """For the first organisations of a deployment; the others are opened on screens."""

    help = "Ouvre une organisation. Exemple : raccord creer-organisation --genre nationale --nom 'Équipe nationale'"

    def add_arguments(self, parser: CommandParser) -> None:
        """Kind and name; the rest when it applies."""
        parser.add_argument("--genre", required=True, choices=GenreOrganisation.values)
        parser.add_argument("--nom", required=True)
        parser.add_argument("--academie", default="", help="nom de l'académie, pour une MLDS")
        parser.add_argument("--departement", default="", help="code ou nom du département, pour un PSAD par exemple")
        parser.add_argument("--siret", default="")
        parser.add_argument("--type-acheteur", default="", choices=["", *TypeAcheteur.values])
        parser.add_argument("--courriel", default="", help="courriel du service")
        parser.add_argument("--telephone", default="", help="téléphone du service")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was opened, or why not."""
        champs = ("genre", "nom", "academie", "departement", "siret", "type_acheteur", "courriel", "telephone")
        try:
            organisation = creer_organisation(SYSTEME, **{champ: options[champ] for champ in champs})
        except ErreurMetier as erreur:
            raise CommandError(str(erreur)) from erreur
        self.stdout.write(f"« {organisation.nom} » est ouverte ({organisation.pk}).")
