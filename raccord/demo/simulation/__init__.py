"""A year of a territory on a frozen clock: the real code, with and without the ladder (`raccord simuler-annee`)."""
