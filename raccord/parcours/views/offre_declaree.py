"""The offer once it is declared: corrected, withdrawn, declared again for the hours that are left."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raccord.comptes.acces import reserve_a
from raccord.comptes.requete import Requete
from raccord.marches.acces import lignes_engagements, marche_visible
from raccord.marches.calibration import equivalence
from raccord.marches.models import Engagement
from raccord.parcours.acces.declaration import engagement_achete, offre_achetee
from raccord.parcours.actions import declaration as actions
from raccord.parcours.forms.declaration import OffreForm, RetraitForm
from raccord.parcours.models import Offre
from raccord.parcours.views.brouillon import DECLARANTS
from raccord.parcours.views.declaration import a_l_avance
from raccord.parcours.workflow import OFFRE
from raccord.socle import mots
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps
from raccord.socle.gestes import envoyer


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def modifier_offre(request: Requete, offre_id: UUID) -> HttpResponse:
    """The buyer corrects an offer that the company has not confirmed yet."""
    achetee = offre_achetee(request.contexte, offre_id)
    return corriger(request, achetee, retour=_page_de(achetee), gabarit="parcours/declaration/modifier.html")


def corriger(request: Requete, achetee: Offre, *, retour: str, gabarit: str) -> HttpResponse:
    """The same, signed in or by link."""
    refus = actions.refus_de_modifier(request.contexte, achetee)
    if refus:
        messages.error(request, refus)
        return redirect(retour)
    form = _form_correction(request, achetee)
    if request.method == "POST" and form.is_valid():
        try:
            actions.modifier_offre(request.contexte, achetee.pk, form.saisie(), version=form.version_lue)
        except ModifieEntreTemps:
            form = _form_correction(request, offre_achetee(request.contexte, achetee.pk))
            form.is_valid()
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "L’offre est corrigée. L’entreprise la lira ainsi.")
            return redirect(retour)
    if form.second_clic:
        return redirect(retour)
    contexte = {
        "form": form,
        "titre": f"Corriger l’offre de {achetee.entreprise.nom}",
        "phrase": "L’entreprise ne l’a pas encore confirmée : elle lira ce que vous écrivez ici. "
        "Un nouveau référent reçoit un lien.",
        "bouton": "Enregistrer les corrections",
        "retour": retour,
    }
    return render(request, gabarit, contexte, status=422 if form.errors else 200)


def _form_correction(request: Requete, achetee: Offre) -> OffreForm:
    return OffreForm(
        request.POST if request.method == "POST" else None,
        initial=OffreForm.valeurs_de(achetee),
        version=achetee.fiche.version,
    )


def _page_de(achetee: Offre) -> str:
    """The contract's page, or the offer's own when it is spontaneous."""
    if achetee.engagement is None:
        return reverse("parcours:offre", args=[achetee.pk])
    return reverse("marches:marche", args=[achetee.engagement.marche_id])


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def retirer(request: Requete, offre_id: UUID) -> HttpResponse:
    """Withdraw an offer, with a reason."""
    achetee = offre_achetee(request.contexte, offre_id)
    refus = OFFRE["retirer"].refus(request.contexte, achetee)
    if refus is not None:
        (messages.info if isinstance(refus, DejaFait) else messages.error)(request, str(refus))
        return redirect(_page_de(achetee))
    form = RetraitForm(request.POST or None)
    if envoyer(
        request,
        form,
        lambda: actions.retirer(request.contexte, offre_id, motif=form.cleaned_data["motif"]),
        "L’offre est retirée. L’entreprise en est prévenue.",
    ):
        return redirect(_page_de(achetee))
    contexte = {"form": form, "offre": achetee, "retour": _page_de(achetee)}
    return render(request, "parcours/declaration/retirer.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reserve_a(*DECLARANTS)
def nouvelle_offre(request: Requete, engagement_id: UUID) -> HttpResponse:
    """A new offer for the hours that are still to be placed."""
    engagement = engagement_achete(request.contexte, engagement_id)
    page = reverse("marches:marche", args=[engagement.marche_id])
    return declarer_une_autre(request, engagement, retour=page, gabarit="parcours/declaration/modifier.html")


def declarer_une_autre(request: Requete, engagement: Engagement, *, retour: str, gabarit: str) -> HttpResponse:
    """The same, signed in or by link."""
    longueur = actions.heures_a_offrir(engagement)
    if longueur is None:
        messages.info(request, "Une offre est déjà ouverte pour ces heures, ou il n’en reste aucune à placer.")
        return redirect(retour)
    ligne = next(
        ligne
        for ligne in lignes_engagements(marche_visible(request.contexte, engagement.marche_id))
        if ligne.engagement.pk == engagement.pk
    )
    form = OffreForm(request.POST or None, initial=a_l_avance(ligne))
    if envoyer(
        request,
        form,
        lambda: actions.declarer_offre(request.contexte, engagement.pk, form.saisie()),
        "La nouvelle offre est envoyée à l’entreprise.",
    ):
        return redirect(retour)
    contexte = {
        "form": form,
        "titre": f"Une nouvelle offre de {engagement.entreprise.nom}",
        "phrase": f"Il reste {mots.heures(ligne.soldes.a_placer)} en attente d’un jeune : "
        f"l’offre sera de {mots.heures(longueur)} ({equivalence(longueur).en_mots}).",
        "bouton": "Envoyer à l’entreprise",
        "retour": retour,
    }
    return render(request, gabarit, contexte, status=422 if form.errors else 200)
