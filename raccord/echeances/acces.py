"""The only road to waits."""

from uuid import UUID

from raccord.echeances.attentes import TYPES
from raccord.echeances.models import Attente
from raccord.socle.contexte import Contexte

LIMITE = 200


def mes_attentes(contexte: Contexte) -> list[Attente]:
    """My open waits, oldest due first, each with the page where I act."""
    attentes = list(Attente.objects.ouvertes().de(contexte)[:LIMITE])
    for attente in attentes:
        attente.url = TYPES[attente.code].url(attente.objet_id)  # type: ignore[attr-defined]  # read by the card
    return attentes


def attentes_de(objet_id: UUID) -> list[Attente]:
    """Open waits that concern an object the caller may already see: who must act, by when."""
    return list(Attente.objects.ouvertes().du_fil(objet_id))
