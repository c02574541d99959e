"""Waits, ladders and the outbox."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules, import_string


class EcheancesConfig(AppConfig):
    """Plugs waits into the workflow engine and the outbox into `socle.courrier`."""

    name = "raccord.echeances"

    def ready(self) -> None:
        """Connect what stands above to what stands below; then let each slice register what is its own."""
        import_string("raccord.socle.workflow.OBSERVATEURS")[:] = [import_string("raccord.echeances.attentes.suivre")]
        import_string("raccord.socle.courrier.BOITE").deposer = import_string("raccord.echeances.boite.deposer")
        import_string("raccord.socle.courrier.BOITE").retirer = import_string("raccord.echeances.boite.retirer")
        autodiscover_modules(
            "workflow", "messages", "taches", "liens", "sante", "cloisonnement", "rgpd", "motifs", "statistiques"
        )
