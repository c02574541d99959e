"""Addresses of the declaration, of what a buyer does to an offer, of spontaneous proposals."""

from django.urls import path

from raccord.parcours.views import brouillon, declaration, lots, offre_declaree, spontanee

urlpatterns = [
    path("declarer/", declaration.declarer, name="declarer"),
    path("declarer/<uuid:brouillon_id>/", brouillon.reprendre, name="declarer_reprendre"),
    path("declarer/<uuid:brouillon_id>/contrat/", declaration.contrat, name="declarer_contrat"),
    path("declarer/<uuid:brouillon_id>/lots/", lots.lots, name="declarer_lots"),
    path("declarer/<uuid:brouillon_id>/heures/", declaration.heures, name="declarer_heures"),
    path("declarer/<uuid:brouillon_id>/offres/<uuid:engagement_id>/", declaration.offre, name="declarer_offre"),
    path("declarer/<uuid:brouillon_id>/verifier/", declaration.verifier, name="declarer_verifier"),
    path("declarer/<uuid:brouillon_id>/supprimer/", brouillon.supprimer, name="declarer_supprimer"),
    path("engagements/<uuid:engagement_id>/offre/", offre_declaree.nouvelle_offre, name="nouvelle_offre"),
    path("offres/<uuid:offre_id>/modifier/", offre_declaree.modifier_offre, name="modifier_offre"),
    path("offres/<uuid:offre_id>/retirer/", offre_declaree.retirer, name="retirer"),
    path("offres/<uuid:offre_id>/accueillir/", spontanee.accueillir, name="accueillir"),
    path("offres/<uuid:offre_id>/decliner/", spontanee.decliner, name="decliner"),
    path("proposer-un-parcours/", spontanee.proposer, name="proposer"),
    path("proposer-un-parcours/merci/", spontanee.proposition_recue, name="proposition_recue"),
]
