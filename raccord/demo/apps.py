"""A fictitious territory."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class DemoConfig(AppConfig):
    """A fictitious territory."""

    name = "raccord.demo"

    def ready(self) -> None:
        """Whoever tries the demo has no telephone to show: /demo/ stays one click. Refuses to exist in production.

        The provider's keys are made before the server divides into processes.
        """
        if not settings.DEMO:
            raise ImproperlyConfigured("La démonstration ne se charge pas avec RACCORD_MODE=production.")
        import_module("raccord.demo.fournisseur.jetons")
        dispenses = import_string("raccord.comptes.confirmation.DISPENSES")
        dispense = import_string("raccord.demo.acces.dispense")
        if dispense not in dispenses:
            dispenses.append(dispense)
