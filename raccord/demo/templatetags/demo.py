"""Links of a message that can be followed, whatever the port the demonstration runs on today."""

import re
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

ADRESSE = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)»]")
CHEZ_SOI = {"localhost", "127.0.0.1"}


@register.filter
def liens_cliquables(corps: str) -> SafeString:
    """The text, escaped, line by line, its own links made clickable; a link to elsewhere stays text."""
    lignes = ((_ligne(ligne),) for ligne in corps.strip().splitlines())
    return format_html_join("", "{}<br>", lignes)


def _ligne(ligne: str) -> SafeString:
    morceaux: list[SafeString] = []
    position = 0
    for trouvee in ADRESSE.finditer(ligne):
        morceaux += [format_html("{}", ligne[position : trouvee.start()]), _lien(trouvee.group())]
        position = trouvee.end()
    morceaux.append(format_html("{}", ligne[position:]))
    return format_html_join("", "{}", ((morceau,) for morceau in morceaux))


def _lien(adresse: str) -> SafeString:
    morceaux = urlsplit(adresse)
    if morceaux.hostname not in CHEZ_SOI | {urlsplit(settings.ADRESSE_PUBLIQUE).hostname}:
        return format_html("{}", adresse)
    chemin = morceaux.path + (f"?{morceaux.query}" if morceaux.query else "")
    return format_html('<a class="fr-link" href="{}">{}</a>', chemin, adresse)
