"""Links about parcours."""
