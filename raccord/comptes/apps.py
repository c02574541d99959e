"""People, organisations and action links."""

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    """People, organisations and action links."""

    name = "raccord.comptes"
