"""What pilots decide of offers taken over from the former tool."""

from uuid import UUID

from django.utils import timezone

from raccord.parcours.actions.recherche import indexer
from raccord.parcours.models import Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle.contexte import Contexte
from raccord.socle.workflow import executer


def remettre(contexte: Contexte, offre_id: UUID) -> Offre:
    """Nothing came of the former follow-up: the offer is available again. Raises TransitionRefusee."""
    with executer(OFFRE["remettre"], contexte, Offre, offre_id) as offre:
        offre.publiee_le = offre.publiee_le or timezone.now()
        indexer(offre)
    return offre


def archiver(contexte: Contexte, offre_id: UUID) -> Offre:
    """The stay followed in the former tool is over: the offer is closed. Raises TransitionRefusee."""
    with executer(OFFRE["archiver"], contexte, Offre, offre_id) as offre:
        pass
    return offre
