"""Once a day: durations are applied."""

from raccord.echeances.tournees import tournee
from raccord.rgpd.conservation import appliquer


@tournee("conservation")
def appliquer_les_durees() -> int:
    """Warnings, erasures, purges."""
    return appliquer(pour_de_vrai=True).total
