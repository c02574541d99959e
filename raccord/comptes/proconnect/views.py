"""Leave for ProConnect, come back with a code, come back from the way out."""

import json
import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from mozilla_django_oidc.views import OIDCAuthenticationRequestView, get_next_url

from raccord.comptes import sessions
from raccord.comptes.proconnect import reglages
from raccord.comptes.proconnect.moteur import MoteurProConnect
from raccord.comptes.proconnect.refus import Inconnu, Refus
from raccord.comptes.proconnect.sortie import CLE_ETAT, CLE_JETON
from raccord.comptes.requete import Requete
from raccord.socle import limites

JOURNAL = logging.getLogger("raccord.proconnect")
MOTEUR_DE_SESSION = "sesame.backends.ModelBackend"  # the session is the same as by a link, closed accounts included
# mozilla-django-oidc's own: where one was going, once verified to be here; state → nonce and PKCE verifier.
CLE_SUITE, CLE_ETATS = "oidc_login_next", "oidc_states"


def _exiger_proconnect() -> None:
    if settings.PROCONNECT is None:
        raise Http404


def _refuser(request: HttpRequest, refus: Refus) -> HttpResponse:
    """One page whatever the cause, which only the logs know. Both ways on still lead where the person was going."""
    JOURNAL.warning("entrée par ProConnect refusée : %s", refus.cause)
    page = "inconnu" if isinstance(refus, Inconnu) else "refus"
    suite = request.session.get(CLE_SUITE) or resolve_url(settings.LOGIN_REDIRECT_URL)
    chemins = {
        "url_lien": redirect_to_login(suite, reverse("comptes:connexion")).url,
        "url_encore": redirect_to_login(suite, reverse("comptes:proconnect")).url,
    }
    return render(request, f"comptes/proconnect/{page}.html", chemins, status=403)


@method_decorator([login_not_required, never_cache, transaction.non_atomic_requests], name="dispatch")
class Entrer(OIDCAuthenticationRequestView):  # type: ignore[misc]  # the library has no types
    """To the provider, with a state, a nonce and a PKCE challenge of this session alone."""

    def __init__(self, **kwargs: Any) -> None:
        """The library reads the provider's address here, before any request: it is asked in `get` instead."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Ours, never Django's global ones."""
        return reglages.lire(attr, *args)

    def get(self, request: Requete) -> HttpResponse:
        """A redirection, or the page of refusal when the provider does not answer."""
        _exiger_proconnect()
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        limites.compter("proconnect", limites.reseau(request))
        request.session[CLE_SUITE] = get_next_url(request, "next")
        try:
            super().__init__()
            depart: HttpResponse = super().get(request)
        except Refus as refus:
            return _refuser(request, refus)
        return depart

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        """The levels we accept, as ProConnect wants them asked: it refuses parameters that it does not know."""
        return {"claims": json.dumps({"id_token": {"acr": {"essential": True, "values": reglages.en_vigueur().acr}}})}


@login_not_required
@never_cache
@require_GET
@transaction.non_atomic_requests  # no transaction is held while the provider answers
def retour(request: Requete) -> HttpResponse:
    """Back from the provider. Whoever is already signed in stays who they are: nobody is signed in over them."""
    _exiger_proconnect()
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        depart = _reprendre(request)
        moteur = MoteurProConnect()
        utilisateur = moteur.authenticate(request, nonce=depart["nonce"], code_verifier=depart["code_verifier"])
    except Refus as refus:
        return _refuser(request, refus)
    suite = request.session.pop(CLE_SUITE, None)
    sessions.ouvrir(request, utilisateur, moteur=MOTEUR_DE_SESSION)
    request.session[CLE_JETON] = moteur.jeton_identite
    return redirect(suite or settings.LOGIN_REDIRECT_URL)


def _reprendre(request: Requete) -> dict[str, str]:
    """What this session had left for this state; it serves once, whatever comes next. Raises Refus."""
    depart: dict[str, str] | None = request.session.get(CLE_ETATS, {}).pop(request.GET.get("state", ""), None)
    if depart is None:
        raise Refus("état inconnu")
    request.session.save()
    if request.GET.get("iss", reglages.en_vigueur().emetteur) != reglages.en_vigueur().emetteur:
        raise Refus("émetteur")
    if "code" not in request.GET:
        raise Refus("renoncé")  # or an error of the provider's, whose words are not ours to repeat
    return depart


@login_not_required
@never_cache
@require_GET
def sorti(request: Requete) -> HttpResponse:
    """Back from the provider's way out."""
    _exiger_proconnect()
    attendu = request.session.pop(CLE_ETAT, "")
    if attendu and constant_time_compare(attendu, request.GET.get("state", "")):
        messages.success(request, "Vous êtes sorti, de Raccord et de ProConnect. À bientôt.")
    return redirect("parcours:accueil")
