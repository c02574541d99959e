"""Addresses of proposals and meetings."""

from django.urls import path

from raccord.parcours.views import positionnement, rencontre

urlpatterns = [
    path("reservations/<uuid:reservation_id>/proposer/", positionnement.preparer, name="positionnement_preparer"),
    path("propositions/<uuid:positionnement_id>/", positionnement.positionnement, name="positionnement"),
    path("propositions/<uuid:positionnement_id>/apercu/", positionnement.apercu, name="positionnement_apercu"),
    path("propositions/<uuid:positionnement_id>/choisir/", positionnement.choisir, name="positionnement_choisir"),
    path("propositions/<uuid:positionnement_id>/creneaux/", positionnement.creneaux, name="positionnement_creneaux"),
    path("propositions/<uuid:positionnement_id>/arreter/", positionnement.arreter, name="positionnement_arreter"),
    path("propositions/<uuid:positionnement_id>/annoncer/", positionnement.annoncer, name="positionnement_annoncer"),
    path("propositions/<uuid:positionnement_id>/rencontre.ics", rencontre.agenda, name="rencontre_agenda"),
    path("propositions/<uuid:positionnement_id>/absence/", rencontre.absence, name="rencontre_absence"),
    path(
        "propositions/<uuid:positionnement_id>/absence/corriger/",
        rencontre.corriger_absence,
        name="rencontre_absence_corriger",
    ),
    path("propositions/<uuid:positionnement_id>/avance/", rencontre.avance, name="rencontre_avance"),
    path("propositions/<uuid:positionnement_id>/accord/", rencontre.accord, name="rencontre_accord"),
]
