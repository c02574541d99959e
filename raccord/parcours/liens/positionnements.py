"""Links about proposals."""

from raccord.comptes import liens
from raccord.parcours.actions.positionnement import suivre_confie
from raccord.parcours.messages.positionnements import LIEN_REPONSE
from raccord.parcours.views.repondre import repondre

liens.definir(LIEN_REPONSE, "Répondre à la proposition d'accueil d'un jeune", repondre)
if suivre_confie not in liens.APRES_CONFIE:
    liens.APRES_CONFIE.append(suivre_confie)
