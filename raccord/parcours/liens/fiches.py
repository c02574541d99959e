"""Links about fiches."""
