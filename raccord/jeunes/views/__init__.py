"""Young people's pages."""
