"""Doors to the views: a role is required, and what is refused says so."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from raccord.comptes.models import Utilisateur
from raccord.comptes.requete import Requete

LONGUEUR_SUITE = 500  # it travels in a mail
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


def avant_confirmation(vue: Vue[P]) -> Vue[P]:
    """This view opens to somebody signed in who has not given their second factor yet."""
    vue.avant_confirmation = True  # type: ignore[attr-defined]  # read by `ConnexionRequise`
    return vue


def compte_ouvert(**critere: object) -> Utilisateur | None:
    """The account that may sign in, by its address or its id."""
    return Utilisateur.objects.filter(is_active=True, **critere).first()


def suite_sure(request: Requete) -> str:
    """Where `next` asks to go, when it is a page of ours; else nothing."""
    suite = request.GET.get("next", "")
    sure = url_has_allowed_host_and_scheme(suite, {request.get_host()}, require_https=request.is_secure())
    return suite if sure and len(suite) <= LONGUEUR_SUITE else ""
