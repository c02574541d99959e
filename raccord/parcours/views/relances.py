"""Calling, pausing a ladder, telling an answer that came otherwise."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.echeances import actions as echeances
from raccord.echeances.attentes import TYPES
from raccord.echeances.models import Attente
from raccord.parcours.acces import relances as acces
from raccord.parcours.acces import suivi_positionnement as suivi
from raccord.parcours.actions import positionnement as reponses
from raccord.parcours.actions import relances as actions
from raccord.parcours.enums import IssueAppel
from raccord.parcours.forms.relances import (
    AccordRecuForm,
    AppelForm,
    CreneauxRecusForm,
    PauseForm,
    RecuForm,
    RefusRecuForm,
)
from raccord.parcours.heure import a_l_heure_du_lieu
from raccord.parcours.models import Positionnement
from raccord.parcours.views.positionnement import page_de
from raccord.socle import mots
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.gestes import envoyer, presser

DOSSIER = "parcours/relances"
NOTEE = "La réponse est notée : chacun est prévenu comme si l’entreprise l’avait donnée ici."
APPELS = {
    IssueAppel.REPONDU: "C’est noté. Si une réponse est donnée, dites-la maintenant.",
    IssueAppel.MESSAGERIE: "C’est noté : les rappels suivent leur cours.",
    IssueAppel.FAUX_NUMERO: "C’est noté : l’échelon suivant est prévenu tout de suite, un autre numéro est cherché.",
    IssueAppel.RAPPELLE: "C’est noté : les rappels attendent ce jour-là.",
}


# What the call gave, its words, its key in a RUN: letters, which the French keyboard types without Shift.
BOUTONS = (
    (IssueAppel.MESSAGERIE.value, "Messagerie", "m"),
    (IssueAppel.FAUX_NUMERO.value, "Mauvais numéro", "n"),
    (IssueAppel.RAPPELLE.value, "On nous rappelle", "r"),
    (IssueAppel.REPONDU.value, "Quelqu’un a répondu", "q"),
)


def _page(attente: Attente) -> str:
    return TYPES[attente.code].url(attente.objet_id)


@reserve_a(*acces.RELANCEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def appeler(request: Requete, attente_id: UUID) -> HttpResponse:
    """The script, the history, whom to call; then what came of it, in one click."""
    attente, offre = acces.attente_a_relancer(request.contexte, attente_id)
    contexte = acces.dossier(request.contexte, attente, offre)
    issue = request.POST.get("issue", "") if request.method == "POST" else ""
    form = AppelForm(request.POST if issue in IssueAppel.values else None, gens=contexte["gens"])
    if form.is_bound and form.is_valid():
        try:
            actions.noter_appel(
                request.contexte,
                attente.pk,
                issue=issue,
                contact_id=form.contact_id,
                rappel_le=form.cleaned_data["rappel_le"],
            )
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, APPELS[IssueAppel(issue)])
            for appel in acces.appels_du_jour(request.contexte, attente, offre, des_autres=True):
                messages.warning(request, f"Déjà appelé aujourd’hui. {appel}")
            if issue == IssueAppel.REPONDU and contexte["positionnement"] is not None:
                return redirect("parcours:reponse_recue", attente.objet_id)
            return redirect(_page(attente))
    contexte |= {"form": form, "gestes": BOUTONS}
    return render(request, f"{DOSSIER}/appeler.html", contexte, status=422 if form.errors else 200)


@reserve_a(*acces.RELANCEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: Requete, attente_id: UUID) -> HttpResponse:
    """Until when the ladder says nothing, and why."""
    attente, offre = acces.attente_a_relancer(request.contexte, attente_id)
    form = PauseForm(request.POST or None)
    if envoyer(
        request,
        form,
        lambda: echeances.mettre_en_pause(request.contexte, attente.pk, **form.cleaned_data),
        "Les rappels sont en pause ; ils reprendront d’eux-mêmes.",
    ):
        return redirect(_page(attente))
    contexte = {"form": form, "attente": attente, "offre": offre, "retour": _page(attente)}
    return render(request, f"{DOSSIER}/pause.html", contexte, status=422 if form.errors else 200)


@require_POST
@reserve_a(*acces.RELANCEURS)
def reprendre(request: Requete, attente_id: UUID) -> HttpResponse:
    """End a pause before its day."""
    attente, _ = acces.attente_a_relancer(request.contexte, attente_id)
    presser(request, lambda: echeances.reprendre(request.contexte, attente.pk), "Les rappels reprennent.")
    return redirect(_page(attente))


@reserve_a(*acces.RELANCEURS)
@require_http_methods(["GET", "HEAD", "POST"])
@a_l_heure_du_lieu
def reponse_recue(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """An answer by phone, by mail, face to face: a slot, other slots, a refusal. One form each."""
    positionnement = acces.positionnement_relance(request.contexte, positionnement_id)
    refus = suivi.refus_de(request.contexte, positionnement, "accord_recu", "creneaux_recus", "refus_recu")
    if refus is not None:
        messages.info(request, refus)
        return redirect(page_de(positionnement))
    formulaires = formulaires_de_reponse(request, positionnement)
    choisi = formulaires.get(request.POST.get("geste", ""))
    if choisi is not None and envoyer(
        request, choisi, lambda: declarer(request, positionnement, request.POST["geste"], choisi), NOTEE
    ):
        return redirect(page_de(positionnement))
    return render(
        request,
        f"{DOSSIER}/reponse.html",
        {"positionnement": positionnement, "offre": positionnement.offre, "retour": page_de(positionnement)}
        | formulaires,
        status=422 if choisi is not None and choisi.errors else 200,
    )


def formulaires_de_reponse(request: Requete, positionnement: Positionnement) -> dict[str, Any]:
    """The three answers of a company, each its form; the one that was sent is filled in. The buyer's screen too."""
    attente = suivi.attente_de_reponse(positionnement)
    gens = acces.a_appeler(request.contexte, positionnement.offre, attente) if attente else []
    creneaux = [
        (str(place.creneau.pk), mots.majuscule(mots.moment_fr(place.creneau.debut)))
        for place in suivi.creneaux_en_mots(positionnement, Role.TUTEUR)
        if not place.refus
    ]
    geste = request.POST.get("geste", "")
    donnees = {nom: request.POST if geste == nom else None for nom in ("accord", "creneaux", "refus")}
    return {
        "creneaux_libres": bool(creneaux),
        "accord": AccordRecuForm(donnees["accord"], gens=gens, creneaux=creneaux, prefix="accord"),
        "creneaux": CreneauxRecusForm(donnees["creneaux"], gens=gens, prefix="creneaux"),
        "refus": RefusRecuForm(donnees["refus"], gens=gens, prefix="refus"),
    }


def declarer(request: Requete, positionnement: Positionnement, geste: str, form: RecuForm) -> None:
    """The company's own step, in the name of whoever notes it."""
    contexte, pk, dit = request.contexte, positionnement.pk, form.cleaned_data
    gestes: dict[str, Callable[[], Positionnement]] = {
        "accord": lambda: reponses.accepter(contexte, pk, creneau_id=suivi.identifiant(dit["creneau"])),
        "creneaux": lambda: reponses.contre_proposer(contexte, pk, creneaux=form.creneaux, lieu=dit["lieu"]),  # type: ignore[attr-defined]
        "refus": lambda: reponses.refuser(contexte, pk, motif=dit["motif"], precisions=dit["precisions"]),
    }
    actions.declarer(contexte, pk, gestes[geste], moyen=dit["moyen"], contact_id=form.contact_id)
