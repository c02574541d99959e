"""Accessible PDF of our own pages: PDF/UA, our font, nothing fetched from anywhere but the package."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FEUILLE = Path(__file__).parent / "templates" / "parcours" / "impression.css"
POLICES = settings.PAQUET / "static" / "raccord" / "vendu" / "polices"


class _Paquet(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """`police:nom` is a font of the package; anything else is refused."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        genre, _, nom = url.partition(":")
        if genre != "police" or Path(nom).name != nom:
            raise ValueError("adresse refusée")
        return URLFetcherResponse(url, (POLICES / nom).read_bytes(), {"Content-Type": "font/woff2"})


def pdf(gabarit: str, contexte: dict[str, Any]) -> bytes:
    """The template as PDF/UA-1. Its `<title>` is the document's title."""
    polices = FontConfiguration()
    # A font that is not there is our defect: it must be seen in the tests, not in a log.
    porteur = _Paquet(fail_on_errors=True)
    feuille = CSS(string=FEUILLE.read_text(encoding="utf-8"), font_config=polices, url_fetcher=porteur)
    document = HTML(string=render_to_string(gabarit, contexte), url_fetcher=porteur)
    octets: bytes = document.write_pdf(stylesheets=[feuille], font_config=polices, pdf_variant="pdf/ua-1")
    return octets


def reponse(octets: bytes, nom: str) -> HttpResponse:
    """A download that no cache keeps."""
    sortie = HttpResponse(octets, content_type="application/pdf")
    sortie["Content-Disposition"] = f'inline; filename="{nom}.pdf"'
    sortie["Cache-Control"] = "private, no-store"
    return sortie
