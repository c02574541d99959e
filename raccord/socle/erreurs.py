"""Error pages: what happened in words, what to do next. Never an address, never a name in the logs."""

import datetime as dt
import math
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from raccord.socle.gabarits import contexte_commun

LONGUEUR_A_RENDRE = 40
TEXTES_A_RENDRE = 20
ILLISIBLES = (BadRequest, SuspiciousOperation, MultiPartParserError, OSError)


def requete_invalide(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. Without the request: what it says may be the very problem."""
    return HttpResponse(_sans_requete("erreurs/400.html"), status=400)


@requires_csrf_token
def acces_refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but refused."""
    return render(request, "erreurs/403.html", {"textes": textes_ecrits(request)}, status=403)


@requires_csrf_token
def introuvable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also what one may not see."""
    return render(request, "erreurs/404.html", {"textes": textes_ecrits(request)}, status=404)


def methode_refusee(request: HttpRequest) -> HttpResponse:
    """405: an address that only acts was opened, or the reverse."""
    return render(request, "erreurs/405.html", {"textes": textes_ecrits(request)}, status=405)


def refus_metier(request: HttpRequest, message: str, statut: int) -> HttpResponse:
    """A business refusal that no view turned into a form error: its own words."""
    contexte = {"message": message, "textes": textes_ecrits(request)}
    return render(request, "erreurs/metier.html", contexte, status=statut)


def session_finie(request: HttpRequest, retour: str) -> HttpResponse:
    """A form sent by nobody any more; `retour` signs in and comes back to its page."""
    contexte = {"textes": textes_ecrits(request), "retour": retour}
    return render(request, "erreurs/session_finie.html", contexte, status=403)


def trop_d_essais(request: HttpRequest, attente: dt.timedelta) -> HttpResponse:
    """429: too much in little time; when to try again, for people and for programs."""
    minutes = math.ceil(attente.total_seconds() / 60)
    contexte = {"minutes": minutes, "textes": textes_ecrits(request)}
    reponse = render(request, "erreurs/429.html", contexte, status=429)
    reponse["Retry-After"] = str(minutes * 60)
    return reponse


def panne(request: HttpRequest) -> HttpResponse:
    """500. Without request nor database: either may be what broke."""
    reference = str(getattr(request, "identifiant", "") or "")
    return HttpResponse(_sans_requete("erreurs/500.html", reference=reference), status=500)


def formulaire_perime(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF refused."""
    contexte = {"textes": textes_ecrits(request), "retour": request.path}
    return HttpResponse(_sans_requete("erreurs/formulaire_perime.html", **contexte), status=403)


def textes_ecrits(request: HttpRequest) -> list[str]:
    """Long texts of a form that is refused whole: shown again to be copied, never sent again from there."""
    try:
        listes = list(request.POST.lists())
    except ILLISIBLES:
        return []
    textes = [
        texte
        for cle, valeurs in listes
        if cle != "csrfmiddlewaretoken"
        for texte in map(str, valeurs)
        if len(texte) >= LONGUEUR_A_RENDRE
    ]
    return textes[:TEXTES_A_RENDRE]


def _sans_requete(gabarit: str, **contexte: Any) -> str:
    """A page that leans on nothing but the settings."""
    return loader.render_to_string(gabarit, {**contexte_commun(None), "messages": [], **contexte})
