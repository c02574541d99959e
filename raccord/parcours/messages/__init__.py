"""Messages of the heart, one type per event; importing registers them."""

from raccord.parcours.messages import bilans, offres, parcours, positionnements, representants, reservations

__all__ = ["bilans", "offres", "parcours", "positionnements", "representants", "reservations"]
