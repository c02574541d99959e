"""Opening a session, for as long as the roles of the person allow."""

import datetime as dt

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from raccord.comptes.models import Adhesion, Utilisateur
from raccord.socle.parametres import valeur


def ouvrir(request: HttpRequest, utilisateur: Utilisateur, *, moteur: str | None = None) -> None:
    """Sign in until an instant that nothing puts off: the shortest duration among the roles held."""
    login(request, utilisateur, backend=moteur)
    roles = set(Adhesion.objects.actives().filter(utilisateur=utilisateur).values_list("role", flat=True))
    heures = min(valeur("duree_session", portee=role) for role in roles or {""})
    request.session.set_expiry(timezone.now() + dt.timedelta(hours=heures))
