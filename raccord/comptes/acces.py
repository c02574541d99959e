"""Doors to the views: a role is required, and what is refused says so."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from raccord.comptes.requete import Requete

P = ParamSpec("P")
Vue = Callable[Concatenate[Requete, P], HttpResponse]  # request is positional: a URL never names it


def reserve_a(*roles: str) -> Callable[[Vue[P]], Vue[P]]:
    """Only these roles open the view; anybody else signed in gets a 403 page."""

    def decorer(vue: Vue[P]) -> Vue[P]:
        @wraps(vue)
        def garder(request: Requete, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.contexte.role not in roles:
                raise PermissionDenied
            return vue(request, *args, **kwargs)

        return garder

    return decorer
