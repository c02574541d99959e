"""Why a message did not go, in three kinds: they decide what happens next. Causes are codes, never a server's words."""


class Refus(Exception):
    """`cause` is short and says nothing of anybody: '450', 'délai dépassé'."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause[:60]


class Temporaire(Refus):
    """This message, later: greylisting, a server that is slow or hangs up."""


class Definitif(Refus):
    """This address, never: somebody must find another."""


class Injoignable(Refus):
    """Nothing can go at the moment: the server is away or refuses us. No message is to blame."""


class Coupure(Temporaire):
    """The server hung up, or did not answer in time: the connection is lost, the message may have arrived."""
