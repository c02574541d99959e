"""Addresses of contracts that need nothing above them. `parcours.urls.marches` adds the contract's own page,
which shows its offers, and gives them all the namespace `marches`.
"""

from django.urls import path

from raccord.marches import views

urlpatterns = [
    path("", views.liste, name="liste"),
    path("regles/", views.regles, name="regles"),
]
