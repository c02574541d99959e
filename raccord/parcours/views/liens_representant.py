"""The legal representative of a minor reads; whatever is done is done by the young person or the tutors."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.parcours.acces import bilan as acces_bilan
from raccord.parcours.acces import parcours as acces
from raccord.parcours.enums import EtatPositionnement
from raccord.parcours.models import Parcours, Positionnement
from raccord.parcours.reponses import a_entendre, tel_qu_annonce
from raccord.territoires.fuseaux import fuseau_de


@require_safe
def representant(request: Requete, lien: LienAction) -> HttpResponse:
    """Where things stand, from the profile sent to the signed bilan."""
    proposition, parcours = acces.lu_par_le_representant(lien)
    contexte = _parcours(parcours) if parcours is not None else _proposition(proposition)
    with timezone.override(fuseau_de(contexte["offre"].commune)):
        return render(request, "parcours/parcours/lien_representant.html", contexte)


def _parcours(parcours: Parcours) -> dict[str, Any]:
    signe = parcours.etat in acces.CLOS
    return {
        "parcours": parcours,
        "prenom": parcours.jeune.prenom if parcours.jeune else "",
        "offre": parcours.offre,
        "tuteur": parcours.tuteur,
        "mlds": parcours.organisation,
        "referent": parcours.referent or parcours.offre.referent,
        "heures": acces.heures_de(parcours),
        "lu": acces_bilan.lecture(parcours) if signe else None,
    }


def _proposition(proposition: Positionnement | None) -> dict[str, Any]:
    assert proposition is not None  # noqa: S101  one or the other, says `lu_par_le_representant`
    proposition = tel_qu_annonce(proposition)
    etat = EtatPositionnement(proposition.etat)
    return {
        "parcours": None,
        "proposition": proposition,
        "prenom": proposition.jeune.prenom,
        "offre": proposition.offre,
        "tuteur": proposition.reservation.tuteur,
        "mlds": proposition.reservation.organisation,
        "fixee": etat == EtatPositionnement.RENCONTRE_FIXEE,
        "arretee": etat in (EtatPositionnement.REFUSE, EtatPositionnement.ABANDONNE) and not a_entendre(proposition),
    }
