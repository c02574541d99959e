"""Links about contracts: somebody of the buyer's who follows one without account."""

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction
from raccord.parcours.actions.marche import confier_le_suivi
from raccord.parcours.messages.envoi import LIEN_MARCHE
from raccord.parcours.views.liens_marche import marche


def confier_le_marche(lien: LienAction, ancien: Contact, nouveau: Contact) -> None:
    """The colleague named by « ce n’est plus moi » follows the contract from now on."""
    if lien.action == LIEN_MARCHE:
        confier_le_suivi(liens.contexte_du(lien), lien.objet_id, ancien=ancien, nouveau=nouveau)


liens.definir(LIEN_MARCHE, "Le marché que vous suivez", marche)
if confier_le_marche not in liens.APRES_CONFIE:
    liens.APRES_CONFIE.append(confier_le_marche)
