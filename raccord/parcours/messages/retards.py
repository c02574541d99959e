"""The message of any wait that is late: what, of whom, since when, where one acts. No young person's data."""

from collections.abc import Iterable

from django.conf import settings

from raccord.echeances.attentes import TYPES
from raccord.echeances.echelle import objet_de
from raccord.echeances.models import Attente
from raccord.parcours.acces.destinataires import offre_de
from raccord.parcours.messages.envoi import ecrire
from raccord.socle.courrier import Destinataire, TypeMessage, definir, envoyer

EN_RETARD = definir("parcours.en_retard", "Une action est en retard", contractuel=True)
SILENCE = definir("parcours.silence", "Un silence sans personne à prévenir, à l'équipe nationale", contractuel=True)


def ecrire_a_tous(attente: Attente, qui: Iterable[Destinataire], *, type_message: TypeMessage = EN_RETARD) -> None:
    """The same words for each; the page, as each one can open it."""
    donnees = {
        "action": attente.action,
        "sujet": attente.sujet,
        "proprietaire": attente.proprietaire,
        "depuis": attente.ouverte_le,
        "echeance": attente.echeance,
        "page": settings.ADRESSE_PUBLIQUE + TYPES[attente.code].url(attente.objet_id),
    }
    offre = offre_de(attente)
    if offre is None:
        envoyer(type_message, qui, donnees, objet=objet_de(attente))
    else:
        ecrire(type_message, qui, donnees, objet=objet_de(attente), offre=offre)
