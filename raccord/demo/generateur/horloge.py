"""Acting on another day: Django's clock is moved, and only it.

Everything of ours asks `django.utils.timezone` what time it is, the defaults of model fields included, and that module
reads it in one place: the `datetime` it imported. The system's clock, sessions and secrets are left alone. For the
generator's process only: the clock is moved for all its threads.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.utils import timezone


@contextmanager
def a(moment: dt.datetime) -> Iterator[None]:
    """Act at that aware moment."""

    class EstUneDate(type):
        def __instancecheck__(cls, objet: object) -> bool:
            return isinstance(objet, dt.datetime)

    class Horloge(dt.datetime, metaclass=EstUneDate):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Horloge):
        yield
