"""Error pages: what happened in words, what to do next. Never an address, never a name in the logs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from raccord.socle.gabarits import contexte_commun

LONGUEUR_A_RENDRE = 40
TEXTES_A_RENDRE = 20


def requete_invalide(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. Without the request: what it says may be the very problem."""
    return HttpResponse(_sans_requete("erreurs/400.html"), status=400)


@requires_csrf_token
def acces_refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but refused."""
    return render(request, "erreurs/403.html", status=403)


@requires_csrf_token
def introuvable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also what one may not see."""
    return render(request, "erreurs/404.html", status=404)


def trop_d_essais(request: HttpRequest, attente: str = "") -> HttpResponse:
    """429; `attente` completes 'réessayez …'."""
    return render(request, "erreurs/429.html", {"attente": attente}, status=429)


def panne(request: HttpRequest) -> HttpResponse:
    """500. Without request nor database: either may be what broke."""
    reference = str(getattr(request, "identifiant", "") or "")
    return HttpResponse(_sans_requete("erreurs/500.html", reference=reference), status=500)


def formulaire_perime(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF refused. Long texts are shown again, to be copied: never sent again from here."""
    textes = [
        texte
        for cle, valeurs in request.POST.lists()
        if cle != "csrfmiddlewaretoken" and "mot_de_passe" not in cle
        for texte in map(str, valeurs)
        if len(texte) >= LONGUEUR_A_RENDRE
    ]
    contexte = {"textes": textes[:TEXTES_A_RENDRE], "retour": request.path}
    return HttpResponse(_sans_requete("erreurs/formulaire_perime.html", **contexte), status=403)


def _sans_requete(gabarit: str, **contexte: Any) -> str:
    """A page that leans on nothing but the settings."""
    return loader.render_to_string(gabarit, {**contexte_commun(None), "messages": [], **contexte})
