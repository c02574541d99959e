"""Links of the company about its offer, and of whoever proposed one."""

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction
from raccord.parcours.actions.fiche import suivre_le_collegue
from raccord.parcours.messages.offres import LIEN_FICHE, LIEN_PROPOSITION
from raccord.parcours.views.fiche import fiche
from raccord.parcours.views.spontanee import proposition

liens.definir(LIEN_FICHE, "Votre offre d’accueil d’un jeune", fiche)
liens.definir(LIEN_PROPOSITION, "Votre proposition de parcours", proposition)


def confier_la_fiche(lien: LienAction, ancien: Contact, nouveau: Contact) -> None:
    """The colleague named by « ce n’est pas moi » takes the place on the offer, open waits included."""
    if lien.action in (LIEN_FICHE, LIEN_PROPOSITION):
        suivre_le_collegue(lien.objet_id, ancien, nouveau)


liens.APRES_CONFIE.append(confier_la_fiche)
