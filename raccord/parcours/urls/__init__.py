"""Addresses of the heart, by noun."""

from raccord.parcours.urls import bilans, declaration, offres, parcours, positionnements

app_name = "parcours"
urlpatterns = [
    *offres.urlpatterns,
    *declaration.urlpatterns,
    *positionnements.urlpatterns,
    *parcours.urlpatterns,
    *bilans.urlpatterns,
]
