"""Addresses of parcours."""

from django.urls import path
from django.urls.resolvers import URLPattern

from raccord.parcours.views import etat_des_lieux, parcours, semaines, suite, transfert

urlpatterns: list[URLPattern] = [
    path("parcours/", parcours.liste, name="liste"),
    path("parcours/<uuid:parcours_id>/", parcours.parcours, name="parcours"),
    path("parcours/<uuid:parcours_id>/convention/", parcours.convention, name="convention"),
    path("parcours/<uuid:parcours_id>/dates/", parcours.dates, name="dates"),
    path("parcours/<uuid:parcours_id>/demarrer/", parcours.demarrer, name="demarrer"),
    path("parcours/<uuid:parcours_id>/adapter/", parcours.adapter, name="adapter"),
    path("parcours/<uuid:parcours_id>/interrompre/", parcours.interrompre, name="interrompre"),
    path("parcours/<uuid:parcours_id>/reprendre/", parcours.reprendre, name="reprendre"),
    path("parcours/<uuid:parcours_id>/rendre/", parcours.rendre, name="rendre"),
    path("parcours/<uuid:parcours_id>/terminer/", parcours.terminer, name="terminer"),
    path("parcours/<uuid:parcours_id>/annuler/", parcours.annuler, name="annuler"),
    path("parcours/<uuid:parcours_id>/heures/", semaines.heures, name="heures"),
    path("parcours/<uuid:parcours_id>/signaler/", semaines.signaler, name="signaler"),
    path("signalements/<uuid:signalement_id>/", semaines.signalement, name="signalement"),
    path("parcours/<uuid:parcours_id>/suite/", suite.suite, name="suite"),
    path("parcours/<uuid:parcours_id>/confier/", transfert.confier, name="confier"),
    path("transferts/<uuid:transfert_id>/", transfert.transfert, name="transfert"),
    path("transferts/<uuid:transfert_id>/annuler/", transfert.annuler, name="annuler_transfert"),
    path("etat-des-lieux/", etat_des_lieux.etat_des_lieux, name="etat_des_lieux"),
    path("etat-des-lieux/offres.csv", etat_des_lieux.csv_des_offres, name="etat_des_lieux_csv"),
]
