"""The engine that Django loads: `ENGINE = "raccord.socle.moteur"`."""

from django.db.backends.postgresql import base

from raccord.socle import identite


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction carries the identity in force when it begins; outside a transaction there is none."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # Django's own, which its stubs leave out
        if not autocommit:
            identite.poser(self)
