"""Addresses of personal data."""

from django.urls import path

from raccord.rgpd import views

app_name = "rgpd"
urlpatterns = [
    path("donnees-personnelles/registre/", views.registre, name="registre"),
    path("donnees-personnelles/effacer/", views.effacer_professionnel, name="effacer_professionnel"),
    path("mes-donnees/", views.mes_donnees, name="mes_donnees"),
    path("mes-donnees/recevoir/", views.recevoir, name="recevoir"),
    path("mes-donnees/<uuid:copie_id>/", views.copie, name="copie"),
    path("jeunes/<uuid:jeune_id>/donnees/", views.jeune, name="jeune"),
    path("jeunes/<uuid:jeune_id>/effacer/", views.effacer, name="effacer"),
]
