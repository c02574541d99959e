"""`raccord reindexer-offres`: rebuild what the search reads."""

from typing import Any

from django.core.management.base import BaseCommand

from raccord.parcours.actions.recherche import refaire_lexique, reindexer


class Command(BaseCommand):
    """After an import, or when the words the search reads have changed. Idempotent."""

    help = "Reconstruit le texte de recherche de toutes les offres."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write only what differs, then the lexicon whole, and say how many."""
        self.stdout.write(f"{reindexer()} offre(s) réindexée(s), {refaire_lexique()} mot(s) au lexique.")
