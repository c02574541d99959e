"""Addresses of the demonstration; none of them exists outside demo mode."""

from django.urls import include, path

from raccord.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.comptes, name="comptes"),
    path("entrer/<uuid:adhesion_id>/", views.entrer, name="entrer"),
    path("messages/", views.messages, name="messages"),
    path("proconnect/", include("raccord.demo.fournisseur.urls")),
]
