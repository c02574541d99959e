"""The PostgreSQL that comes with Raccord: found, created, started, repaired and stopped without any setting.

The package's own `get_server()` is never called: as root it opens permissions on every parent folder, and
after a crash or a reused pid it hands out a dead server (docs/decisions/0002-base-locale.md).

A folder holds everything: `verrou` (one starter at a time), `donnees` (PGDATA, mode 0700, the socket inside)
and, when root's virtualenv is out of reach of the server's user, `programmes` (a copy of the binaries).
Trust authentication is safe because nobody but the server's user and root can enter `donnees`.
Standard library only, and no Django: the settings themselves call this module.
"""

from raccord.config.base_locale.erreurs import BaseLocaleErreur
from raccord.config.base_locale.serveur import ADMINISTRATEUR, adresse, arreter, demarrer, effacer

__all__ = ["ADMINISTRATEUR", "BaseLocaleErreur", "adresse", "arreter", "demarrer", "effacer"]
