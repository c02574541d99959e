"""What time it is where a place stands: a meeting at nine is at nine there."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from raccord.socle import calendrier
from raccord.territoires.models import Commune


def fuseau(departement: str) -> ZoneInfo:
    """The time zone of a département."""
    return calendrier.Lieu(departement).fuseau


def fuseau_de(commune: Commune) -> ZoneInfo:
    """The time zone of a commune."""
    return fuseau(commune.departement_id)


def sur_place(moment: dt.datetime | None, commune: Commune) -> dt.datetime | None:
    """The moment as the clock on the wall there shows it, without zone: what a message to anybody says."""
    return timezone.make_naive(moment, fuseau_de(commune)) if moment else None
