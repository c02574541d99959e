"""The link by which somebody without account reads what is kept of them, and takes a copy."""

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.jeunes.acces import representant_du
from raccord.parcours.liens.parcours import destinataire_jeune
from raccord.rgpd.actions import LIEN_DONNEES
from raccord.rgpd.views import par_lien
from raccord.socle.courrier import Destinataire


def destinataire(lien: LienAction) -> Destinataire:
    """Where the link is sent again. What is kept of a representative stays theirs to read after the 18th birthday."""
    representant = representant_du(lien)
    if representant is None:
        return destinataire_jeune(lien)
    return Destinataire(courriel=representant.courriel, representant_id=representant.pk)


liens.definir(LIEN_DONNEES, "Vos données personnelles", par_lien, destinataire)
