"""Addresses of marches."""

from django.urls.resolvers import URLPattern

app_name = "marches"
urlpatterns: list[URLPattern] = []
