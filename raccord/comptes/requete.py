"""The typed request: what our middleware adds to Django's."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from raccord.comptes.models import Adhesion, Assistance
from raccord.socle.contexte import Contexte


class Requete(HttpRequest):
    """A request whose acting person is known (a visitor when nobody is signed in)."""

    contexte: Contexte
    adhesion: Adhesion | None
    adhesions: list[Adhesion]
    a_confirmer: Adhesion | None
    assistance: Assistance | None
    htmx: HtmxDetails
    user: Any
