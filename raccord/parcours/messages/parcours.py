"""Messages about parcours."""
