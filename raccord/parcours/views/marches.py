"""The page of one contract: what it owes, the offers that answer for it, who must act, what happened."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.noms import fil_de
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_de
from raccord.marches.acces import LigneEngagement, brouillons_de, lignes_engagements, marche_visible
from raccord.marches.calibration import equivalence, heures_hebdo, periode_courte
from raccord.parcours.acces.declaration import offres_du_marche
from raccord.parcours.actions.declaration import ETATS_VIVANTS, longueur_possible, refus_de_modifier
from raccord.parcours.models import Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte


@require_safe
@reserve_a(Role.ACHETEUR, Role.NATIONAL)
def marche(request: Requete, marche_id: UUID) -> HttpResponse:
    """A declared contract; a draft goes back to its declaration."""
    contexte = request.contexte
    trouve = marche_visible(contexte, marche_id)
    brouillon = brouillons_de(contexte).filter(marche=trouve).first()
    if brouillon is not None:
        return redirect("parcours:declarer_reprendre", brouillon.pk)
    offres, hebdo = offres_du_marche(trouve), heures_hebdo()
    return render(
        request,
        "parcours/marches/marche.html",
        {
            "marche": trouve,
            "parts": [_part(contexte, ligne, offres, hebdo) for ligne in lignes_engagements(trouve)],
            "attentes": attentes_de(trouve.pk),
            "fil": fil_de(contexte, trouve.pk, contacts=True),  # its buyer and the national relay: both level 2
            "courte": periode_courte(trouve.date_fin_clause),
            "finie": trouve.date_fin_clause < calendrier.aujourdhui(),
        },
    )


def _part(contexte: Contexte, ligne: LigneEngagement, offres: dict[UUID, list[Offre]], hebdo: int) -> dict[str, Any]:
    """One engagement on the page: hours explained, offers with what may be done to each."""
    engagement = ligne.engagement
    siennes = offres.get(engagement.pk, [])
    for offre in siennes:
        offre.engagement = engagement
    return {
        "ligne": ligne,
        "duree": equivalence(engagement.heures, hebdo=hebdo),
        "explication": engagement.explication,
        "offres": [
            {
                "offre": offre,
                "retirable": OFFRE["retirer"].refus(contexte, offre) is None,
                "modifiable": refus_de_modifier(contexte, offre) is None,
            }
            for offre in siennes
        ],
        "nouvelle": longueur_possible(
            engagement,
            ouverte=any(offre.etat in ETATS_VIVANTS for offre in siennes),
            a_placer=ligne.soldes.a_placer,
        ),
    }
