"""A fictitious territory."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A fictitious territory."""

    name = "raccord.demo"
