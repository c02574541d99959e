"""Addresses of sign-in and links."""

from django.urls import path

from raccord.comptes import views
from raccord.comptes.assistance import urls as assistance
from raccord.comptes.organisations import urls as organisations
from raccord.comptes.proconnect import views as proconnect

app_name = "comptes"
urlpatterns = [
    path("connexion/", views.connexion, name="connexion"),
    path("connexion/<str:jeton>/", views.entrer, name="entrer"),
    path("connexion/<str:jeton>/autre/", views.autre_lien, name="autre_lien"),
    path("confirmation/", views.confirmer, name="confirmer"),
    path("confirmation/telephone/", views.activer, name="activer"),
    path("confirmation/codes/", views.refaire_codes, name="refaire_codes"),
    path("mon-compte/", views.securite, name="securite"),
    path("mon-compte/sortir-partout/", views.sortir_partout, name="sortir_partout"),
    path("proconnect/", proconnect.Entrer.as_view(), name="proconnect"),
    path("proconnect/retour/", proconnect.retour, name="proconnect_retour"),
    path("proconnect/sorti/", proconnect.sorti, name="proconnect_sorti"),
    path("sortir/", views.sortir, name="sortir"),
    path("agir-pour/<uuid:adhesion_id>/", views.changer_adhesion, name="changer_adhesion"),
    path("lien/<str:jeton>/", views.lien, name="lien"),
    path("lien/<str:jeton>/nouveau/", views.renouveler_lien, name="renouveler_lien"),
    path("lien/<str:jeton>/confier/", views.confier_lien, name="confier_lien"),
    *assistance.urlpatterns,
    *organisations.urlpatterns,
]
