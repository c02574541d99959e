"""Views of the heart, by noun."""
