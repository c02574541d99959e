"""Where things are."""

from django.apps import AppConfig


class TerritoiresConfig(AppConfig):
    """Communes, départements, académies and what is near what."""

    name = "raccord.territoires"
    verbose_name = "Territoires"
