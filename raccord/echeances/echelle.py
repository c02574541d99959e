"""Climbing the ladders: what falls due is done once, each rung in its own transaction."""

import datetime as dt
import logging
from collections.abc import Callable
from operator import itemgetter
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from raccord.echeances.attentes import TYPES, a_gravir
from raccord.echeances.boite import en_reunissant, sans_attendre_le_disque
from raccord.echeances.models import Attente, Rappel
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.passe import MOTIFS

TRACES = logging.getLogger("raccord.echelle")
Effet = Callable[[Attente], None]
PAGE = 500
EFFETS: dict[tuple[str, str], Effet] = {}


def echelon(code_attente: str, code_echelon: str) -> Callable[[Effet], Effet]:
    """Register what a rung does; the function receives the wait, locked and still open."""

    def enregistrer(effet: Effet) -> Effet:
        EFFETS[code_attente, code_echelon] = effet
        MOTIFS[f"{code_attente}.{code_echelon}"] = f"Échéance passée : {TYPES[code_attente].action}"
        return effet

    return enregistrer


def relever() -> int:
    """Climb every wait whose ladder must move. Returns how many. Safe to run twice at once.

    Only what is due is read, page after page: a wait that fails is met once, and again at the next round.
    """
    montes, instant = 0, timezone.now()
    page = dues = _dues(instant).filter(code__in=TYPES)
    with en_reunissant(), sans_attendre_le_disque():
        while lignes := list(page[:PAGE]):
            montes += sum(_monter(pk, tuple(fil)) for _, pk, fil in lignes)
            dernier, cle, _ = lignes[-1]
            page = dues.filter(Q(prochain__gt=dernier) | Q(prochain=dernier, pk__gt=cle))
    return montes


def _dues(instant: dt.datetime) -> "QuerySet[Attente, tuple[dt.datetime | None, UUID, list[UUID]]]":
    dues = Attente.objects.filter(close_le__isnull=True, prochain__lte=instant).order_by("prochain", "pk")
    return dues.values_list("prochain", "pk", "fil")


def _monter(attente_id: UUID, fil: tuple[UUID, ...]) -> int:
    try:
        with identite.agir(SYSTEME, dossiers=fil, motif="relever"), transaction.atomic():
            return _gravir(attente_id)
    except Exception:  # one file that fails must not hold back the others; the trace keeps which
        TRACES.exception("échelon en échec", extra={"faits": {"attente": str(attente_id)}})
        return 0


def _gravir(attente_id: UUID) -> int:
    """After a stop several rungs may be due at once: the last one goes, the others are noted and say nothing."""
    instant = timezone.now()
    ouvertes = Attente.objects.select_for_update(skip_locked=True).filter(close_le__isnull=True, prochain__lte=instant)
    attente = ouvertes.filter(pk=attente_id).first()
    if attente is None:
        return 0
    passes = set(attente.rappels.values_list("echelon", flat=True))
    moments = [(barreau.moment(attente), barreau.code) for barreau in a_gravir(attente, passes)]
    dus = [code for moment, code in sorted(moments, key=itemgetter(0)) if moment <= instant]
    suivant = min((moment for moment, _ in moments if moment > instant), default=None)
    Attente.objects.filter(pk=attente_id).update(prochain=suivant)
    if not dus:  # the rule has changed since the wait was opened: not today
        return 0
    dernier = dus[-1]
    Rappel.objects.bulk_create(Rappel(attente=attente, echelon=code, saute=code != dernier) for code in dus)
    identite.pour(f"{attente.code}.{dernier}")
    EFFETS[attente.code, dernier](attente)
    return 1
