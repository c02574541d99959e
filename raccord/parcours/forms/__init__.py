"""Forms of the heart, by noun."""
