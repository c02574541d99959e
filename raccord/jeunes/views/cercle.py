"""The circle and the sheet, for the tutors of the MLDS that follows."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.jeunes import acces
from raccord.jeunes.actions import cercle as actions
from raccord.jeunes.actions import fiche as fiches
from raccord.jeunes.enums import EtatRetrait
from raccord.jeunes.forms.cercle import (
    BrouillonForm,
    ChercherForm,
    DonnerForm,
    GarderForm,
    ProlongerForm,
    RetirerForm,
    fin_proposee,
    valeurs_de_la_fiche,
)
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gestes import envoyer, presser

FORME = ["GET", "HEAD", "POST"]


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR)
def donner(request: Requete, jeune_id: UUID) -> HttpResponse:
    """Find an organisation by its name, then say why and until when."""
    jeune = acces.jeune_suivi(request.contexte, jeune_id)
    choisie = request.POST.get("organisation") or request.GET.get("organisation")
    if choisie:
        return _donner_a(request, jeune_id, choisie)
    recherche = ChercherForm(request.GET if "q" in request.GET else None)
    trouvees = acces.chercher_organisations(jeune, recherche.cleaned_data["q"]) if recherche.is_valid() else []
    contexte = {
        "jeune": jeune,
        "form": recherche,
        "trouvees": trouvees,
        "cherche": recherche.is_bound and recherche.is_valid(),
    }
    return render(request, "jeunes/chercher_organisation.html", contexte)


def _donner_a(request: Requete, jeune_id: UUID, choisie: str) -> HttpResponse:
    jeune = acces.jeune_suivi(request.contexte, jeune_id)
    organisation = acces.organisation_possible(choisie)
    depart = {"organisation": organisation.pk, "fin": fin_proposee()}
    form = DonnerForm(request.POST if request.method == "POST" else None, initial=depart)
    if envoyer(
        request,
        form,
        lambda: actions.donner(
            request.contexte,
            jeune.pk,
            organisation_id=organisation.pk,
            motif=form.cleaned_data["motif"],
            fin=form.cleaned_data["fin"],
        ),
        f"Dossier ouvert : {organisation.nom}. L’organisation et le jeune sont prévenus.",
    ):
        return redirect("jeunes:jeune", jeune.pk)
    contexte = {"jeune": jeune, "form": form, "organisation": organisation}
    return render(request, "jeunes/donner_acces.html", contexte, status=422 if form.errors else 200)


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR)
def prolonger(request: Requete, jeune_id: UUID, acces_id: UUID) -> HttpResponse:
    """Another last day."""
    ouvert = acces.acces_suivi(request.contexte, jeune_id, acces_id)
    form = ProlongerForm(request.POST if request.method == "POST" else None, initial={"fin": fin_proposee()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.prolonger(request.contexte, ouvert.pk, fin=form.cleaned_data["fin"])
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, f"Cet accès dure jusqu’au {form.cleaned_data['fin']:%d/%m/%Y}.")
            return redirect("jeunes:jeune", jeune_id)
    contexte = {"jeune": ouvert.jeune, "acces": ouvert, "form": form}
    return render(request, "jeunes/prolonger_acces.html", contexte, status=422 if form.errors else 200)


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR)
def retirer(request: Requete, jeune_id: UUID, acces_id: UUID) -> HttpResponse:
    """Close the file to an organisation, at once."""
    ouvert = acces.acces_suivi(request.contexte, jeune_id, acces_id)
    form = RetirerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.retirer(request.contexte, ouvert.pk, motif=form.cleaned_data["motif"])
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(
                request, f"Dossier fermé : {ouvert.organisation.nom}. L’organisation et le jeune sont prévenus."
            )
            return redirect("jeunes:jeune", jeune_id)
    contexte = {"jeune": ouvert.jeune, "acces": ouvert, "form": form}
    return render(request, "jeunes/retirer_acces.html", contexte, status=422 if form.errors else 200)


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR)
def retrait(request: Requete, demande_id: UUID) -> HttpResponse:
    """The young person asks for an opening to be closed: done, or kept with a reason."""
    demande = acces.demande_visible(request.contexte, demande_id)
    en_attente = demande.etat == EtatRetrait.DEMANDE
    garder = request.method == "POST" and request.POST.get("geste") != "retirer"
    form = GarderForm(request.POST if garder else None)
    if request.method == "POST" and (not garder or form.is_valid()):
        try:
            if garder:
                actions.garder(request.contexte, demande.pk, raison=form.cleaned_data["raison"])
                messages.success(request, "Votre réponse est partie : le jeune la lit sur sa page.")
            else:
                actions.retirer(request.contexte, demande.acces_id, motif=actions.DEMANDE_DU_JEUNE)
                messages.success(
                    request, f"Le dossier est fermé : {demande.acces.organisation.nom}. Le jeune est prévenu."
                )
        except DejaFait as deja:
            messages.info(request, str(deja))
        except ErreurMetier as erreur:
            form.refuser(erreur)
        if not form.errors:
            return redirect("jeunes:jeune", demande.jeune_id)
    contexte = {"demande": demande, "jeune": demande.jeune, "form": form, "en_attente": en_attente}
    return render(request, "jeunes/retrait.html", contexte, status=422 if form.errors else 200)


@require_POST
@reserve_a(Role.TUTEUR)
def renvoyer_lien(request: Requete, jeune_id: UUID) -> HttpResponse:
    """One click: the young person receives the link to their page again."""
    jeune = acces.jeune_suivi(request.contexte, jeune_id)
    presser(
        request,
        lambda: actions.renvoyer_lien(request.contexte, jeune.pk),
        "Le lien est parti : le jeune y lit qui peut voir son dossier, et écrit sa fiche.",
    )
    return redirect("jeunes:jeune", jeune.pk)


@require_http_methods(FORME)
@reserve_a(Role.TUTEUR)
def fiche(request: Requete, jeune_id: UUID) -> HttpResponse:
    """The sheet as the young person approved it (reading it leaves a line), and the draft one may propose."""
    jeune = acces.jeune_suivi(request.contexte, jeune_id)
    en_vigueur, brouillon = acces.fiche_en_vigueur(jeune.pk), acces.brouillon_de(jeune.pk)
    form = BrouillonForm(
        request.POST if request.method == "POST" else None, initial=valeurs_de_la_fiche(brouillon or en_vigueur)
    )
    if envoyer(
        request,
        form,
        lambda: fiches.proposer(request.contexte, jeune.pk, fiches.Textes(**form.cleaned_data)),
        "Le brouillon attend le jeune : personne d’autre ne le lit tant qu’il ne l’approuve pas.",
    ):
        return redirect("jeunes:jeune", jeune.pk)
    if en_vigueur is not None:
        fiches.lire(request.contexte, en_vigueur)
    contexte = {"jeune": jeune, "fiche": en_vigueur, "brouillon": brouillon, "form": form}
    return render(request, "jeunes/fiche.html", contexte, status=422 if form.errors else 200)
