"""Why a sign-in by ProConnect was refused: a word for the logs, never what the provider said of the person."""


class Refus(Exception):
    """`cause` is one of our own words."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


class Inconnu(Refus):
    """The provider is right, and no open account here is that person's."""

    def __init__(self) -> None:
        super().__init__("inconnu")
