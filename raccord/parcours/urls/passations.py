"""Addresses of hand-overs inside an MLDS."""

from django.urls import path
from django.urls.resolvers import URLPattern

from raccord.parcours.views import passation

urlpatterns: list[URLPattern] = [
    path("portefeuilles/<uuid:tuteur_id>/confier/", passation.confier, name="confier_portefeuille"),
    path("jeunes/<uuid:jeune_id>/confier/", passation.confier_dossier, name="confier_dossier"),
    path("passations/<uuid:passation_id>/", passation.passation, name="passation"),
    path("fin-d-annee/", passation.fin_d_annee, name="fin_d_annee"),
]
