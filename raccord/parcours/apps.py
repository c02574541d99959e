"""Offers, reservations, proposals, stays and their bilan: the heart."""

from django.apps import AppConfig


class ParcoursConfig(AppConfig):
    """Offers, reservations, proposals, stays and their bilan: the heart."""

    name = "raccord.parcours"
