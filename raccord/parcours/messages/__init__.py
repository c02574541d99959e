"""Messages of the heart, one type per event; importing registers them."""

from raccord.parcours.messages import (
    bilans,
    contacts,
    envoi,
    lecteurs,
    offres,
    parcours,
    passations,
    positionnements,
    representants,
    reservations,
    retards,
)

__all__ = [
    "bilans",
    "contacts",
    "envoi",
    "lecteurs",
    "offres",
    "parcours",
    "passations",
    "positionnements",
    "representants",
    "reservations",
    "retards",
]
