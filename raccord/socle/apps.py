"""The ground floor: it imports no domain."""

from django.apps import AppConfig


class SocleConfig(AppConfig):
    """Workflow engine, journal, parameters, base forms and components."""

    name = "raccord.socle"
    verbose_name = "Socle"
