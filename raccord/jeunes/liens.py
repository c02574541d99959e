"""Links about the file itself: the young person's page, and that of whoever signs for a minor."""

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.jeunes.acces import representant_du
from raccord.jeunes.messages import LIEN_DOSSIER
from raccord.jeunes.models import Jeune
from raccord.jeunes.views.liens import dossier
from raccord.socle.courrier import Destinataire


def destinataire(lien: LienAction) -> Destinataire:
    """Where the link is sent again: to its holder, a representative only while the young person is a minor."""
    porteur = representant_du(lien) or (Jeune.objects.filter(pk=lien.jeune_id).first() if lien.jeune_id else None)
    return porteur.destinataire() if porteur else Destinataire()


liens.definir(LIEN_DOSSIER, "Votre dossier : qui peut le voir", dossier, destinataire)
