"""The bilan by link: the company's voice, the young person's voice, and the copy each keeps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raccord.comptes.enums import Role
from raccord.comptes.models import LienAction
from raccord.comptes.requete import Requete
from raccord.parcours.acces import bilan as acces
from raccord.parcours.acces.parcours import CLOS, parcours_du_lien
from raccord.parcours.actions import bilan as actions
from raccord.parcours.forms.bilan import BilanJeuneForm, GrilleForm, formulaire_adulte, initiales
from raccord.parcours.views.bilan import bilan_imprime, ecrire_adulte
from raccord.socle.exceptions import DejaFait, ErreurMetier

FORME = ["GET", "HEAD", "POST"]


def _ici(request: Requete) -> str:
    return reverse("comptes:lien", args=[request.jeton])  # type: ignore[attr-defined]  # set by the door of links


@require_http_methods(FORME)
def entreprise(request: Requete, lien: LienAction) -> HttpResponse:
    """The company: the grid, a few words, a signature; then its copy."""
    parcours = parcours_du_lien(lien)
    lu = acces.lecture(parcours)
    signe = parcours.etat in CLOS
    if signe and request.GET.get("document") == "pdf":
        return bilan_imprime(parcours)
    voix = lu.voix[Role.ENTREPRISE]
    form: GrilleForm | None = None
    if request.method == "POST":
        reponse, form = ecrire_adulte(request, parcours, Role.ENTREPRISE, _ici(request))
        if reponse is not None:
            return reponse
    elif not signe and voix.signee_le is None:
        form = formulaire_adulte(lu, Role.ENTREPRISE)
    contexte = {
        "parcours": parcours,
        "lu": lu,
        "voix": voix,
        "form": form,
        "signe": signe,
        "signable": parcours.etat in actions.ETATS_SIGNATURE,
        "confier": reverse("comptes:confier_lien", args=[request.jeton]),  # type: ignore[attr-defined]
    }
    statut = 422 if form is not None and form.errors else 200
    return render(request, "parcours/bilan/lien_entreprise.html", contexte, status=statut)


@require_http_methods(FORME)
def jeune(request: Requete, lien: LienAction) -> HttpResponse:
    """The young person: read, say whether they agree, add their words, sign; keep a copy."""
    parcours = parcours_du_lien(lien)
    lu = acces.lecture(parcours)
    signe = parcours.etat in CLOS
    if signe and request.GET.get("document") == "pdf":
        return bilan_imprime(parcours)
    voix = lu.voix[Role.JEUNE]
    pret = lu.voix[Role.TUTEUR].signee_le is not None
    form: BilanJeuneForm | None = None
    if request.method == "POST":
        form = BilanJeuneForm(request.POST)
        if form.is_valid():
            signer = request.POST.get("geste") == "signer"
            try:
                actions.ecrire(
                    request.contexte,
                    parcours.pk,
                    texte=form.cleaned_data["texte"],
                    accord=form.cleaned_data["accord"],
                    signer=signer,
                )
            except DejaFait:
                messages.info(request, "Vous avez déjà signé. Merci !")
                return redirect(_ici(request))
            except ErreurMetier as erreur:
                form.refuser(erreur)
            else:
                messages.success(
                    request, "C’est signé. Merci !" if signer else "C’est gardé. Revenez quand vous voulez."
                )
                return redirect(_ici(request))
    elif pret and not signe and voix.signee_le is None:
        form = BilanJeuneForm(initial=initiales(lu, Role.JEUNE))
    contexte = {
        "parcours": parcours,
        "prenom": parcours.jeune.prenom if parcours.jeune else "",
        "lu": lu,
        "voix": voix,
        "form": form,
        "pret": pret,
        "signe": signe,
        "signable": parcours.etat in actions.ETATS_SIGNATURE,
    }
    statut = 422 if form is not None and form.errors else 200
    return render(request, "parcours/bilan/lien_jeune.html", contexte, status=statut)
