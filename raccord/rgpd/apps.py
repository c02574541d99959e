"""Personal data: the registry, copies, erasure, retention."""

from django.apps import AppConfig


class RgpdConfig(AppConfig):
    """Personal data: the registry, copies, erasure, retention."""

    name = "raccord.rgpd"
