"""`raccord creer-compte`: give somebody a role in an organisation, on the machine."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from raccord.comptes.actions import adresse_d_entree
from raccord.comptes.enums import ROLES_PAR_GENRE
from raccord.comptes.ouverture import creer_compte
from raccord.socle.contexte import SYSTEME
from raccord.socle.exceptions import ErreurMetier

ROLES = sorted(set().union(*ROLES_PAR_GENRE.values()))


class Command(BaseCommand):
    """One signs in by a link sent by mail; `--lien` prints one, for a machine that sends no mail yet."""

    help = (
        "Ouvre un compte. Exemple : raccord creer-compte --courriel prenom.nom@service.fr --prenom Prénom --nom Nom "
        "--role national --organisation 'Équipe nationale'"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, in which role, where."""
        parser.add_argument("--courriel", required=True)
        parser.add_argument("--prenom", required=True)
        parser.add_argument("--nom", required=True)
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--organisation", required=True, help="nom ou identifiant")
        parser.add_argument("--administrateur", action="store_true", help="s'occupe aussi des membres")
        parser.add_argument("--lien", action="store_true", help="affiche un lien de connexion, valable 15 minutes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was opened, or why not."""
        champs = ("courriel", "prenom", "nom", "role", "organisation", "administrateur")
        try:
            adhesion, nouveau = creer_compte(SYSTEME, **{champ: options[champ] for champ in champs})
        except ErreurMetier as erreur:
            raise CommandError(str(erreur)) from erreur
        utilisateur = adhesion.utilisateur
        compte = "Compte ouvert" if nouveau else "Le compte existait (nom et prénom gardés) : rôle ajouté"
        role = f"{adhesion.role}, administrateur" if adhesion.administrateur else adhesion.role
        self.stdout.write(f"{compte} : {utilisateur.courriel}, {role}, {adhesion.organisation.nom}.")
        self.stdout.write(f"Pour se connecter : {settings.ADRESSE_PUBLIQUE}{reverse('comptes:connexion')}")
        if options["lien"]:
            self.stdout.write(f"Lien de connexion, à usage unique : {adresse_d_entree(utilisateur)}")
