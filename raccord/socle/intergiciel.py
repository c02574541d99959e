"""The last net: a business refusal that no view turned into a form error is a page in words, never a 500."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

from raccord.socle import erreurs, identite
from raccord.socle.exceptions import ErreurMetier, TropDEssais

# Nothing here looks, listens, locates or pays.
FERMES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{nom}=()" for nom in FERMES)


def middleware_fragments(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The same address answers a page or its part: a cache must keep them apart."""

    def traiter(request: HttpRequest) -> HttpResponse:
        reponse = suite(request)
        patch_vary_headers(reponse, ["HX-Request"])
        return reponse

    return traiter


def middleware_entetes(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What our pages never use is closed to them, and nobody else's page may embed or read ours."""

    def traiter(request: HttpRequest) -> HttpResponse:
        reponse = suite(request)
        reponse.headers.setdefault("Permissions-Policy", PERMISSIONS)
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return reponse

    return traiter


class MotifDuGeste:
    """Why a request writes: the name of its address, for the history (`socle.histoire`)."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.suite(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Said before the transaction of the view begins."""
        if request.resolver_match is not None:
            identite.pour(request.resolver_match.view_name)


class ErreursMetier:
    """Answers 403, 404 or 409 with the refusal's own words, and 405 with a page instead of nothing."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.suite(request)
        if isinstance(reponse, HttpResponseNotAllowed) and request.method in ("GET", "POST"):
            page = erreurs.methode_refusee(request)
            page["Allow"] = reponse["Allow"]
            return page
        return reponse

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only our own refusals; anything else is a defect and goes on."""
        if not isinstance(exception, ErreurMetier):
            return None
        if isinstance(exception, TropDEssais):
            return erreurs.trop_d_essais(request, exception.attente)
        return erreurs.refus_metier(request, str(exception), exception.statut)
