"""Addresses of bilans."""

from django.urls import path
from django.urls.resolvers import URLPattern

from raccord.parcours.views import bilan

urlpatterns: list[URLPattern] = [
    path("parcours/<uuid:parcours_id>/bilan/", bilan.bilan, name="bilan"),
    path("parcours/<uuid:parcours_id>/bilan.pdf", bilan.bilan_pdf, name="bilan_pdf"),
    path("parcours/<uuid:parcours_id>/bilan/relancer/", bilan.relancer, name="relancer_bilan"),
    path("parcours/<uuid:parcours_id>/bilan/rouvrir/", bilan.rouvrir, name="rouvrir_bilan"),
    path("parcours/<uuid:parcours_id>/bilan/sans/<str:voix>/", bilan.sans_voix, name="bilan_sans_voix"),
    path("parcours/<uuid:parcours_id>/preuve.pdf", bilan.preuve, name="preuve"),
    path("parcours/<uuid:parcours_id>/preuve/", bilan.preuve_page, name="preuve_page"),
]
