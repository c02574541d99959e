"""Under assistance: the pages of the person helped, in nobody's name for the database, and nothing is ever written.

Two locks, neither of which trusts the other. The application refuses every method that is not safe. PostgreSQL
refuses every write: the whole request is one transaction that is READ ONLY, whatever a view forgets. Confidential
rows do not open: the database is told of no identity.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from psycopg.errors import ReadOnlySqlTransaction

from raccord.comptes.assistance import acces, actions
from raccord.comptes.enums import FinAssistance
from raccord.comptes.intergiciel import contexte_de
from raccord.comptes.models import Assistance
from raccord.comptes.requete import Requete
from raccord.socle import erreurs, identite
from raccord.socle.contexte import SYSTEME, VISITEUR
from raccord.socle.exceptions import DejaFait

CLE_SESSION = "assistance"
METHODES_SURES = frozenset({"GET", "HEAD", "OPTIONS"})


class AssistanceEnLecture:
    """Sets `assistance` on every request, None for almost all of them."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: Requete) -> HttpResponse:
        request.assistance = None
        cle = request.session.get(CLE_SESSION)
        if cle is None or request.path_info == reverse("comptes:quitter_assistance"):
            return self.suite(request)
        assistance = acces.en_cours(request, cle)
        if assistance is None:
            return _finie(request, cle)
        _devenir(request, assistance)
        with identite.agir(VISITEUR):
            if request.method not in METHODES_SURES:
                return refuser(request)
            with transaction.atomic():
                with connection.cursor() as curseur:
                    curseur.execute("SET TRANSACTION READ ONLY")
                return self.suite(request)

    def process_view(
        self, request: Requete, vue: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        """What proves who somebody is stays theirs: telephone, codes."""
        return refuser(request) if request.assistance and getattr(vue, "avant_confirmation", False) else None

    def process_exception(self, request: Requete, exception: Exception) -> HttpResponse | None:
        """A page that writes when it is only read, and that PostgreSQL stopped."""
        ecrivait = isinstance(exception, InternalError) and isinstance(exception.__cause__, ReadOnlySqlTransaction)
        return refuser(request) if request.assistance and ecrivait else None


def refuser(request: Requete) -> HttpResponse:
    """403: under assistance one looks, and touches nothing."""
    return render(request, "comptes/assistance/refus.html", {"textes": erreurs.textes_ecrits(request)}, status=403)


def _devenir(request: Requete, assistance: Assistance) -> None:
    """The page is made for the person helped; the session stays the helper's."""
    adhesion = acces.adhesion_aidee(assistance)
    request.assistance = assistance
    request.user, request.adhesion, request.adhesions = adhesion.utilisateur, adhesion, [adhesion]
    request.contexte = contexte_de(adhesion)


def _finie(request: Requete, cle: str) -> HttpResponse:
    """Out of time, ended by the other, or a role was lost: back to oneself, and nothing that was asked is done."""
    del request.session[CLE_SESSION]
    with suppress(DejaFait):
        actions.terminer(SYSTEME, UUID(cle), FinAssistance.TERME)
    messages.info(
        request, "L’assistance est finie : vous êtes de nouveau vous-même. Ce qui était demandé n’a pas été fait."
    )
    return redirect("echeances:ma_journee")
