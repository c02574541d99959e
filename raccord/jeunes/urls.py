"""Addresses of young people."""

from django.urls.resolvers import URLPattern

app_name = "jeunes"
urlpatterns: list[URLPattern] = []
