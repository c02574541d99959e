"""Climbing the ladders: what falls due is done once, each rung in its own transaction."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from raccord.echeances.attentes import TYPES, Echelon
from raccord.echeances.models import Attente, Rappel
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.passe import MOTIFS

TRACES = logging.getLogger("raccord.echelle")
Effet = Callable[[Attente], None]
EFFETS: dict[tuple[str, str], Effet] = {}


def echelon(code_attente: str, code_echelon: str) -> Callable[[Effet], Effet]:
    """Register what a rung does; the function receives the wait, locked and still open."""

    def enregistrer(effet: Effet) -> Effet:
        EFFETS[code_attente, code_echelon] = effet
        MOTIFS[f"{code_attente}.{code_echelon}"] = f"Échéance passée : {TYPES[code_attente].action}"
        return effet

    return enregistrer


def relever() -> int:
    """Climb every rung that has fallen due on open waits. Returns how many. Safe to run twice at once."""
    montes = 0
    for attente in Attente.objects.ouvertes().filter(code__in=TYPES).prefetch_related("rappels").iterator(500):
        passes = {rappel.echelon for rappel in attente.rappels.all()}
        for barreau in TYPES[attente.code].echelons:
            if barreau.code not in passes and barreau.moment(attente) <= timezone.now():
                montes += _monter(attente, barreau)
    return montes


def _monter(attente: Attente, barreau: Echelon) -> int:
    try:
        motif = f"{attente.code}.{barreau.code}"
        with identite.agir(SYSTEME, dossiers=tuple(attente.fil), motif=motif), transaction.atomic():
            ouverte = (
                Attente.objects.select_for_update(skip_locked=True)
                .filter(pk=attente.pk, close_le__isnull=True)
                .exclude(rappels__echelon=barreau.code)
                .first()
            )
            if ouverte is None:
                return 0
            Rappel.objects.create(attente=ouverte, echelon=barreau.code)
            EFFETS[attente.code, barreau.code](ouverte)
    except Exception:  # one file that fails must not hold back the others; the trace keeps which
        TRACES.exception("échelon en échec", extra={"faits": {"attente": str(attente.pk), "echelon": barreau.code}})
        return 0
    return 1
