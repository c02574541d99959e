"""A fictitious territory."""

from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A fictitious territory."""

    name = "raccord.demo"

    def ready(self) -> None:
        """The provider's keys are made before the server divides into processes."""
        import_module("raccord.demo.fournisseur.jetons")
