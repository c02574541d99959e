"""Addresses of my calendar."""

from django.urls import path

from raccord.parcours.views import agenda

urlpatterns = [
    path("mon-compte/agenda/", agenda.mon_agenda, name="mon_agenda"),
    path("agenda/<str:jeton>.ics", agenda.flux, name="flux"),
]
