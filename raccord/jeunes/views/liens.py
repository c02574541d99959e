"""The young person's own page, by a link on a phone: who may see the file, who opened it, what helps me."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.jeunes import acces
from raccord.jeunes.actions import cercle, fiche
from raccord.jeunes.enums import EtatFiche, Lecteurs
from raccord.jeunes.forms.cercle import FicheForm, valeurs_de_la_fiche
from raccord.jeunes.models import AccesJeune, FicheContexte, Jeune
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.gestes import presser

FORME = ["GET", "HEAD", "POST"]


@require_http_methods(FORME)
def dossier(request: Requete, lien: LienAction) -> HttpResponse:
    """Who may see the file and who opened it; one screen further, the sheet, which is the young person's alone."""
    jeune = acces.jeune_du_lien(lien)
    ici = reverse("comptes:lien", args=[request.jeton])  # type: ignore[attr-defined]  # set by the door of links
    ecran = request.GET.get("ecran", "")
    if ecran == "retrait":
        return _retrait(request, jeune, ici)
    if ecran == "fiche":
        if lien.jeune_id is None:
            raise Http404
        return _fiche(request, jeune, ici)
    if request.method == "POST":
        raise Http404
    contexte = {
        "jeune": jeune,
        "parent": lien.jeune_id is None,
        "cercle": acces.cercle(jeune),
        "finis": acces.acces_finis(jeune),
        "ouvertures": acces.ouvertures(jeune, request.contexte.role),
        "ici": ici,
        "fiche": _mienne(jeune) if lien.jeune_id else None,
        "brouillon": acces.brouillon_de(jeune.pk) if lien.jeune_id else None,
    }
    return render(request, "jeunes/lien_dossier.html", contexte)


# --- Asking for an opening to be closed ------------------------------------------------------------


def _retrait(request: Requete, jeune: Jeune, ici: str) -> HttpResponse:
    ouvert = _acces_choisi(jeune, request.GET.get("acces", ""))
    if request.method == "POST":
        presser(
            request,
            lambda: cercle.demander_retrait(request.contexte, ouvert.pk),
            f"C’est demandé. {jeune.tuteur.nom_complet} vous répond bientôt.",
        )
        return redirect(ici)
    contexte = {"jeune": jeune, "acces": ouvert, "ici": ici}
    return render(request, "jeunes/lien_retrait.html", contexte)


def _acces_choisi(jeune: Jeune, choisi: str) -> AccesJeune:
    for ouvert in acces.cercle(jeune):
        if str(ouvert.pk) == choisi and ouvert.organisation_id != jeune.organisation_id:
            return ouvert
    raise Http404


# --- The sheet -------------------------------------------------------------------------------------


def _fiche(request: Requete, jeune: Jeune, ici: str) -> HttpResponse:
    ecran = f"{ici}?ecran=fiche"
    geste = request.POST.get("geste", "")
    if request.method == "POST" and geste in GESTES:
        return _faire(request, jeune, geste, ecran)
    mienne, brouillon = _mienne(jeune), acces.brouillon_de(jeune.pk)
    a_ecrire = brouillon is not None or mienne is None or request.GET.get("faire") == "changer"
    form = FicheForm(
        request.POST if request.method == "POST" else None, initial=valeurs_de_la_fiche(brouillon or mienne)
    )
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        try:
            fiche.approuver(
                request.contexte,
                fiche.Textes(aide=lus["aide"], eviter=lus["eviter"]),
                lecteurs=Lecteurs(lus["lecteurs"]),
                brouillon_id=lus["brouillon"],
            )
        except ErreurMetier as erreur:
            form.refuser(erreur)
        else:
            messages.success(request, "C’est enregistré : cette fiche est à vous.")
            return redirect(ecran)
    contexte: dict[str, Any] = {
        "jeune": jeune,
        "fiche": mienne,
        "brouillon": brouillon,
        "form": form if a_ecrire or form.is_bound else None,
        "ici": ici,
        "ecran": ecran,
    }
    return render(request, "jeunes/lien_fiche.html", contexte, status=422 if form.errors else 200)


GESTES = {
    "renouveler": (fiche.renouveler, "C’est fait : votre fiche reste montrée."),
    "revoquer": (fiche.revoquer, "C’est fait : plus personne ne peut lire votre fiche, et son texte est effacé."),
    "ecarter": (fiche.ecarter, "C’est noté : ce brouillon est effacé."),
}


def _faire(request: Requete, jeune: Jeune, geste: str, ecran: str) -> HttpResponse:
    visee = acces.brouillon_de(jeune.pk) if geste == "ecarter" else _mienne(jeune)
    faire, mots = GESTES[geste]
    try:
        if visee is None:
            raise DejaFait
        faire(request.contexte, visee.pk)
    except ErreurMetier as erreur:
        messages.info(request, str(erreur))
    else:
        messages.success(request, mots)
    return redirect(ecran)


def _mienne(jeune: Jeune) -> FicheContexte | None:
    """The approved sheet, expired or not: its owner always reads it."""
    return FicheContexte.objects.filter(jeune=jeune, etat=EtatFiche.APPROUVEE).first()
