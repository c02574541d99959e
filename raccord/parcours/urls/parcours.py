"""Addresses of parcours."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
