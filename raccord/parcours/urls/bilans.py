"""Addresses of bilans."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
