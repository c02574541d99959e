"""Rungs about the circle: the tutor is reminded, then the coordination is told."""

from raccord.echeances.echelle import echelon
from raccord.echeances.models import Attente
from raccord.jeunes import messages
from raccord.jeunes.models import DemandeRetrait


def _demande(attente: Attente) -> DemandeRetrait:
    return DemandeRetrait.objects.select_related("jeune__tuteur", "jeune__organisation", "acces__organisation").get(
        pk=attente.objet_id
    )


@echelon("repondre_retrait", "rappel")
def rappeler_au_tuteur(attente: Attente) -> None:
    """The young person is still waiting."""
    messages.au_tuteur(messages.RETRAIT_RAPPEL, _demande(attente))


@echelon("repondre_retrait", "coordination")
def prevenir_la_coordination(attente: Attente) -> None:
    """The due date is past: tutor and coordinators are told."""
    demande = _demande(attente)
    messages.au_tuteur(messages.RETRAIT_RAPPEL, demande)
    messages.a_la_coordination(messages.RETRAIT_RETARD, demande)
