"""Stays: the list, one stay, each of its steps."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.parcours.acces import liste as acces_liste
from raccord.parcours.acces import parcours as acces
from raccord.parcours.acces.offres import voit_niveau_2
from raccord.parcours.actions import parcours as actions
from raccord.parcours.actions.place import refus_de_rendre, rendre_la_place
from raccord.parcours.actions.restes import heures_restantes
from raccord.parcours.actions.transfert import ETATS_TRANSFERABLES
from raccord.parcours.bornes import periode_ferme
from raccord.parcours.discretion import sans_nom
from raccord.parcours.enums import EtatOffre, EtatParcours
from raccord.parcours.forms.parcours import (
    AdapterForm,
    AnnulerForm,
    ConventionForm,
    DatesForm,
    FiltresParcoursForm,
    InterrompreForm,
    ReprendreForm,
)
from raccord.parcours.gardes.parcours import demande_ouverte
from raccord.parcours.models import Parcours, Signalement
from raccord.parcours.presence import CHAMPS
from raccord.parcours.workflow import PARCOURS
from raccord.socle import calendrier, mots
from raccord.socle.contexte import Contexte
from raccord.socle.forms import Formulaire
from raccord.socle.gestes import envoyer, presser

FORME = ["GET", "HEAD", "POST"]
FINIS = (EtatParcours.TERMINE, EtatParcours.INTERROMPU)


@require_safe
@reserve_a(Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL)
def liste(request: Requete) -> HttpResponse:
    """Reservations, proposals and stays, what is due soonest first."""
    tuteur = request.contexte.role == Role.TUTEUR
    form = FiltresParcoursForm(request.GET, etapes=acces_liste.CHOIX_ETAPES, avec_mlds=tuteur)
    filtres = form.cleaned_data if form.is_valid() else {}
    mlds = filtres.get("qui", "") == "mlds"
    page = acces_liste.page_de(
        request.contexte,
        q=filtres.get("q", ""),
        etape=filtres.get("etape", ""),
        mlds=mlds,
        numero=request.GET.get("page"),
    )
    gabarit = "parcours/parcours/_liste.html" if request.htmx else "parcours/parcours/liste.html"
    contexte = {
        "form": form,
        "page": page,
        "tuteur": tuteur,
        "tous_a_moi": tuteur and not mlds,
        "filtre": any(filtres.values()),
    }
    return render(request, gabarit, contexte)


@require_safe
def parcours(request: Requete, parcours_id: UUID) -> HttpResponse:
    """One stay: where it stands, what comes next, hours, who to call, what happened."""
    contexte, objet = request.contexte, acces.parcours_visible(request.contexte, parcours_id)
    suivi, identifie = acces.suit(contexte, objet), acces.voit_le_jeune(contexte, objet)
    contacts, refus = voit_niveau_2(contexte, objet.offre), refus_par_nom(contexte, objet)
    heures = acces.heures_de(objet)
    return render(
        request,
        "parcours/parcours/parcours.html",
        {
            "parcours": objet,
            "jeune": acces.identite(objet.jeune, ouvert=identifie) if objet.jeune else "",
            "voit_le_jeune": identifie,
            "missions_dites": sans_nom(objet.missions, objet.jeune),
            "horaires": objet.horaires if identifie else sans_nom(objet.horaires, objet.jeune),
            "par_la_mlds": acces.avec_article(objet.organisation.nom) if objet.organisation else "",
            "restantes": _restantes(objet),
            "suivi": suivi,
            "collegue": contexte.role == Role.TUTEUR and not suivi,
            "jalons": jalons(objet, heures),
            "heures": heures,
            "projection": acces.projection(objet),
            "adaptations": acces.adaptations(objet),
            "contacts": acces.contacts_visibles(contexte, objet),
            "attentes": acces.attentes_visibles(contexte, objet, contacts=contacts),
            "a_traiter": _a_traiter(contexte, objet),
            "fil": acces.fil(contexte, objet, contacts=contacts),
            "suite": acces.suite_en_mots(contexte, objet),
            "refus": refus,
            "refus_rendre": _refus_de_rendre(contexte, objet) if suivi else None,
            "preuve_prete": objet.etat in acces.CLOS and hasattr(objet, "bilan"),
            "peut_confier": _peut_confier(contexte, objet),
            "transferts": list(acces.transferts_de(contexte).filter(parcours=objet)),
            "peut_annuler": "annuler" in refus,
        },
    )


def refus_par_nom(contexte: Contexte, objet: Parcours) -> dict[str, str]:
    """What this role sees from this state: the transition's name, and why not ('' when it may)."""
    return {action.transition.nom: action.refus or "" for action in objet.actions_possibles(contexte)}


def _a_traiter(contexte: Contexte, objet: Parcours) -> list[Signalement]:
    """What was said the same day and nobody has answered yet, for the MLDS tutors alone."""
    return list(objet.signalements.filter(traite_le__isnull=True)) if contexte.role == Role.TUTEUR else []


def _restantes(objet: Parcours) -> Decimal | None:
    """Hours the reopened offer has for another young person; None when it is not open to one."""
    if objet.place_rendue_le is None or objet.offre.etat != EtatOffre.PUBLIEE:
        return None
    return heures_restantes(objet.offre)


def _refus_de_rendre(contexte: Contexte, objet: Parcours) -> str | None:
    """None when there is nothing to give back; '' when it may be; else the words."""
    if objet.etat != EtatParcours.INTERROMPU or objet.place_rendue_le is not None:
        return None
    refus = refus_de_rendre(contexte, objet)
    return str(refus) if refus else ""


def _peut_confier(contexte: Contexte, objet: Parcours) -> bool:
    if objet.etat not in ETATS_TRANSFERABLES or objet.organisation is None or demande_ouverte(objet):
        return False
    if contexte.role == Role.NATIONAL:
        return True
    return contexte.role == Role.COORDONNATEUR and objet.organisation.academie_id == contexte.academie_id


def jalons(objet: Parcours, heures: acces.Heures) -> list[dict[str, str]]:
    """The five milestones that everybody reads."""
    rang = {
        EtatParcours.CONVENTION_A_SIGNER: 0,
        EtatParcours.A_VENIR: 1,
        EtatParcours.EN_COURS: 2,
        EtatParcours.INTERROMPU: 3,
        EtatParcours.TERMINE: 3,
        EtatParcours.BILAN_SIGNE: 4,
        EtatParcours.SUITE_CONNUE: 5,
        EtatParcours.ANNULE: -1,
    }[EtatParcours(objet.etat)]
    jour = mots.date_fr
    libelles = (
        ("Convention", jour(objet.convention_signee_le)),
        ("Premier jour", jour(objet.debut)),
        ("Heures", f"{mots.heures(heures.faites)} sur {mots.heures(heures.prevues)}"),
        ("Bilan", ""),
        ("Suite", jour(objet.suite_le)),
    )
    return [
        {
            "libelle": libelle,
            "etat": "fait" if place < rang else ("en_cours" if place == rang else "a_venir"),
            "detail": detail if place <= max(rang, 1) else "",
        }
        for place, (libelle, detail) in enumerate(libelles)
    ]


# --- Steps -----------------------------------------------------------------------------------------


def _etape(
    request: Requete,
    objet: Parcours,
    form: Formulaire,
    gabarit: str,
    agir: Callable[..., Any],
    fait: str,
    **plus: Any,
) -> HttpResponse:
    """A page that is one form and one step: parse, act, go back to the stay; typed text is kept."""
    if envoyer(request, form, lambda: agir(request.contexte, objet.pk, **form.cleaned_data), fait):
        return redirect("parcours:parcours", objet.pk)
    contexte = {"parcours": objet, "form": form, **plus}
    return render(request, f"parcours/parcours/{gabarit}.html", contexte, status=422 if form.errors else 200)


def _simple(request: Requete, parcours_id: UUID, agir: Callable[[Contexte, UUID], Any], fait: str) -> HttpResponse:
    """A plain button."""
    presser(request, lambda: agir(request.contexte, parcours_id), fait)
    return redirect("parcours:parcours", parcours_id)


@require_http_methods(FORME)
def convention(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The tutor notes that the convention is signed."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    form = ConventionForm(request.POST or None, initial={"signee_le": calendrier.aujourdhui()})
    fait = "La convention est notée. L’entreprise, le jeune et l’acheteur sont prévenus."
    return _etape(request, objet, form, "convention", actions.signer_convention, fait)


@require_http_methods(FORME)
def dates(request: Requete, parcours_id: UUID) -> HttpResponse:
    """Other dates, before the first day."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    form = DatesForm(request.POST or None, initial={"debut": objet.debut, "fin": objet.fin})
    ouverture, cloture = periode_ferme(objet.offre)
    plus = {"ouverture": ouverture, "cloture": cloture}
    return _etape(request, objet, form, "dates", actions.decaler, "Les dates sont changées.", **plus)


@require_POST
def demarrer(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The young person is there."""
    acces.parcours_a_suivre(request.contexte, parcours_id)
    return _simple(request, parcours_id, actions.demarrer, "C’est noté : le parcours a commencé.")


@require_http_methods(FORME)
def adapter(request: Requete, parcours_id: UUID) -> HttpResponse:
    """Another last day or another rhythm."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    convenu = {champ: getattr(objet, champ) for champ in ("fin", "heures_hebdo", *CHAMPS)}
    form = AdapterForm(request.POST or None, initial=convenu)
    plus = {"projection": acces.projection(objet), "cloture": periode_ferme(objet.offre)[1]}
    fait = "Le parcours est adapté. L’entreprise, le jeune et l’acheteur sont prévenus."
    return _etape(request, objet, form, "adapter", actions.adapter, fait, **plus)


@require_http_methods(FORME)
def interrompre(request: Requete, parcours_id: UUID) -> HttpResponse:
    """It stops before its end."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    form = InterrompreForm(request.POST or None, initial={"dernier_jour": calendrier.aujourdhui()})
    fait = "L’interruption est notée. Le bilan reste à écrire : même inachevé, un parcours compte."
    return _etape(request, objet, form, "interrompre", actions.interrompre, fait)


@require_http_methods(FORME)
def reprendre(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The young person comes back."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    form = ReprendreForm(request.POST or None, initial={"fin": max(objet.fin, calendrier.aujourdhui())})
    plus = {"refus": refus_par_nom(request.contexte, objet).get("reprendre", "")}
    return _etape(request, objet, form, "reprendre", actions.reprendre, "Le parcours reprend.", **plus)


@require_http_methods(FORME)
def terminer(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The stay is over: what will happen, then one button."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    if request.method == "POST":
        fait = "Le parcours est clos. L’entreprise reçoit sa partie du bilan ; écrivez la vôtre."
        reponse = _simple(request, parcours_id, actions.terminer, fait)
        objet.refresh_from_db()
        return redirect("parcours:bilan", parcours_id) if objet.etat == EtatParcours.TERMINE else reponse
    heures = acces.heures_de(objet)
    contexte = {
        "parcours": objet,
        "heures": heures,
        "reste": max(0, heures.prevues - heures.faites),
        "refus": PARCOURS["terminer"].refus(request.contexte, objet),
    }
    return render(request, "parcours/parcours/terminer.html", contexte)


@require_http_methods(FORME)
def annuler(request: Requete, parcours_id: UUID) -> HttpResponse:
    """It will not begin."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id, pilotes=True)
    fait = "C’est noté. L’offre est de nouveau disponible pour un autre jeune."
    return _etape(request, objet, AnnulerForm(request.POST or None), "annuler", actions.annuler, fait)


@require_POST
def rendre(request: Requete, parcours_id: UUID) -> HttpResponse:
    """After an interruption, the place serves another young person."""
    acces.parcours_a_suivre(request.contexte, parcours_id)
    return _simple(request, parcours_id, rendre_la_place, "La place est rendue pour un autre jeune.")
