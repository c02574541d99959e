"""The last net: a business refusal that no view turned into a form error is a page in words, never a 500."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

from raccord.socle import erreurs
from raccord.socle.exceptions import ErreurMetier


def middleware_fragments(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The same address answers a page or its part: a cache must keep them apart."""

    def traiter(request: HttpRequest) -> HttpResponse:
        reponse = suite(request)
        patch_vary_headers(reponse, ["HX-Request"])
        return reponse

    return traiter


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
        return erreurs.refus_metier(request, str(exception), exception.statut)
