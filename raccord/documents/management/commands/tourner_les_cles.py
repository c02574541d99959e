"""`raccord tourner-les-cles`: seal again what former keys had sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from raccord.documents import rotation
from raccord.socle.droits import en_proprietaire
from raccord.socle.exceptions import CleInconnue, ScellementRompu
from raccord.socle.mots import pluriel

PAS = 100


class Command(BaseCommand):
    """As often as one likes; interrupted, it goes on at the next run."""

    help = (
        "Scelle de nouveau, avec RACCORD_CLE_DOCUMENTS, ce que RACCORD_ANCIENNES_CLES_DOCUMENTS avaient scellé. "
        "Interrompue, elle reprend où elle en était."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how far it is, and when the former keys may be forgotten."""
        with en_proprietaire("tourner_les_cles"):
            total = rotation.a_tourner()
            try:
                for faits in rotation.tourner():
                    if faits % PAS == 0:
                        self.stdout.write(f"{faits} sur {total}…")
            except (CleInconnue, ScellementRompu) as erreur:
                raise CommandError(
                    f"{erreur} Aucune donnée n'a été perdue : ajoutez la clé manquante à "
                    "RACCORD_ANCIENNES_CLES_DOCUMENTS, puis relancez."
                ) from erreur
            reste = rotation.a_tourner()
        self.stdout.write(
            f"{pluriel(total, 'contenu scellé,contenus scellés')} de nouveau." if total else "Rien à tourner."
        )
        if not reste:
            self.stdout.write("Tout est scellé par la clé actuelle : les anciennes peuvent être oubliées.")
