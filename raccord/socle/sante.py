"""`/sante/` for probes: is the database there, does the outbox move, does the worker turn, is there room on disk.

Each check answers a few figures, never a word about anybody. A slice adds its own from its `sante.py` by `verifier`.
"""

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as ErreurBase
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

TRACES = logging.getLogger("raccord.sante")
ESPACE_MINIMAL = 500 * 1024 * 1024  # below, PostgreSQL and the documents are about to stop
MESURE = dict[str, Any]
Verification = Callable[[], MESURE]
VERIFICATIONS: dict[str, Verification] = {}


def verifier(nom: str, verification: Verification) -> None:
    """Add a check: it returns `{"ok": …}` and figures, or raises a database error, which counts as a failure."""
    VERIFICATIONS[nom] = verification


def etat() -> dict[str, MESURE]:
    """Every check's answer; when the database is away, the checks that need it say no at once."""
    mesures = {"base": _essayer("base", _base), "disque": _essayer("disque", _disque)}
    for nom, verification in VERIFICATIONS.items():
        mesures[nom] = _essayer(nom, verification) if mesures["base"]["ok"] else {"ok": False}
    return mesures


@transaction.non_atomic_requests  # a database that is down is answered in words, not by a page that cannot begin
@login_not_required
@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 otherwise. Public, never cached, no data."""
    mesures = etat()
    bien = all(mesure["ok"] for mesure in mesures.values())
    return JsonResponse({"ok": bien, **mesures}, status=200 if bien else 503)


def _essayer(nom: str, verification: Verification) -> MESURE:
    try:
        return verification()
    except (ErreurBase, OSError) as erreur:
        TRACES.warning("vérification en échec", extra={"faits": {"quoi": nom, "cause": type(erreur).__name__}})
        return {"ok": False}


def _base() -> MESURE:
    debut = time.monotonic()
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
    return {"ok": True, "duree_ms": round((time.monotonic() - debut) * 1000, 1)}


def _disque() -> MESURE:
    dossier = Path(settings.DOSSIER_DOCUMENTS)
    present = next(parent for parent in (dossier, *dossier.parents) if parent.exists())
    espace = shutil.disk_usage(present)
    return {"ok": espace.free >= ESPACE_MINIMAL, "libre_pour_cent": round(100 * espace.free / espace.total)}
