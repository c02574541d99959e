"""What the rungs of the heart's waits do; importing registers them."""

from raccord.parcours.taches import offres, positionnements, reservations

__all__ = ["offres", "positionnements", "reservations"]
