"""Messages of the heart, one type per event; importing registers them."""

from raccord.parcours.messages import (
    bilans,
    envoi,
    lecteurs,
    offres,
    parcours,
    positionnements,
    representants,
    reservations,
)

__all__ = [
    "bilans",
    "envoi",
    "lecteurs",
    "offres",
    "parcours",
    "positionnements",
    "representants",
    "reservations",
]
