"""Addresses of waits and of preferences."""

from django.urls import path

from raccord.echeances import views

app_name = "echeances"
urlpatterns = [
    path("ma-journee/", views.ma_journee, name="ma_journee"),
    path("adresses/<uuid:echec_id>/", views.adresse, name="adresse"),
    path("adresses/<uuid:echec_id>/laisser/", views.laisser, name="laisser_adresse"),
    path("echelles/", views.echelles, name="echelles"),
    path("echelles/<slug:code>/", views.modifier_echelle, name="modifier_echelle"),
    path("mon-compte/preferences/", views.preferences, name="preferences"),
    path("lien/<str:jeton>/journee/", views.journee_du_lien, name="journee_lien"),
    path("lien/<str:jeton>/preferences/", views.preferences_du_lien, name="preferences_lien"),
]
