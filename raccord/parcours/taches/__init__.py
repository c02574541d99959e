"""What the rungs of the heart's waits do; importing registers them."""

from raccord.parcours.taches import offres, parcours, positionnements, rencontres, reservations

__all__ = ["offres", "parcours", "positionnements", "rencontres", "reservations"]
