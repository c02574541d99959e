"""Ask for help, give it, end it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from raccord.comptes.assistance import acces, actions
from raccord.comptes.assistance.forms import AideForm
from raccord.comptes.assistance.intergiciel import CLE_SESSION
from raccord.comptes.enums import FinAssistance
from raccord.comptes.requete import Requete
from raccord.socle.exceptions import DejaFait
from raccord.socle.gestes import envoyer
from raccord.socle.parametres import valeur

FORME = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORME)
def demander(request: Requete) -> HttpResponse:
    """What is wrong, and what asking allows."""
    adhesion = request.adhesion
    if adhesion is None or not acces.peut_demander(request.contexte):
        raise PermissionDenied
    form = AideForm(request.POST if request.method == "POST" else None)
    if envoyer(
        request,
        form,
        lambda: actions.demander(request.contexte, adhesion, motif=form.cleaned_data["motif"]),
        "Votre demande est partie à l’équipe nationale.",
    ):
        return redirect("comptes:securite")
    donnees = {"form": form, "validite": valeur("validite_demande_aide"), "duree": valeur("duree_assistance")}
    return render(request, "comptes/assistance/demander.html", donnees, status=422 if form.errors else 200)


@require_POST
def arreter(request: Requete, assistance_id: UUID) -> HttpResponse:
    """The person helped calls it off, or ends it at once."""
    assistance = acces.la_mienne(request.contexte, assistance_id)
    try:
        actions.terminer(request.contexte, assistance.pk, FinAssistance.ARRETEE)
    except DejaFait as deja:
        messages.info(request, str(deja))
    else:
        messages.success(request, "C’est arrêté : personne ne voit plus Raccord comme vous.")
    return redirect("comptes:securite")


@never_cache
@require_http_methods(FORME)
def assister(request: Requete, assistance_id: UUID) -> HttpResponse:
    """Who asks and why; from there, see as they do."""
    assistance = acces.demande(request.contexte, assistance_id)
    if request.method == "POST" and request.adhesion:
        actions.commencer(request.contexte, request.adhesion, assistance.pk)
        request.session[CLE_SESSION] = str(assistance.pk)
        return redirect("echeances:ma_journee")
    return render(
        request, "comptes/assistance/assister.html", {"demande": assistance, "duree": valeur("duree_assistance")}
    )


@require_POST
def quitter(request: Requete) -> HttpResponse:
    """Oneself again."""
    cle = request.session.pop(CLE_SESSION, None)
    if cle is not None:
        try:
            actions.terminer(request.contexte, UUID(cle), FinAssistance.QUITTEE)
        except DejaFait as deja:
            messages.info(request, str(deja))
        else:
            messages.success(request, "Vous avez quitté l’assistance : vous êtes de nouveau vous-même.")
    return redirect("echeances:ma_journee")
