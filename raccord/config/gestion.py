"""Django's commands, with dashes as people write them."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from raccord.config.base_locale import BaseLocaleErreur
from raccord.socle.identite import motiver


def main(arguments: Sequence[str]) -> None:
    """Run one command; `importer-offres` is the command `importer_offres`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raccord.config.settings")
    nom, *reste = arguments
    commande = nom if nom.startswith("-") else nom.replace("-", "_")
    try:
        with motiver(commande):  # why whatever it writes is written
            execute_from_command_line(["raccord", commande, *reste])
    except BaseLocaleErreur as erreur:
        sys.exit(str(erreur))
