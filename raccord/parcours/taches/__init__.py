"""What the rungs of the heart's waits do; importing registers them."""

from raccord.parcours.taches import (
    adresses,
    offres,
    parcours,
    positionnements,
    rencontres,
    reservations,
    retards,
    semaine,
)

__all__ = ["adresses", "offres", "parcours", "positionnements", "rencontres", "reservations", "retards", "semaine"]
