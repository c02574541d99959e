"""Addresses of offers and reservations, public pages first."""

from django.urls import path

from raccord.parcours.views import contacts, offres, recherche, reservation, suggestions

__all__ = ["suggestions", "urlpatterns"]  # imported for what it plugs into young people's pages

urlpatterns = [
    path("", recherche.accueil, name="accueil"),
    path("offres/", recherche.offres, name="offres"),
    path("offres/<uuid:offre_id>/", offres.offre, name="offre"),
    path("offres/<uuid:offre_id>/reserver/", reservation.reserver, name="reserver"),
    path("offres/<uuid:offre_id>/remettre/", offres.remettre, name="remettre"),
    path("offres/<uuid:offre_id>/archiver/", offres.archiver, name="archiver"),
    path("offres/<uuid:offre_id>/contacts/", contacts.contacts, name="contacts"),
    path("reservations/<uuid:reservation_id>/verifier/", contacts.demander, name="demander_verification"),
    path("reservations/<uuid:reservation_id>/", reservation.reservation, name="reservation"),
    path("reservations/<uuid:reservation_id>/liberer/", reservation.liberer, name="liberer"),
]
