"""The engine that Django loads: `ENGINE = "raccord.socle.moteur"`."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from raccord.socle import identite


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction carries the identity in force when it begins; outside a transaction there is none."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # Django's own, which its stubs leave out
        if not autocommit:
            identite.poser(self)

    def is_usable(self) -> bool:
        """Ask the server only when the line is not silent: one that goes away says so, and a page saves its question.

        A line cut without a word (a network that vanished) is found by the next statement, as it would be by the
        question itself. In a broken transaction nothing can be asked, however silent the line.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return False
        ecoute = select.poll()
        ecoute.register(self.connection.fileno(), select.POLLIN)
        return not ecoute.poll(0) or super().is_usable()
