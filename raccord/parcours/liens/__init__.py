"""What action links of the heart do; importing registers them."""

from raccord.parcours.liens import bilans, contacts, fiches, marches, parcours, positionnements

__all__ = ["bilans", "contacts", "fiches", "marches", "parcours", "positionnements"]
