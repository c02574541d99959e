"""Pages about a meeting live at the hour of its place: what is typed there and what is read there."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone

from raccord.parcours.models import Offre
from raccord.territoires.fuseaux import fuseau

Vue = Callable[..., HttpResponse]


def _fuseau(**chemin: UUID) -> ZoneInfo:
    departement = Offre.objects.filter(**chemin).values_list("commune__departement_id", flat=True).first()
    return fuseau(departement or "")


def a_l_heure_du_lieu(vue: Vue) -> Vue:
    """For a view whose address names the proposal or the reservation."""

    @wraps(vue)
    def autour(request: Any, **cles: UUID) -> HttpResponse:
        if "positionnement_id" in cles:
            heure = _fuseau(reservations__positionnement=cles["positionnement_id"])
        else:
            heure = _fuseau(reservations=cles["reservation_id"])
        with timezone.override(heure):
            return vue(request, **cles)

    return autour
