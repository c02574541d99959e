"""Addresses of sign-in and links."""

from django.urls import path

from raccord.comptes import views
from raccord.comptes.organisations import urls as organisations

app_name = "comptes"
urlpatterns = [
    path("connexion/", views.connexion, name="connexion"),
    path("connexion/<str:jeton>/", views.entrer, name="entrer"),
    path("sortir/", views.sortir, name="sortir"),
    path("agir-pour/<uuid:adhesion_id>/", views.changer_adhesion, name="changer_adhesion"),
    path("lien/<str:jeton>/", views.lien, name="lien"),
    path("lien/<str:jeton>/nouveau/", views.renouveler_lien, name="renouveler_lien"),
    path("lien/<str:jeton>/confier/", views.confier_lien, name="confier_lien"),
    *organisations.urlpatterns,
]
