"""Pages of the footer: accessibility, personal data, legal notice, help."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    """What is tested, what is not: no rate is claimed before an audit (RGAA)."""
    return render(request, "pages/accessibilite.html", {"contact": settings.CONTACT})


@login_not_required
@require_safe
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    """What is kept about whom, who sees it, whom to ask."""
    return render(request, "pages/donnees_personnelles.html", {"contact": settings.CONTACT})


@login_not_required
@require_safe
def mentions_legales(request: HttpRequest) -> HttpResponse:
    """Who publishes and hosts this instance: said by its settings."""
    contexte = {"contact": settings.CONTACT, "editeur": settings.EDITEUR, "hebergeur": settings.HEBERGEUR}
    return render(request, "pages/mentions_legales.html", contexte)


@login_not_required
@require_safe
def aide(request: HttpRequest) -> HttpResponse:
    """The words and the steps, for each."""
    return render(request, "pages/aide.html", {"contact": settings.CONTACT})


urlpatterns = [
    path("accessibilite/", accessibilite, name="accessibilite"),
    path("donnees-personnelles/", donnees_personnelles, name="donnees_personnelles"),
    path("mentions-legales/", mentions_legales, name="mentions_legales"),
    path("aide/", aide, name="aide"),
]
