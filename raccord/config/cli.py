"""`raccord <commande>`: Django's commands, with dashes as people write them."""

import os
import sys

from django.core.management import execute_from_command_line

from raccord.config.base_locale import BaseLocaleErreur


def main() -> None:
    """Run one command; `importer-offres` is the command `importer_offres`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raccord.config.settings")
    nom, *reste = sys.argv[1:] or ["help"]
    try:
        execute_from_command_line(["raccord", nom.replace("-", "_") if not nom.startswith("-") else nom, *reste])
    except BaseLocaleErreur as erreur:
        sys.exit(str(erreur))


if __name__ == "__main__":
    main()
