"""One row, or the refusal that says there is none."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from raccord.socle.exceptions import ObjetDisparu

M = TypeVar("M", bound=Model)
R = TypeVar("R")


def ou_404(lignes: QuerySet[M, R]) -> R:
    """For a page: what somebody may not see is not there. Raises Http404."""
    ligne = lignes.first()
    if ligne is None:
        raise Http404
    return ligne


def ou_disparu(lignes: QuerySet[M, R]) -> R:
    """For an action: what it was to act on is gone. Raises ObjetDisparu."""
    ligne = lignes.first()
    if ligne is None:
        raise ObjetDisparu
    return ligne
