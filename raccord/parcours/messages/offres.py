"""Messages about offres."""
