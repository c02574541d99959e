"""One offer: level 1 for everybody, level 2 for whoever prepares a young person's coming."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.noms import fil_de
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_de
from raccord.parcours.acces import offres as acces
from raccord.parcours.acces import recherche
from raccord.parcours.acces.reservation import reservation_active
from raccord.parcours.actions import offres as actions
from raccord.parcours.actions.declaration import refus_de_modifier
from raccord.parcours.enums import EtatOffre
from raccord.parcours.models import Offre
from raccord.socle.gabarits import adresse
from raccord.socle.gestes import presser

ALTERNATIVES = 3


@login_not_required
@require_safe
def offre(request: Requete, offre_id: UUID) -> HttpResponse:
    """The offer's page, or a kind one when it can no longer be read."""
    try:
        offre = acces.offre_visible(request.contexte, offre_id)
    except Http404:
        return indisponible(request, offre_id)
    partie = acces.est_partie(request.contexte, offre)
    niveau_2 = acces.niveau_2(request.contexte, offre)
    contexte: dict[str, Any] = {
        "offre": offre,
        "partie": partie,
        "niveau_2": niveau_2,
        "fil": fil_de(request.contexte, offre.pk, contacts=niveau_2 is not None) if partie else [],
        "attentes": attentes_de(offre.pk, contacts=niveau_2 is not None) if partie else [],
        **_a_faire(request, offre, partie),
    }
    return render(request, "parcours/offres/offre.html", contexte)


def _a_faire(request: Requete, offre: Offre, partie: bool) -> dict[str, Any]:
    """The actions of this role on this offer, each with its refusal in words or None."""
    possibles = {
        action.transition.nom: {"libelle": action.transition.libelle, "refus": action.refus}
        for action in offre.actions_possibles(request.contexte)
    }
    reservation = reservation_active(offre) if offre.etat == EtatOffre.RESERVEE else None
    achetee = partie and request.contexte.role == Role.ACHETEUR
    modifiable = achetee and refus_de_modifier(request.contexte, offre) is None
    return {
        "actions_possibles": possibles,
        "reservation": reservation,
        "reservation_a_moi": reservation is not None and reservation.tuteur_id in request.contexte.tient_lieu_de,
        "url_retirer": adresse("parcours:retirer", offre.pk) if achetee and "retirer" in possibles else "",
        "url_modifier": adresse("parcours:modifier_offre", offre.pk) if modifiable else "",
        "url_connexion_suite": f"{adresse('comptes:connexion')}?next={request.path}",
        "a_instruire": offre.etat == EtatOffre.A_INSTRUIRE and request.contexte.role == Role.NATIONAL,
    }


def indisponible(request: Requete, offre_id: UUID, *, phrase: str = "", statut: int = 404) -> HttpResponse:
    """An offer that is gone, held, or never was: say it kindly, show what is near."""
    ancienne = (
        Offre.objects.filter(pk=offre_id, publiee_le__isnull=False)
        .select_related("entreprise", "commune__departement")
        .first()
    )
    proches = recherche.voisines(ancienne, limite=ALTERNATIVES) if ancienne else recherche.recentes(limite=ALTERNATIVES)
    contexte = {"offre": ancienne, "offres": proches, "phrase": phrase}
    return render(request, "parcours/offres/indisponible.html", contexte, status=statut)


@require_POST
@reserve_a(Role.COORDONNATEUR, Role.NATIONAL)
def remettre(request: Requete, offre_id: UUID) -> HttpResponse:
    """The offer of the former tool is available again."""
    acces.offre_visible(request.contexte, offre_id)
    presser(
        request,
        lambda: actions.remettre(request.contexte, offre_id),
        "L’offre est de nouveau disponible : tous les tuteurs la voient.",
    )
    return redirect("parcours:offre", offre_id)


@require_POST
@reserve_a(Role.COORDONNATEUR, Role.NATIONAL)
def archiver(request: Requete, offre_id: UUID) -> HttpResponse:
    """The stay followed in the former tool is over."""
    acces.offre_visible(request.contexte, offre_id)
    presser(request, lambda: actions.archiver(request.contexte, offre_id), "L’offre est close.")
    return redirect("parcours:offre", offre_id)
