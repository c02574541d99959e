"""The ground floor: it imports no domain."""

from django.apps import AppConfig
from django.core.signals import got_request_exception

from raccord.socle.traces import tracer_panne


class SocleConfig(AppConfig):
    """Workflow engine, journal, parameters, base forms and components."""

    name = "raccord.socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        """A failing request leaves its frames in our logs."""
        got_request_exception.connect(tracer_panne, dispatch_uid="raccord.traces")
