"""Sealed files."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Sealed files."""

    name = "raccord.documents"
