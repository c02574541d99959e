"""Addresses of young people."""

from django.urls import path

from raccord.jeunes import views

app_name = "jeunes"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("nouveau/", views.creer, name="creer"),
    path("<uuid:jeune_id>/", views.jeune, name="jeune"),
    path("<uuid:jeune_id>/modifier/", views.modifier, name="modifier"),
]
