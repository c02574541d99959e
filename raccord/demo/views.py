"""Choose a role, read the messages: the two doors of the demonstration."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from raccord.comptes import sessions
from raccord.comptes.intergiciel import CLE_SESSION
from raccord.comptes.requete import Requete
from raccord.demo import acces
from raccord.demo.forms import BoiteForm
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME

MESSAGES_PAR_PAGE = 20
MOTEUR = "sesame.backends.ModelBackend"


@login_not_required
@never_cache
@require_GET
def comptes(request: Requete) -> HttpResponse:
    """One account per role to enter, and the people without account whose messages can be read."""
    identite.devenir(SYSTEME)  # whoever tries the demo reads everybody's letters, as the postman
    return render(
        request,
        "demo/comptes.html",
        {
            "roles": acces.roles_a_jouer(),
            "entreprises": acces.entreprises_a_jouer(),
            "acheteurs": acces.acheteurs_a_jouer(),
            "jeunes": acces.jeunes_a_jouer(),
        },
    )


@login_not_required
@require_POST
def entrer(request: Requete, adhesion_id: UUID) -> HttpResponse:
    """Sign in as a fictitious account, acting for that organisation."""
    adhesion = acces.adhesion_a_entrer(adhesion_id)
    sessions.ouvrir(request, adhesion.utilisateur, moteur=MOTEUR)
    request.session[acces.CLE_DISPENSE] = True
    request.session[CLE_SESSION] = str(adhesion.pk)
    return redirect(settings.LOGIN_REDIRECT_URL)


@login_not_required
@never_cache
@require_GET
def messages(request: Requete) -> HttpResponse:
    """The outbox as a mailbox: by recipient, newest first, links that work."""
    identite.devenir(SYSTEME)
    form = BoiteForm(request.GET or None, boites=acces.boites())
    criteres = form.cleaned_data if form.is_valid() else {"a": "", "q": ""}
    page = Paginator(acces.chercher_messages(**criteres), MESSAGES_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"form": form, "page": page, "courriers": acces.presenter(page), "filtre": any(criteres.values())}
    return render(request, "demo/_messages.html" if request.htmx else "demo/messages.html", contexte)
