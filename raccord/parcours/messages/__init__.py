"""Messages of the heart, one type per event; importing registers them."""

from raccord.parcours.messages import bilans, envoi, offres, parcours, positionnements, representants, reservations

__all__ = ["bilans", "envoi", "offres", "parcours", "positionnements", "representants", "reservations"]
