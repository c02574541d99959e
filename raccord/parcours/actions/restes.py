"""The hours that an earlier stay left of an offer: what the ledger says, kept on the offer while it is open."""

from decimal import Decimal
from uuid import UUID

from raccord.marches import registre
from raccord.parcours.models import Offre, Semaine
from raccord.parcours.models.offre import ETATS_OUVERTS

ZERO = Decimal(0)


def heures_restantes(offre: Offre) -> Decimal:
    """Hours another young person could do on this offer: not yet done on it, and still to be placed on its contract."""
    faites = sum(Semaine.objects.filter(parcours__offre=offre).values_list("heures", flat=True), ZERO)
    reste = max(ZERO, offre.heures - faites)
    return min(reste, registre.soldes(offre.engagement_id).a_placer) if offre.engagement_id else reste


def inscrire_le_reste(offre: Offre, reste: Decimal) -> None:
    """Set what is left; nothing is written when all is still to be done. Does not save."""
    offre.heures_restantes = reste if reste < offre.heures else None


def tenir_l_offre(parcours_id: UUID) -> Offre | None:
    """Lock the offer of a stay, before the stay: every writer takes them in that order."""
    return Offre.objects.select_for_update(of=("self",), no_key=True).filter(parcours=parcours_id).first()


def suivre_le_reste(offre: Offre) -> None:
    """An offer reopened after a stay says the figure of the ledger, whatever was corrected since."""
    if offre.etat in ETATS_OUVERTS and offre.parcours.filter(place_rendue_le__isnull=False).exists():
        inscrire_le_reste(offre, heures_restantes(offre))
        offre.save(update_fields=["heures_restantes", "modifie_le"])
