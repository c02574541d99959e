"""The link by which a contact of a company says whether they are still the right person."""

from raccord.comptes import joignabilite, liens
from raccord.parcours.actions.contacts import chercher_une_adresse, clore_les_recherches, suivre_confie
from raccord.parcours.messages.contacts import LIEN_CONTACT
from raccord.parcours.views.contacts import verifier

liens.definir(LIEN_CONTACT, "Vérifier qui est votre contact pour l'accueil d'un jeune", verifier)
if suivre_confie not in liens.APRES_CONFIE:
    liens.APRES_CONFIE.append(suivre_confie)
if chercher_une_adresse not in joignabilite.APRES_INJOIGNABLE:
    joignabilite.APRES_INJOIGNABLE.append(chercher_une_adresse)
if clore_les_recherches not in joignabilite.APRES_RETROUVE:
    joignabilite.APRES_RETROUVE.append(clore_les_recherches)
