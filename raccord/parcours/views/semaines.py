"""Hours week by week, absences and incidents."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.parcours.acces import parcours as acces
from raccord.parcours.actions import semaines as actions
from raccord.parcours.forms.semaines import SemaineForm, SignalerForm, TraiterForm, formulaire_semaine, semaine_complete
from raccord.parcours.models import Parcours
from raccord.socle import mots
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps

FORME = ["GET", "HEAD", "POST"]


@require_http_methods(FORME)
def heures(request: Requete, parcours_id: UUID) -> HttpResponse:
    """Every week of the stay; the tutor enters or corrects, the others read."""
    objet = acces.parcours_visible(request.contexte, parcours_id)
    if request.method == "POST":
        acces.parcours_a_suivre(request.contexte, parcours_id)
    retour = reverse("parcours:heures", args=[objet.pk])
    return page_des_heures(
        request,
        objet,
        gabarit="parcours/parcours/heures.html",
        retour=retour,
        ecrit=acces.suit(request.contexte, objet),
    )


def page_des_heures(
    request: Requete, objet: Parcours, *, gabarit: str, retour: str, ecrit: bool, **plus: object
) -> HttpResponse:
    """One week under the eyes, the others below: the same page for the tutor and, by link, for the company."""
    tableau = acces.heures_de(objet)
    demandee = request.POST.get("lundi") or request.GET.get("semaine") or ""
    ligne = tableau.choisir(demandee)
    form: SemaineForm | None = None
    if request.method == "POST":
        form = SemaineForm(request.POST)
        if form.is_valid():
            try:
                semaine = actions.noter(
                    request.contexte,
                    objet.pk,
                    lundi=form.cleaned_data["lundi"],
                    heures=form.cleaned_data["heures"],
                    absences=form.cleaned_data["absences"],
                    version=form.version_lue,
                )
            except DejaFait:
                messages.info(request, "Ces heures sont déjà notées : rien n’a été compté deux fois.")
                return redirect(retour)
            except ModifieEntreTemps:
                fraiche = acces.heures_de(objet).choisir(demandee)
                form = formulaire_semaine(fraiche, request.POST, verifier=True) if fraiche else form
                form.is_valid()
            except ErreurMetier as erreur:
                form.refuser(erreur)
            else:
                messages.success(
                    request,
                    f"C’est noté : {mots.heures(semaine.heures)} la semaine du {mots.date_fr(semaine.lundi)}. Merci.",
                )
                return redirect(retour)
    elif ligne is not None:
        form = formulaire_semaine(ligne)
    complete = objet.heures_hebdo  # the week agreed: one tap says it was done
    contexte = {
        "parcours": objet,
        "heures": tableau,
        "ligne": ligne,
        "form": form,
        "ecrit": ecrit and tableau.modifiables,
        "mots_complete": mots.heures(complete),
        "champs_complete": semaine_complete(ligne, Decimal(complete)) if ligne else {},
        "retour": retour,
        "avec_absences": acces.voit_les_absences(request.contexte),
        **plus,
    }
    return render(request, gabarit, contexte, status=422 if form is not None and form.errors else 200)


@require_http_methods(FORME)
def signaler(request: Requete, parcours_id: UUID) -> HttpResponse:
    """The tutor notes an absence or an incident."""
    objet = acces.parcours_a_suivre(request.contexte, parcours_id)
    form = SignalerForm(request.POST or None, role=Role.TUTEUR)
    if request.method == "POST" and form.is_valid():
        try:
            signalement = actions.signaler(
                request.contexte,
                objet.pk,
                nature=form.cleaned_data["nature"],
                jour=form.cleaned_data["jour"],
                texte=form.cleaned_data["texte"],
            )
        except DejaFait as deja:
            messages.info(request, str(deja))
            return redirect("parcours:parcours", objet.pk)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "C’est noté. Écrivez ici ce qui a été fait.")
            return redirect("parcours:signalement", signalement.pk)
    return render(
        request,
        "parcours/parcours/signaler.html",
        {"parcours": objet, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(FORME)
def signalement(request: Requete, signalement_id: UUID) -> HttpResponse:
    """What was said, and what was done about it."""
    objet = acces.signalement_visible(request.contexte, signalement_id)
    suivi = acces.suit(request.contexte, objet.parcours)
    form = TraiterForm(request.POST or None, avec_acheteur=objet.parcours.offre.engagement_id is not None)
    if request.method == "POST":
        acces.parcours_a_suivre(request.contexte, objet.parcours_id)
        if form.is_valid():
            try:
                actions.traiter(request.contexte, objet.pk, **form.cleaned_data)
            except DejaFait as deja:
                messages.info(request, str(deja))
                return redirect("parcours:signalement", objet.pk)
            except ErreurMetier as erreur:
                form.refuser(erreur)
            else:
                messages.success(request, "C’est noté.")
                return redirect("parcours:parcours", objet.parcours_id)
    contexte = {
        "signalement": objet,
        "parcours": objet.parcours,
        "suivi": suivi,
        "form": form,
        "jeune": objet.parcours.jeune if acces.voit_le_jeune(request.contexte, objet.parcours) else None,
        "contacts": acces.contacts_visibles(request.contexte, objet.parcours),
    }
    return render(request, "parcours/parcours/signalement.html", contexte, status=422 if form.errors else 200)
