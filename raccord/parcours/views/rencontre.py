"""The meeting: the calendar file, who was there, what was agreed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.parcours import agenda as agendas
from raccord.parcours.acces import positionnement as acces
from raccord.parcours.acces import suivi_positionnement as suivi
from raccord.parcours.actions import rencontre as actions
from raccord.parcours.forms.presence import SEMAINE_HABITUELLE
from raccord.parcours.forms.rencontre import AbsenceForm, AccordForm, AvanceForm
from raccord.parcours.heure import a_l_heure_du_lieu
from raccord.parcours.models import Positionnement
from raccord.parcours.views.positionnement import SUIVEURS, ferme, page_de
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gestes import envoyer, presser

DOSSIER = "parcours/rencontre"


@reserve_a(*SUIVEURS)
@require_GET
@a_l_heure_du_lieu
def agenda(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """The meeting, for one's calendar."""
    return agendas.fichier(acces.positionnement_visible(request.contexte, positionnement_id))


@reserve_a(Role.TUTEUR)
@require_http_methods(["GET", "POST"])
@a_l_heure_du_lieu
def absence(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """Somebody did not come."""
    positionnement = acces.positionnement_a_mener(request.contexte, positionnement_id)
    if sortie := ferme(request, positionnement, "absence_jeune"):
        return sortie
    form = AbsenceForm(request.POST or None)
    if envoyer(
        request,
        form,
        lambda: actions.constater_absence(request.contexte, positionnement.pk, **form.cleaned_data),
        "C’est noté. Proposez de nouveaux créneaux, ou arrêtez la proposition.",
    ):
        return redirect(page_de(positionnement))
    return render(
        request,
        f"{DOSSIER}/absence.html",
        {"form": form, "positionnement": positionnement, "retour": page_de(positionnement)},
        status=422 if form.errors else 200,
    )


@reserve_a(Role.TUTEUR)
@require_POST
def corriger_absence(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """It was noted by mistake."""
    positionnement = acces.positionnement_a_mener(request.contexte, positionnement_id)
    presser(
        request,
        lambda: actions.corriger_absence(request.contexte, positionnement.pk),
        "C’est corrigé : dites maintenant ce qui a été convenu.",
    )
    return redirect(page_de(positionnement))


@reserve_a(Role.TUTEUR)
@require_http_methods(["GET", "POST"])
@a_l_heure_du_lieu
def avance(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """The meeting was held before its hour: when; then what was agreed."""
    positionnement = acces.positionnement_a_mener(request.contexte, positionnement_id)
    if sortie := ferme(request, positionnement, "avancer"):
        return sortie
    form = AvanceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.avancer(request.contexte, positionnement.pk, **form.cleaned_data)
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            return redirect("parcours:rencontre_accord", positionnement.pk)
    return render(
        request,
        f"{DOSSIER}/avance.html",
        {"form": form, "positionnement": positionnement, "retour": page_de(positionnement)},
        status=422 if form.errors else 200,
    )


@reserve_a(Role.TUTEUR)
@require_http_methods(["GET", "POST"])
@a_l_heure_du_lieu
def accord(request: Requete, positionnement_id: UUID) -> HttpResponse:
    """The meeting took place: what was agreed becomes a parcours."""
    positionnement = acces.positionnement_a_mener(request.contexte, positionnement_id)
    if sortie := ferme(request, positionnement, "confirmer"):
        return sortie
    form = AccordForm(
        request.POST or None,
        initial=_propose(positionnement),
        contacts=suivi.contacts_ouverts(positionnement),
    )
    if request.method == "POST" and form.is_valid():
        try:
            parcours = actions.noter_accord(request.contexte, positionnement.pk, **form.accord())
        except DejaFait as deja:
            messages.info(request, str(deja))
            return redirect(page_de(positionnement))
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "Bravo : le parcours est créé. Prochaine étape, la convention.")
            return redirect("parcours:parcours", parcours.pk)
    return render(
        request,
        f"{DOSSIER}/accord.html",
        {
            "form": form,
            "positionnement": positionnement,
            "offre": positionnement.offre,
            "jeune": positionnement.jeune,
            "retour": page_de(positionnement),
            **suivi.heures_du_contrat(positionnement),
        },
        status=422 if form.errors else 200,
    )


def _propose(positionnement: Positionnement) -> dict[str, Any]:
    """What the offer says, to be adapted together."""
    offre = positionnement.offre
    return {
        "missions": offre.missions,
        "heures_prevues": int(offre.heures_a_faire),
        "heures_hebdo": suivi.semaine_habituelle(),
        "jours": SEMAINE_HABITUELLE,
        "lieu": suivi.lieu_habituel(offre),
        "referent_id": str(offre.referent_id or offre.rrh_id or ""),
    }
