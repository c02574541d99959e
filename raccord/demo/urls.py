"""Addresses of demo."""

from django.urls.resolvers import URLPattern

app_name = "demo"
urlpatterns: list[URLPattern] = []
