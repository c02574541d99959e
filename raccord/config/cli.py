"""`raccord <commande>`: each door is imported when it is asked for, so that the comparator runs without Django."""

import sys
from pkgutil import resolve_name

PORTES = {"comparer": "raccord.comparateur.ligne_de_commande:main"}
GESTION = "raccord.config.gestion:main"


def main() -> None:
    """Run one command and leave with its status."""
    nom, *reste = sys.argv[1:] or ["help"]
    sys.exit(resolve_name(PORTES.get(nom, GESTION))(reste if nom in PORTES else [nom, *reste]))


if __name__ == "__main__":
    main()
