"""The life of an engagement: owed, confirmed, done or lost."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from raccord.marches import registre
from raccord.marches.enums import EtatEngagement
from raccord.marches.models import Engagement
from raccord.marches.workflow import ENGAGEMENT
from raccord.socle import calendrier
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.lignes import ou_disparu
from raccord.socle.workflow import executer

MOTIF_CLAUSE = "heures dues au titre de la clause"
MOTIF_FIN = "fin de la période ferme"


@transaction.atomic
def declarer_engagement(contexte: Contexte, engagement_id: UUID) -> Engagement:
    """What is owed enters the ledger: from here on it is done, lost, or still to be placed."""
    with executer(ENGAGEMENT["declarer"], contexte, Engagement, engagement_id) as engagement:
        registre.ouvrir(engagement.pk, Decimal(engagement.heures), motif=MOTIF_CLAUSE)
    return engagement


def confirmer_engagement(contexte: Contexte, engagement_id: UUID) -> None:
    """The company has read and confirmed what it owes. A second offer of the same engagement changes nothing."""
    if Engagement.objects.filter(pk=engagement_id, etat=EtatEngagement.DECLARE).exists():
        with executer(ENGAGEMENT["confirmer"], contexte, Engagement, engagement_id):
            pass


@transaction.atomic
def solder_si_fait(contexte: Contexte, engagement_id: UUID) -> bool:
    """Close an engagement whose hours are all done. Returns whether it was closed now."""
    ouvert = Engagement.objects.filter(
        pk=engagement_id, etat__in=(EtatEngagement.DECLARE, EtatEngagement.CONFIRME)
    ).exists()
    if not ouvert or not registre.soldes(engagement_id).soldees:
        return False
    with executer(ENGAGEMENT["solder"], contexte, Engagement, engagement_id):
        pass
    return True


@transaction.atomic
def constater_la_fin(engagement_id: UUID) -> Decimal:
    """The firm period is over and nobody holds these hours any more: what was to be placed is lost.

    Acts as the machine. Returns the hours lost (0 when all was done: the engagement is then closed as done).
    Nothing happens before the last day, nor while a parcours still holds hours.
    """
    engagement = ou_disparu(Engagement.objects.select_related("marche").filter(pk=engagement_id))
    etat = registre.soldes(engagement_id)
    if engagement.marche.date_fin_clause >= calendrier.aujourdhui() or etat.reservees:
        return Decimal(0)
    if solder_si_fait(SYSTEME, engagement_id):
        return Decimal(0)
    if engagement.etat in (EtatEngagement.DECLARE, EtatEngagement.CONFIRME):
        registre.perdre(engagement_id, motif=MOTIF_FIN)
        with executer(ENGAGEMENT["perdre"], SYSTEME, Engagement, engagement_id, faits={"heures": str(etat.a_placer)}):
            pass
        return etat.a_placer
    return Decimal(0)
