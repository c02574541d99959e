"""Leaving: the provider is told too, or the next person at this desk would enter without being asked anything."""

import logging
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string

from raccord.comptes.proconnect import reglages
from raccord.comptes.proconnect.refus import Refus

JOURNAL = logging.getLogger("raccord.proconnect")
CLE_JETON, CLE_ETAT = "proconnect_jeton", "proconnect_sortie"


def preparer(request: HttpRequest) -> tuple[str, str]:
    """Where to leave ProConnect and the state to expect back; empty for who did not enter by it, or if it is down."""
    jeton = request.session.get(CLE_JETON)
    if not jeton:
        return "", ""
    try:
        adresse = reglages.point(reglages.SORTIE)
    except Refus as refus:
        JOURNAL.warning("sortie de ProConnect impossible : %s", refus.cause)
        return "", ""
    etat = get_random_string(32)
    retour = request.build_absolute_uri(reverse("comptes:proconnect_sorti"))
    return f"{adresse}?{urlencode({'id_token_hint': jeton, 'post_logout_redirect_uri': retour, 'state': etat})}", etat
