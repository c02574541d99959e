"""What the commune field asks while someone types."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from raccord.territoires.recherche import chercher_communes

UNE_HEURE = 3600


@login_not_required
@require_safe
@cache_control(public=True, max_age=UNE_HEURE)
def communes(request: HttpRequest) -> JsonResponse:
    """At most ten communes for `?q=`, best first; an empty list for anything that names none. Public, without state.

    `libelle` is what the field takes; it keeps the postcode that was typed when the commune has several.
    """
    saisie = request.GET.get("q", "")
    tape = re.search(r"\b\d{5}\b", saisie[:300])
    return JsonResponse(
        {
            "communes": [
                {
                    "nom": commune.nom,
                    "code": commune.code,
                    "codes_postaux": commune.codes_postaux,
                    "departement": commune.departement.nom,
                    "libelle": commune.libelle_avec(tape.group() if tape else ""),
                }
                for commune in chercher_communes(saisie)
            ]
        }
    )
