"""The gallery of components, and the page of probes."""

from django.urls import path

from raccord.socle import sante, views

app_name = "socle"
urlpatterns = [
    path("composants/", views.galerie, name="galerie"),
    path("sante/", sante.sante, name="sante"),
]
