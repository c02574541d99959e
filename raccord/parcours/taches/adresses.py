"""Who finds another address when a message about an offer does not arrive: the buyer first, it chose the company."""

from uuid import UUID

from raccord.comptes.enums import Role
from raccord.echeances.adresses import responsable
from raccord.echeances.attentes import Proprietaire
from raccord.parcours import attentes
from raccord.parcours.models import Offre


@responsable("parcours.offre")
def acheteur_ou_coordination(offre_id: UUID) -> Proprietaire | None:
    """Whoever follows the contract, when they have an account; else the coordination of the place of work."""
    offre = Offre.objects.select_related("engagement__marche__acheteur").filter(pk=offre_id).first()
    if offre is None:
        return None
    marche = offre.engagement.marche if offre.engagement else None
    if marche is None or marche.suivi_par_id is None:
        return attentes.coordination(offre)
    return Proprietaire(
        role=Role.ACHETEUR,
        libelle=marche.acheteur.nom,
        organisation_id=marche.acheteur_id,
        utilisateur_id=marche.suivi_par_id,
    )
