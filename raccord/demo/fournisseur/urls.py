"""Addresses of the demonstration's provider, below its issuer's."""

from django.urls import path

from raccord.demo.fournisseur import views

urlpatterns = [
    path(".well-known/openid-configuration", views.decouverte, name="fournisseur_decouverte"),
    path("cles/", views.cles, name="fournisseur_cles"),
    path("autoriser/", views.autoriser, name="fournisseur_autoriser"),
    path("jeton/", views.jeton, name="fournisseur_jeton"),
    path("personne/", views.personne, name="fournisseur_personne"),
    path("sortie/", views.sortie, name="fournisseur_sortie"),
]
