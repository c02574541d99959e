"""The provider's addresses: what it publishes, who one wants to be, tokens, who it was, the way out."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from raccord.demo import acces
from raccord.demo.fournisseur import jetons

CONFIGURATION = "/.well-known/openid-configuration"
Vue = Callable[[HttpRequest], HttpResponse]


def en_demonstration(vue: Vue) -> Vue:
    """Nothing answers outside the demo, even if somebody wired these addresses by mistake."""

    @wraps(vue)
    def garder(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return vue(request)

    return login_not_required(never_cache(garder))


def _racine() -> str:
    return reverse("demo:fournisseur_decouverte").removesuffix(CONFIGURATION)


def _emetteur(request: HttpRequest) -> str:
    """As the application names it, else as it is being asked."""
    if settings.PROCONNECT is not None:
        return str(settings.PROCONNECT.emetteur)
    return request.build_absolute_uri(_racine())


@en_demonstration
@require_GET
def decouverte(request: HttpRequest) -> HttpResponse:
    """`/.well-known/openid-configuration`."""
    adresses = {
        "authorization_endpoint": "demo:fournisseur_autoriser",
        "token_endpoint": "demo:fournisseur_jeton",
        "userinfo_endpoint": "demo:fournisseur_personne",
        "jwks_uri": "demo:fournisseur_cles",
        "end_session_endpoint": "demo:fournisseur_sortie",
    }
    base, racine = _emetteur(request), _racine()
    return JsonResponse(
        {
            "issuer": base,
            **{nom: base + reverse(vue).removeprefix(racine) for nom, vue in adresses.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [jetons.ALGORITHME],
            "userinfo_signing_alg_values_supported": [jetons.ALGORITHME],
            "code_challenge_methods_supported": ["S256"],
        }
    )


@en_demonstration
@require_GET
def cles(request: HttpRequest) -> HttpResponse:
    """The public key of the day."""
    return JsonResponse(jetons.cles_publiques())


def _chez_nous(request: HttpRequest, adresse: str, nom: str) -> bool:
    """That page of this very demonstration."""
    hotes = {request.get_host(), urlsplit(settings.ADRESSE_PUBLIQUE).netloc, "localhost", "127.0.0.1"}
    hotes |= {f"{hote}:{request.get_port()}" for hote in ("localhost", "127.0.0.1", "[::1]")}
    return url_has_allowed_host_and_scheme(adresse, allowed_hosts=hotes) and urlsplit(adresse).path == reverse(nom)


@en_demonstration
@require_GET
def autoriser(request: HttpRequest) -> HttpResponse:
    """Who one wants to be: a fictitious account, somebody unknown, or nobody. `compte` is the choice."""
    demande = {nom: str(valeur) for nom, valeur in request.GET.items()}
    retour = demande.get("redirect_uri", "")
    if demande.get("client_id") != jetons.CLIENT or not _chez_nous(request, retour, "comptes:proconnect_retour"):
        raise BadRequest
    compte = demande.pop("compte", None)
    if compte is None:
        contexte = {"roles": acces.roles_a_jouer(), "demande": urlencode(demande), "inconnu": jetons.INCONNU}
        return render(request, "demo/fournisseur/autoriser.html", contexte)
    suite = {"state": demande.get("state", ""), "iss": _emetteur(request)}
    if not compte:
        return HttpResponseRedirect(f"{retour}?{urlencode(suite | {'error': 'access_denied'})}")
    if not compte.endswith(acces.ADRESSES_FICTIVES):
        raise BadRequest
    return HttpResponseRedirect(f"{retour}?{urlencode(suite | {'code': jetons.emettre_code(compte, demande)})}")


@csrf_exempt  # asked by the application's server, not by a browser: its secret is in the body
@en_demonstration
@require_POST
def jeton(request: HttpRequest) -> HttpResponse:
    """Tokens for a code."""
    rendus = jetons.echanger(_emetteur(request), {nom: str(valeur) for nom, valeur in request.POST.items()})
    return JsonResponse(rendus) if rendus else JsonResponse({"error": "invalid_grant"}, status=400)


@en_demonstration
@require_GET
def personne(request: HttpRequest) -> HttpResponse:
    """Userinfo, signed."""
    trouvee = jetons.personne(_emetteur(request), request.headers.get("Authorization", "").removeprefix("Bearer "))
    if trouvee is None:
        return JsonResponse({"error": "invalid_token"}, status=401)
    return HttpResponse(trouvee, content_type="application/jwt")


@en_demonstration
@require_GET
def sortie(request: HttpRequest) -> HttpResponse:
    """The way out, for a token of ours and towards this demonstration only."""
    retour = request.GET.get("post_logout_redirect_uri", "")
    connu = _chez_nous(request, retour, "comptes:proconnect_sorti")
    if not connu or not jetons.emis_ici(request.GET.get("id_token_hint", "")):
        raise BadRequest
    return HttpResponseRedirect(f"{retour}?{urlencode({'state': request.GET.get('state', '')})}")
