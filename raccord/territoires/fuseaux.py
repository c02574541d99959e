"""What time it is where a place stands: a meeting at nine is at nine there."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from raccord.socle import calendrier
from raccord.territoires.models import Commune

# By département or collectivity; everywhere else lives at the hour of Paris.
FUSEAUX = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}


def fuseau(departement: str) -> ZoneInfo:
    """The time zone of a département."""
    return ZoneInfo(FUSEAUX[departement]) if departement in FUSEAUX else calendrier.PARIS


def fuseau_de(commune: Commune) -> ZoneInfo:
    """The time zone of a commune."""
    return fuseau(commune.departement_id)


def sur_place(moment: dt.datetime | None, commune: Commune) -> dt.datetime | None:
    """The moment as the clock on the wall there shows it, without zone: what a message to anybody says."""
    return timezone.make_naive(moment, fuseau_de(commune)) if moment else None
