"""Addresses of the reference data."""

from django.urls import path

from raccord.territoires import views

app_name = "territoires"
urlpatterns = [path("communes/", views.communes, name="communes")]
