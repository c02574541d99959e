"""What goes wrong, in words."""


class BaseLocaleErreur(Exception):
    """The local database cannot be had; the message is a sentence that says what to do."""
