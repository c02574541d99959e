"""Reserving, the reservation's page, giving the offer back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.noms import fil_de
from raccord.comptes.requete import Requete
from raccord.echeances.acces import attentes_de
from raccord.jeunes.acces import designation, voit_identite
from raccord.parcours.acces import offres as acces_offres
from raccord.parcours.acces import reservation as acces
from raccord.parcours.actions import reservation as actions
from raccord.parcours.enums import EtatOffre, EtatPositionnement, EtatReservation
from raccord.parcours.forms.reservation import LibererForm, ReserverForm
from raccord.parcours.models import Offre, Reservation
from raccord.parcours.views.offres import indisponible
from raccord.parcours.workflow import OFFRE, RESERVATION
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gabarits import adresse
from raccord.socle.models import ObjetSuivi
from raccord.socle.parametres import regle


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.TUTEUR)
def reserver(request: Requete, offre_id: UUID) -> HttpResponse:
    """Choose for whom, then hold the offer. One tutor wins; the others read why and what else is near."""
    deja = _la_mienne(request, offre_id)
    if deja is not None:
        if request.method == "POST":
            messages.info(request, str(DejaFait()))
        return redirect("parcours:reservation", deja.pk)
    try:
        offre = acces_offres.offre_visible(request.contexte, offre_id)
    except Http404:
        prise = Offre.objects.filter(pk=offre_id, etat=EtatOffre.RESERVEE).exists()
        phrase = str(actions.OffreDejaReservee()) if prise else ""
        return indisponible(request, offre_id, phrase=phrase, statut=409 if phrase else 404)
    possibles = acces.jeunes_pour(request.contexte, offre)
    form = ReserverForm(
        request.POST if request.method == "POST" else None,
        jeunes=possibles,
        tuteur_id=request.contexte.utilisateur_id,
        initial={"jeune": request.GET.get("jeune", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            reservation = actions.reserver(request.contexte, offre_id, jeune_id=UUID(form.cleaned_data["jeune"]))
        except actions.OffreDejaReservee as perdue:
            return indisponible(request, offre_id, phrase=str(perdue), statut=409)
        except DejaFait as fait:  # the two clicks crossed
            messages.info(request, str(fait))
            return redirect("parcours:offre", offre_id)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "L’offre est réservée. Les coordonnées de l’entreprise vous sont ouvertes.")
            return redirect("parcours:reservation", reservation.pk)
    refus = OFFRE["reserver"].refus(request.contexte, offre)
    contexte = {
        "offre": offre,
        "form": form,
        "libres": [possible for possible in possibles if not possible.empeche],
        "empeches": [possible for possible in possibles if possible.empeche],
        "delai": regle("duree_reservation"),
        "refus": str(refus) if refus else "",
    }
    return render(request, "parcours/reservation/reserver.html", contexte, status=422 if form.errors else 200)


def _la_mienne(request: Requete, offre_id: UUID) -> Reservation | None:
    return Reservation.objects.filter(
        offre_id=offre_id, etat=EtatReservation.ACTIVE, tuteur_id=request.contexte.utilisateur_id
    ).first()


@require_safe
@reserve_a(Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL)
def reservation(request: Requete, reservation_id: UUID) -> HttpResponse:
    """What is held, for whom, until when, and the one next action."""
    reservation = acces.reservation_visible(request.contexte, reservation_id)
    active = reservation.etat == EtatReservation.ACTIVE
    a_moi = reservation.tuteur_id in request.contexte.tient_lieu_de
    positionnement = acces.positionnement_de(reservation)
    parcours = acces.parcours_de(reservation)
    attentes = attentes_de(reservation.pk)
    a_preparer = positionnement is None or positionnement.etat == EtatPositionnement.PREPARE
    a_moi_de_preparer = active and a_moi and a_preparer
    niveau_2 = acces_offres.niveau_2(request.contexte, reservation.offre)
    lever = RESERVATION["lever"]
    contexte: dict[str, Any] = {
        "reservation": reservation,
        "offre": reservation.offre,
        "active": active,
        "a_moi": a_moi,
        "pour": designation(request.contexte, reservation.jeune),
        "voit_le_jeune": voit_identite(request.contexte, reservation.jeune) and request.contexte.role == Role.TUTEUR,
        "niveau_2": niveau_2 if active and a_moi else None,
        "positionnement": positionnement,
        "parcours": parcours,
        "attentes": attentes,
        "echeance": next((attente.echeance for attente in attentes if attente.code == "agir_reservation"), None),
        "delai": regle("duree_reservation"),
        "url_preparer": _url("parcours:positionnement_preparer", reservation if a_moi_de_preparer else None),
        "url_positionnement": _url("parcours:positionnement", None if a_preparer else positionnement),
        "url_parcours": _url("parcours:parcours", parcours),
        "peut_rendre": active and request.contexte.role in lever.roles,
        "refus_rendre": str(lever.refus(request.contexte, reservation) or ""),
        "fil": fil_de(request.contexte, reservation.pk, contacts=niveau_2 is not None),
    }
    return render(request, "parcours/reservation/reservation.html", contexte)


def _url(nom: str, objet: ObjetSuivi | None) -> str:
    return adresse(nom, objet.pk) if objet is not None else ""


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL)
def liberer(request: Requete, reservation_id: UUID) -> HttpResponse:
    """Say why, then give the offer back."""
    reservation = acces.reservation_visible(request.contexte, reservation_id)
    form = LibererForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.liberer(request.contexte, reservation.pk, motif=form.cleaned_data["motif"])
        except DejaFait as fait:
            messages.info(request, str(fait))
            return redirect("parcours:reservation", reservation.pk)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "L’offre est rendue : elle est de nouveau proposée à tous les jeunes.")
            return redirect(_apres(request, reservation))
    refus = RESERVATION["lever"].refus(request.contexte, reservation)
    contexte = {
        "reservation": reservation,
        "offre": reservation.offre,
        "form": form,
        "positionnement": acces.positionnement_de(reservation),
        "refus": str(refus) if refus else "",
    }
    return render(request, "parcours/reservation/liberer.html", contexte, status=422 if form.errors else 200)


def _apres(request: Requete, reservation: Reservation) -> str:
    """Back to the young person, whose other suggestions wait; a pilot goes back to the offer."""
    if request.contexte.role == Role.TUTEUR and voit_identite(request.contexte, reservation.jeune):
        return reverse("jeunes:jeune", args=[reservation.jeune_id])
    return reverse("parcours:offre", args=[reservation.offre_id])
