"""The RUN: start or resume, one file on one screen, the next at once, a recap at the end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raccord.comptes.acces import reserve_a
from raccord.comptes.enums import Role
from raccord.comptes.requete import Requete
from raccord.echeances import actions as echeances
from raccord.echeances.models import Attente
from raccord.parcours.acces import relances as acces
from raccord.parcours.acces import suivi_positionnement as suivi
from raccord.parcours.acces.destinataires import offre_de
from raccord.parcours.actions import positionnement as reponses
from raccord.parcours.actions import relances as appels
from raccord.parcours.actions import run as actions
from raccord.parcours.enums import IssueAppel, IssueRun, Moyen
from raccord.parcours.forms.relances import AppelForm, PauseForm
from raccord.parcours.forms.run import PerimetreForm
from raccord.parcours.models import Offre, Run
from raccord.parcours.views.relances import BOUTONS
from raccord.socle.exceptions import ErreurMetier
from raccord.territoires.fuseaux import fuseau_de

DOSSIER = "parcours/run"


@reserve_a(*acces.RELANCEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: Requete) -> HttpResponse:
    """What a session would hold, over which scope; the one left open is resumed."""
    choix = acces.perimetres(request.contexte)
    form = PerimetreForm(request.POST if request.method == "POST" else None, choix=choix)
    if request.method == "POST" and form.is_valid():
        ouvert = actions.commencer(request.contexte, perimetre=form.cleaned_data["perimetre"])
        return redirect("parcours:run_dossier", ouvert.pk)
    contexte = {
        "form": form,
        "ouvert": acces.run_ouvert(request.contexte),
        "nombre": acces.bloques(request.contexte).count(),
        "appeles": acces.deja_appeles(request.contexte),
        "tenus": acces.tenus_par_d_autres(request.contexte, ""),
    }
    return render(request, f"{DOSSIER}/run.html", contexte, status=422 if form.errors else 200)


@reserve_a(*acces.RELANCEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: Requete, run_id: UUID) -> HttpResponse:
    """The file on screen; each button says what came of it and brings the next one."""
    seance = acces.run_a_moi(request.contexte, run_id, verrou=request.method == "POST")
    if seance.clos_le is not None or seance.en_cours is None:
        return redirect("parcours:run_bilan", seance.pk)
    attente = seance.en_cours
    offre = offre_de(attente)
    if offre is None:
        return _suivant(request, seance, attente, IssueRun.PASSE)
    with timezone.override(fuseau_de(offre.commune)):
        return _dossier(request, seance, attente, offre)


def _dossier(request: Requete, seance: Run, attente: Attente, offre: Offre) -> HttpResponse:
    fiche = acces.dossier(request.contexte, attente, offre)
    geste = request.POST.get("geste", "") if request.method == "POST" else ""
    appel = AppelForm(request.POST if geste in IssueAppel.values else None, gens=fiche["gens"], prefix="appel")
    pause = PauseForm(request.POST if geste == "pause" else None, prefix="pause")
    form = appel if geste in IssueAppel.values else pause if geste == "pause" else None
    if geste and request.POST.get("attente") != str(attente.pk):
        messages.info(request, "Ce dossier est déjà passé : voici le suivant.")
        return redirect("parcours:run_dossier", seance.pk)
    if geste and (form is None or form.is_valid()):
        try:
            issue = _faire(request, attente, geste, form)
        except ErreurMetier as erreur:
            if form is None:
                messages.error(request, str(erreur))
                return redirect("parcours:run_dossier", seance.pk)
            form.refuser(erreur)
        else:
            return _suivant(request, seance, attente, issue)
    creneaux = suivi.creneaux_en_mots(fiche["positionnement"], Role.TUTEUR) if fiche["positionnement"] else []
    contexte = {
        **fiche,
        "run": seance,
        "appel": appel,
        "pause": pause,
        "gestes": BOUTONS,
        "accords": [
            (place, place.champs | {"geste": "accord", "attente": attente.pk}) for place in creneaux if not place.refus
        ],
        "passer": {"geste": "passe", "attente": attente.pk},
        "fait": seance.dossiers.count(),
        "restants": acces.bloques(request.contexte, seance.perimetre)
        .exclude(pk__in=seance.dossiers.values("attente_id"))
        .count(),
    }
    return render(request, f"{DOSSIER}/dossier.html", contexte, status=422 if form is not None and form.errors else 200)


def _faire(request: Requete, attente: Attente, geste: str, form: Any) -> str:
    """What the button does to the file. Returns what the session keeps of it."""
    if geste in IssueAppel.values:
        appels.noter_appel(
            request.contexte,
            attente.pk,
            issue=geste,
            contact_id=form.contact_id,
            rappel_le=form.cleaned_data["rappel_le"],
        )
        return geste
    if geste == "pause":
        echeances.mettre_en_pause(request.contexte, attente.pk, **form.cleaned_data)
        return IssueRun.PAUSE
    if geste == "accord":
        creneau = suivi.identifiant(request.POST.get("creneau", ""))
        appels.declarer(
            request.contexte,
            attente.objet_id,
            lambda: reponses.accepter(request.contexte, attente.objet_id, creneau_id=creneau),
            moyen=Moyen.TELEPHONE,
            contact_id=None,
        )
        return IssueRun.REPONSE
    return IssueRun.REPONSE if attente.close_le is not None else IssueRun.PASSE


def _suivant(request: Requete, seance: Run, attente: Attente, issue: str) -> HttpResponse:
    actions.passer_au_suivant(request.contexte, seance.pk, issue=issue, attente_id=attente.pk)
    return redirect("parcours:run_dossier", seance.pk)


@require_POST
@reserve_a(*acces.RELANCEURS)
def terminer(request: Requete, run_id: UUID) -> HttpResponse:
    """Close the session."""
    seance = acces.run_a_moi(request.contexte, run_id)
    actions.terminer(request.contexte, seance.pk)
    return redirect("parcours:run_bilan", seance.pk)


@require_safe
@reserve_a(*acces.RELANCEURS)
def bilan(request: Requete, run_id: UUID) -> HttpResponse:
    """What was handled, what comes next."""
    seance = acces.run_a_moi(request.contexte, run_id)
    lignes = acces.recapitulatif(seance)
    return render(request, f"{DOSSIER}/bilan.html", {"run": seance, "lignes": lignes})
