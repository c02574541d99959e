"""Actions of the heart, by noun."""
