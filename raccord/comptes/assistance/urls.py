"""Addresses of help."""

from django.urls import path
from django.urls.resolvers import URLPattern

from raccord.comptes.assistance import views

urlpatterns: list[URLPattern] = [
    path("mon-compte/aide/", views.demander, name="demander_aide"),
    path("mon-compte/aide/<uuid:assistance_id>/arreter/", views.arreter, name="arreter_aide"),
    path("assistance/quitter/", views.quitter, name="quitter_assistance"),
    path("assistance/<uuid:assistance_id>/", views.assister, name="assister"),
]
