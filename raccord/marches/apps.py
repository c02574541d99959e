"""Contracts, clauses and the ledger of hours."""

from django.apps import AppConfig


class MarchesConfig(AppConfig):
    """Contracts, clauses and the ledger of hours."""

    name = "raccord.marches"
