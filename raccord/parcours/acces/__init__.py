"""The only road to the rows of the heart, by noun."""
