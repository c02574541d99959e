"""`raccord preparer-base`: everything a database needs, as often as one likes."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from raccord.socle import cloisonnement, identite, parametres, schema, statistiques
from raccord.socle.contexte import SYSTEME
from raccord.socle.droits import accorder, creer_base_locale, creer_role


class Command(BaseCommand):
    """Create the two roles, migrate as the owner, grant, set policies and views, load reference data. Idempotent."""

    requires_system_checks = []  # it is what makes the checks possible
    help = "Prépare la base : rôles, migrations, droits, règles, vues des chiffres et données de référence."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order; each says nothing when there is nothing to do."""
        creer_base_locale(settings.DATABASES["proprietaire"])
        proprietaire = connections["proprietaire"]
        application = settings.DATABASES["default"]
        creer_role(proprietaire, application["USER"], application["PASSWORD"])
        creer_role(proprietaire, settings.STATISTIQUES["USER"], settings.STATISTIQUES["PASSWORD"])
        statistiques.retirer(proprietaire)
        with identite.agir(SYSTEME, motif="preparer_base"):
            call_command("migrate", database="proprietaire", verbosity=0, interactive=False)
        schema.verifier(proprietaire)
        accorder(proprietaire, application["USER"], apps.get_models(include_auto_created=True))
        cloisonnement.appliquer(proprietaire, application["USER"])
        statistiques.appliquer(proprietaire, settings.STATISTIQUES["USER"])
        parametres.charger("proprietaire")
        call_command("charger_echelles", verbosity=0)
        call_command("charger_territoires", verbosity=0)
        self.stdout.write("La base est prête.")
