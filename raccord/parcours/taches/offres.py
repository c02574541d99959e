"""Rungs about offres."""
