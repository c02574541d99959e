"""What forbids a declaration, in words. Guards read the object they are given; they import no model."""

from typing import TYPE_CHECKING

from raccord.comptes.enums import Role
from raccord.marches import calibration
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import Refus

if TYPE_CHECKING:
    from raccord.marches.models import Engagement


def marche_de_mon_organisation(contexte: Contexte, engagement: "Engagement") -> Refus | None:
    """A buyer declares for the contracts of their own organisation; the national team for all."""
    if contexte.role == Role.ACHETEUR and engagement.marche.acheteur_id != contexte.organisation_id:
        return Refus("Ce marché est celui d’un autre acheteur.")
    return None


def engagement_de_mon_entreprise(contexte: Contexte, engagement: "Engagement") -> Refus | None:
    """A company confirms its own commitment."""
    if contexte.role == Role.ENTREPRISE and engagement.entreprise_id != contexte.organisation_id:
        return Refus("Cet engagement est celui d’une autre entreprise.")
    return None


def duree_ferme_suffisante(contexte: Contexte, engagement: "Engagement") -> Refus | None:
    """At least one firm year (parameter duree_ferme_minimale)."""
    return calibration.refus_duree_ferme(engagement.marche.date_notification, engagement.marche.date_fin_clause)


def periode_ferme_non_passee(contexte: Contexte, engagement: "Engagement") -> Refus | None:
    """Hours are done inside the firm period."""
    return calibration.refus_periode_passee(engagement.marche.date_fin_clause)
