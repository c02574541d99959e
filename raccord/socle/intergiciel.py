"""The last net: a business refusal that no view turned into a form error is a page in words, never a 500."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from raccord.socle.exceptions import ErreurMetier


def middleware_fragments(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The same address answers a page or its part: a cache must keep them apart."""

    def traiter(request: HttpRequest) -> HttpResponse:
        reponse = suite(request)
        patch_vary_headers(reponse, ["HX-Request"])
        return reponse

    return traiter


class ErreursMetier:
    """Answers 403, 404 or 409 with the refusal's own words."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.suite(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only our own refusals; anything else is a defect and goes on."""
        if not isinstance(exception, ErreurMetier):
            return None
        return render(request, "erreurs/metier.html", {"message": str(exception)}, status=exception.statut)
