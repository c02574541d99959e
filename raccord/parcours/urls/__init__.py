"""Addresses of the heart, by noun."""

from raccord.parcours.urls import (
    agenda,
    bilans,
    declaration,
    offres,
    parcours,
    passations,
    positionnements,
    relances,
)

app_name = "parcours"
urlpatterns = [
    *offres.urlpatterns,
    *declaration.urlpatterns,
    *positionnements.urlpatterns,
    *parcours.urlpatterns,
    *passations.urlpatterns,
    *agenda.urlpatterns,
    *bilans.urlpatterns,
    *relances.urlpatterns,
]
