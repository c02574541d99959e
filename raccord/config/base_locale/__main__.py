"""`python -m raccord.config.base_locale demarrer|arreter|effacer DOSSIER`."""

import sys
from collections.abc import Callable
from pathlib import Path

from raccord.config.base_locale import BaseLocaleErreur, arreter, demarrer, effacer


def main(arguments: list[str]) -> int:
    """Print the socket folder of a server that was started."""
    actions: dict[str, Callable[[Path], Path | None]] = {"demarrer": demarrer, "arreter": arreter, "effacer": effacer}
    if len(arguments) != 2 or arguments[0] not in actions:
        sys.stderr.write("Usage : python -m raccord.config.base_locale demarrer|arreter|effacer DOSSIER\n")
        return 2
    try:
        prise = actions[arguments[0]](Path(arguments[1]))
    except BaseLocaleErreur as erreur:
        sys.stderr.write(f"{erreur}\n")
        return 1
    if prise is not None:
        sys.stdout.write(f"{prise}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
