"""`raccord lire-retours`: what servers send back about our messages (the worker reads it too, every half minute)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from raccord.echeances import retours


class Command(BaseCommand):
    """Count what was read; nothing of it is shown."""

    help = "Lit la boîte des retours (RACCORD_BOITE_RETOURS) et signale les adresses qui ne reçoivent plus."

    def handle(self, *args: Any, **options: Any) -> None:
        """Mails that are no delivery report stay unread, for a person."""
        if not settings.BOITE_RETOURS:
            raise CommandError("RACCORD_BOITE_RETOURS est vide : donnez le chemin d'un Maildir ou imaps://…")
        try:
            compte = retours.lire()
        except retours.ILLISIBLE as erreur:
            raise CommandError(f"La boîte des retours ne s'ouvre pas ({type(erreur).__name__}).") from None
        self.stdout.write(
            f"{compte['retours']} retour(s), {compte['inconnus']} d'un message inconnu, "
            f"{compte['autres']} autre(s) courrier(s), {compte['illisibles']} illisible(s)."
        )
