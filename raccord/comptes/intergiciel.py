"""Who acts: signed in or sent to sign in; the session's membership becomes `request.contexte`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from raccord.comptes.confirmation import confirmee, doit_confirmer
from raccord.comptes.models import Adhesion
from raccord.comptes.requete import Requete
from raccord.socle import erreurs, identite
from raccord.socle.contexte import VISITEUR, Contexte

CLE_SESSION = "adhesion"


class ConnexionRequise(LoginRequiredMiddleware):
    """Signed in, and confirmed by telephone where the membership asks for it: else nothing that is not public.

    A form sent after the session ended has its texts given back, and signing in leads to the page it was on.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """The address of a form may only act: after signing in, the page that held it is opened instead."""
        porte = super().process_view(request, view_func, view_args, view_kwargs)
        if porte is None and self._a_confirmer(request, view_func):
            porte = redirect_to_login(request.get_full_path(), reverse("comptes:confirmer"))
        if porte is None or request.method != "POST":
            return porte
        page = request.headers.get("Referer", "")
        connue = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
        retour = page if connue else resolve_url(settings.LOGIN_REDIRECT_URL)
        porte = redirect_to_login(retour, urlsplit(porte["Location"]).path)
        return erreurs.session_finie(request, porte.url) if erreurs.textes_ecrits(request) else porte

    def _a_confirmer(self, request: HttpRequest, vue: Callable[..., HttpResponseBase]) -> bool:
        """Denied by default: only a view that says so opens before the second factor."""
        requise = getattr(vue, "login_required", True) and not getattr(vue, "avant_confirmation", False)
        return requise and getattr(request, "a_confirmer", None) is not None


def contexte_de(adhesion: Adhesion) -> Contexte:
    """The context of a person acting under that membership."""
    return Contexte(
        role=adhesion.role,
        utilisateur_id=adhesion.utilisateur_id,
        organisation_id=adhesion.organisation_id,
        academie_id=adhesion.organisation.academie_id,
        administrateur=adhesion.administrateur,
        absents=frozenset(getattr(adhesion, "absents", ())),
    )


def middleware_contexte(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `contexte`, `adhesion`, `adhesions` and `a_confirmer` on every request.

    A membership that waits for its second factor is `a_confirmer` and nothing else: until then the person is a
    visitor, for the application and for the database.
    """

    def traiter(request: Requete) -> HttpResponse:
        request.contexte, request.adhesion, request.adhesions, request.a_confirmer = VISITEUR, None, [], None
        if request.user.is_authenticated:
            request.adhesions = list(
                Adhesion.objects.pour_agir().filter(utilisateur=request.user).order_by("organisation__nom", "role")
            )
            choisie = request.session.get(CLE_SESSION)
            request.adhesion = next(
                (adhesion for adhesion in request.adhesions if str(adhesion.pk) == choisie),
                request.adhesions[0] if request.adhesions else None,
            )
            if request.adhesion and doit_confirmer(request.adhesion) and not confirmee(request):
                request.a_confirmer, request.adhesion = request.adhesion, None
            if request.adhesion:
                request.contexte = contexte_de(request.adhesion)
        with identite.agir(request.contexte):
            return suite(request)

    return traiter  # type: ignore[return-value]  # Requete is HttpRequest once earlier middleware has run
