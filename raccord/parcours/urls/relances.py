"""Addresses of calls, pauses, answers received otherwise, the buyer's tap, the RUN."""

from django.urls import path
from django.urls.resolvers import URLPattern

from raccord.parcours.views import relais, relances, run

urlpatterns: list[URLPattern] = [
    path("attentes/<uuid:attente_id>/appeler/", relances.appeler, name="appeler"),
    path("attentes/<uuid:attente_id>/pause/", relances.pause, name="pause"),
    path("attentes/<uuid:attente_id>/reprendre/", relances.reprendre, name="reprendre_rappels"),
    path("propositions/<uuid:positionnement_id>/reponse/", relances.reponse_recue, name="reponse_recue"),
    path("propositions/<uuid:positionnement_id>/relais/", relais.relais, name="relais"),
    path("propositions/<uuid:positionnement_id>/lettre.docx", relais.lettre_docx, name="lettre_docx"),
    path("propositions/<uuid:positionnement_id>/lettre.pdf", relais.lettre_pdf, name="lettre_pdf"),
    path("run/", run.run, name="run"),
    path("run/<uuid:run_id>/", run.dossier, name="run_dossier"),
    path("run/<uuid:run_id>/terminer/", run.terminer, name="run_terminer"),
    path("run/<uuid:run_id>/bilan/", run.bilan, name="run_bilan"),
]
