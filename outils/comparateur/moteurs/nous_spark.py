"""Our own command, on a local Spark."""

from pathlib import Path

from outils.comparateur.moteurs import nous


def lier(dossier: Path, sortie: Path) -> None:
    """The same files as `nous`, expected to say the same."""
    nous.lier(dossier, sortie, "spark")
