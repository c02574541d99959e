"""Addresses of documents."""

from django.urls import path

from raccord.documents import views

app_name = "documents"
urlpatterns = [path("<uuid:document_id>/", views.document, name="document")]
