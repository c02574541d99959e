"""Addresses of young people."""

from django.urls import path

from raccord.jeunes.views import cercle, dossier, historique

app_name = "jeunes"
urlpatterns = [
    path("", dossier.liste, name="liste"),
    path("nouveau/", dossier.creer, name="creer"),
    path("<uuid:jeune_id>/", dossier.jeune, name="jeune"),
    path("<uuid:jeune_id>/modifier/", dossier.modifier, name="modifier"),
    path("<uuid:jeune_id>/historique/", historique.historique, name="historique"),
    path("<uuid:jeune_id>/fiche/", cercle.fiche, name="fiche"),
    path("<uuid:jeune_id>/lien/", cercle.renvoyer_lien, name="renvoyer_lien"),
    path("<uuid:jeune_id>/cercle/", cercle.donner, name="donner_acces"),
    path("<uuid:jeune_id>/cercle/<uuid:acces_id>/prolonger/", cercle.prolonger, name="prolonger_acces"),
    path("<uuid:jeune_id>/cercle/<uuid:acces_id>/retirer/", cercle.retirer, name="retirer_acces"),
    path("retraits/<uuid:demande_id>/", cercle.retrait, name="retrait"),
]
