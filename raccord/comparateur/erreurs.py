"""What stops a comparison: each message is the sentence that the operator reads."""


class ComparateurErreur(Exception):
    """The comparison is not done (exit status 2)."""
