"""Signing in by ProConnect (OpenID Connect), beside the mail link and never in its place (decision 0016)."""
