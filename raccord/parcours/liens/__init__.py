"""What action links of the heart do; importing registers them."""

from raccord.parcours.liens import bilans, fiches, parcours, positionnements

__all__ = ["bilans", "fiches", "parcours", "positionnements"]
