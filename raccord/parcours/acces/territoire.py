"""What an academy's coordination sees."""

from django.db.models import Q

from raccord.socle.contexte import Contexte


def de_mon_academie(contexte: Contexte, chemin: str = "") -> Q:
    """What the MLDS of one's academy follow, and what takes place there. `chemin` leads to the organisation and the
    offer.
    """
    return Q(**{f"{chemin}organisation__academie_id": contexte.academie_id}) | Q(
        **{f"{chemin}offre__commune__departement__academie_id": contexte.academie_id}
    )
