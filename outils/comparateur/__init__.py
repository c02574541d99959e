"""Made-up populations for the comparator, and the measures taken on them."""
