"""All the addresses."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("raccord.socle.urls")),
    path("", include("raccord.socle.pages")),
    path("", include("raccord.comptes.urls")),
    path("", include("raccord.echeances.urls")),
    path("territoires/", include("raccord.territoires.urls")),
    path("documents/", include("raccord.documents.urls")),
    path("marches/", include("raccord.parcours.urls.marches")),
    path("jeunes/", include("raccord.jeunes.urls")),
    path("", include("raccord.parcours.urls")),
    path("", include("raccord.rgpd.urls")),
    *([path("demo/", include("raccord.demo.urls"))] if settings.DEMO else []),
]
handler400 = "raccord.socle.erreurs.requete_invalide"
handler403 = "raccord.socle.erreurs.acces_refuse"
handler404 = "raccord.socle.erreurs.introuvable"
handler500 = "raccord.socle.erreurs.panne"
