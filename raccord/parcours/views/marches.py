"""The page of one contract: what it owes, the offers that answer for it, who must act, what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.noms import fil_de
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_de
from raccord.echeances.models import Attente
from raccord.marches.acces import LigneEngagement, brouillons_de, lignes_engagements, marche_visible
from raccord.marches.calibration import equivalence, heures_hebdo, periode_courte
from raccord.marches.models import Marche
from raccord.parcours.acces.declaration import offres_du_marche
from raccord.parcours.acces.marche import SejourListe, sejours_du_marche
from raccord.parcours.actions.declaration import ETATS_VIVANTS, longueur_possible, refus_de_modifier
from raccord.parcours.attentes import REPONSE_OBTENUE
from raccord.parcours.models import Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte

SILENCES = {attendue.code for attendue in REPONSE_OBTENUE}


@dataclass(frozen=True, kw_only=True)
class Adresses:
    """Where each thing is read or done: the site's pages, or the one address of a link."""

    offre: Callable[[UUID], str]
    corriger: Callable[[UUID], str]
    retirer: Callable[[UUID], str]
    nouvelle: Callable[[UUID], str]
    sejour: Callable[[UUID], str]
    preuve: Callable[[UUID], str]
    relais: Callable[[UUID], str]


def _vers(nom: str) -> Callable[[UUID], str]:
    return lambda objet_id: reverse(nom, args=[objet_id])


DU_SITE = Adresses(
    offre=_vers("parcours:offre"),
    corriger=_vers("parcours:modifier_offre"),
    retirer=_vers("parcours:retirer"),
    nouvelle=_vers("parcours:nouvelle_offre"),
    sejour=_vers("parcours:parcours"),
    preuve=_vers("parcours:preuve_page"),
    relais=_vers("parcours:relais"),
)


@require_safe
@reserve_a(Role.ACHETEUR, Role.NATIONAL)
def marche(request: Requete, marche_id: UUID) -> HttpResponse:
    """A declared contract; a draft goes back to its declaration."""
    trouve = marche_visible(request.contexte, marche_id)
    brouillon = brouillons_de(request.contexte).filter(marche=trouve).first()
    if brouillon is not None:
        return redirect("parcours:declarer_reprendre", brouillon.pk)
    contexte = situation(request.contexte, trouve, DU_SITE)
    contexte["url_modifier"] = reverse("marches:corriger", args=[marche_id])
    return render(request, "parcours/marches/marche.html", contexte)


def situation(contexte: Contexte, marche: Marche, adresses: Adresses) -> dict[str, Any]:
    """Everything that the page of a contract says, signed in or by link."""
    offres, sejours, hebdo = offres_du_marche(marche), sejours_du_marche(marche), heures_hebdo()
    lignes = lignes_engagements(marche)
    return {
        "marche": marche,
        "parts": [
            _part(contexte, ligne, offres.get(ligne.engagement.pk, []), sejours, hebdo, adresses) for ligne in lignes
        ],
        "attentes": _attentes(marche, adresses),
        "fil": fil_de(contexte, marche.pk, contacts=True, qui=_de_qui(lignes, offres)),  # both level 2
        "courte": periode_courte(marche.date_fin_clause),
        "finie": marche.date_fin_clause < calendrier.aujourdhui(),
    }


def _attentes(marche: Marche, adresses: Adresses) -> list[Attente]:
    """Who must act, with the page where the buyer acts about a company that does not answer."""
    attentes = attentes_de(marche.pk, contacts=True)
    for attente in attentes:
        silence = attente.code in SILENCES
        attente.url = adresses.relais(attente.objet_id) if silence else ""
    return attentes


def _de_qui(lignes: list[LigneEngagement], offres: dict[UUID, list[Offre]]) -> dict[UUID, str]:
    """Of which company a line of the timeline speaks, when the contract has several."""
    if len(lignes) < 2:
        return {}
    noms = {ligne.engagement.pk: ligne.engagement.entreprise.nom for ligne in lignes}
    return noms | {offre.pk: noms[cle] for cle, siennes in offres.items() for offre in siennes}


def _part(
    contexte: Contexte,
    ligne: LigneEngagement,
    offres: list[Offre],
    sejours: dict[UUID, list[SejourListe]],
    hebdo: int,
    adresses: Adresses,
) -> dict[str, Any]:
    """One engagement on the page: hours explained, offers with what may be done to each, their stays."""
    engagement = ligne.engagement
    for offre in offres:
        offre.engagement = engagement
    ouverte = any(offre.etat in ETATS_VIVANTS for offre in offres)
    nouvelle = longueur_possible(engagement, ouverte=ouverte, a_placer=ligne.soldes.a_placer)
    return {
        "ligne": ligne,
        "duree": equivalence(engagement.heures, hebdo=hebdo),
        "explication": engagement.explication,
        "offres": [_entree(contexte, offre, sejours.get(offre.pk, []), adresses) for offre in offres],
        "url_nouvelle": adresses.nouvelle(engagement.pk) if nouvelle else "",
    }


def _entree(contexte: Contexte, offre: Offre, sejours: list[SejourListe], adresses: Adresses) -> dict[str, Any]:
    modifiable = refus_de_modifier(contexte, offre) is None
    retirable = OFFRE["retirer"].refus(contexte, offre) is None
    return {
        "offre": offre,
        "url": adresses.offre(offre.pk),
        "url_corriger": adresses.corriger(offre.pk) if modifiable else "",
        "url_retirer": adresses.retirer(offre.pk) if retirable else "",
        "sejours": [
            {
                "sejour": sejour,
                "url": adresses.sejour(sejour.pk),
                "url_preuve": adresses.preuve(sejour.pk) if sejour.preuve_prete else "",
            }
            for sejour in sejours
        ],
    }
