"""Addresses of contracts. The contract's own page shows its offers: it lives here, above `marches`."""

from django.urls import path

from raccord.marches.urls import urlpatterns as adresses_de_marches
from raccord.parcours.views import correction
from raccord.parcours.views import marches as views

app_name = "marches"
urlpatterns = [
    *adresses_de_marches,
    path("<uuid:marche_id>/", views.marche, name="marche"),
    path("<uuid:marche_id>/corriger/", correction.corriger, name="corriger"),
]
