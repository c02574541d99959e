"""Forms about young people."""
