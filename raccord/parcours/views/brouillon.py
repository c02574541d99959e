"""A draft of declaration, whatever the page: opened, resumed, left for later, deleted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.marches.acces import brouillon_visible
from raccord.marches.actions import brouillon as brouillons
from raccord.marches.models import Brouillon
from raccord.parcours.actions import declaration as actions
from raccord.socle import forms
from raccord.socle.exceptions import DejaFait, ObjetDisparu

ETAPES = ("Le marché", "Les lots et les entreprises", "Les heures", "L’offre", "Vérifier et envoyer")
DECLARANTS = (Role.ACHETEUR, Role.NATIONAL)


def etape(numero: int) -> dict[str, Any]:
    """What the stepper shows."""
    return {
        "etape": numero,
        "etapes_total": len(ETAPES),
        "etape_titre": ETAPES[numero - 1],
        "etape_suivante": ETAPES[numero] if numero < len(ETAPES) else "",
    }


def ouvrir(request: Requete, brouillon_id: UUID) -> Brouillon | HttpResponse:
    """The draft, or the page of the contract once it is sent."""
    brouillon = brouillon_visible(request.contexte, brouillon_id)
    if brouillon.envoye_le is not None and brouillon.marche_id is not None:
        messages.info(request, str(brouillons.DeclarationEnvoyee()))
        return redirect("marches:marche", brouillon.marche_id)
    return brouillon


def adresse_de(brouillon: Brouillon) -> str:
    """The page where the declaration goes on."""
    page, engagement_id = actions.etape_suivante(brouillon)
    if page == "offre":
        return reverse("parcours:declarer_offre", args=[brouillon.pk, engagement_id])
    return reverse(f"parcours:declarer_{page}", args=[brouillon.pk])


def plus_tard(request: Requete, brouillon_id: UUID, page: str, saisie: dict[str, Any] | None = None) -> HttpResponse:
    """Leave: what is not valid yet is kept as it was typed."""
    if saisie is not None:
        brouillons.garder_saisie(request.contexte, brouillon_id, page=page, saisie=saisie)
    messages.success(request, "Votre brouillon est gardé. Vous le retrouvez ici, vous ou un collègue.")
    return redirect("marches:liste")


def apres(request: Requete, brouillon_id: UUID, suivante: str) -> HttpResponse:
    """After a page that was saved: the next one, or the list for whoever stops here."""
    return plus_tard(request, brouillon_id, "") if "plus_tard" in request.POST else redirect(suivante)


def refusee(request: Requete, brouillon_id: UUID, page: str, saisie: dict[str, Any]) -> HttpResponse | None:
    """A page with mistakes: kept as typed; shown again, unless the person stops here."""
    if "plus_tard" in request.POST:
        return plus_tard(request, brouillon_id, page, saisie)
    brouillons.garder_saisie(request.contexte, brouillon_id, page=page, saisie=saisie)
    return None


def resumer(formulaires: Sequence[forms.Formulaire], refus: str, *, noms: list[str]) -> list[dict[str, str]]:
    """One error summary for several forms; `noms` says of which each line is."""
    premier = [{"ancre": "", "libelle": "", "texte": refus}] if refus else []
    return premier + [
        ligne | {"libelle": nom + ligne["libelle"]}
        for form, nom in zip(formulaires, noms, strict=True)
        for ligne in form.resume
    ]


@require_safe
@reserve_a(*DECLARANTS)
def reprendre(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """Where I had stopped."""
    brouillon = ouvrir(request, brouillon_id)
    return brouillon if isinstance(brouillon, HttpResponse) else redirect(adresse_de(brouillon))


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def supprimer(request: Requete, brouillon_id: UUID) -> HttpResponse:
    """Delete a draft, after saying what goes with it."""
    if request.method != "POST":
        brouillon = ouvrir(request, brouillon_id)
        if isinstance(brouillon, HttpResponse):
            return brouillon
        return render(request, "parcours/declaration/supprimer.html", {"brouillon": brouillon})
    if not Brouillon.objects.filter(pk=brouillon_id).exists():
        messages.info(request, "Ce brouillon était déjà supprimé.")
        return redirect("marches:liste")
    brouillon_visible(request.contexte, brouillon_id)
    try:
        brouillons.abandonner(request.contexte, brouillon_id)
    except ObjetDisparu:
        messages.info(request, "Ce brouillon était déjà supprimé.")
    except DejaFait as erreur:
        messages.info(request, str(erreur))
    else:
        messages.success(request, "Le brouillon est supprimé. Rien n’avait été envoyé.")
    return redirect("marches:liste")
