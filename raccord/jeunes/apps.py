"""Young people and their circle."""

from django.apps import AppConfig


class JeunesConfig(AppConfig):
    """Young people and their circle."""

    name = "raccord.jeunes"
