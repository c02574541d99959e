"""Addresses of the members of an organisation."""

from django.urls import path
from django.urls.resolvers import URLPattern

from raccord.comptes.organisations import views

urlpatterns: list[URLPattern] = [
    path("mon-organisation/", views.organisation, name="organisation"),
    path("mon-organisation/inviter/", views.inviter, name="inviter"),
    path("mon-organisation/quitter/", views.quitter, name="quitter"),
    path("mon-organisation/invitations/<uuid:invitation_id>/renvoyer/", views.renvoyer, name="renvoyer_invitation"),
    path("mon-organisation/invitations/<uuid:invitation_id>/retirer/", views.annuler, name="retirer_invitation"),
    path("mon-organisation/demandes/<uuid:demande_id>/", views.demande, name="demande"),
    path("mon-organisation/membres/<uuid:adhesion_id>/nommer/", views.nommer, name="nommer"),
    path("mon-organisation/membres/<uuid:adhesion_id>/demettre/", views.demettre, name="demettre"),
    path("mon-organisation/membres/<uuid:adhesion_id>/retirer/", views.retirer, name="retirer_membre"),
    path("mon-organisation/membres/<uuid:adhesion_id>/absence/", views.absence, name="absence"),
    path("mon-organisation/absences/<uuid:absence_id>/annuler/", views.annuler_absence, name="annuler_absence"),
    path("rejoindre/", views.rejoindre, name="rejoindre"),
    path("rejoindre/<uuid:organisation_id>/", views.demander, name="demander"),
    path("invitation/<str:jeton>/", views.invitation, name="invitation"),
    path("invitation/<str:jeton>/nouveau/", views.redemander, name="redemander_invitation"),
]
