"""Addresses of offres."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
