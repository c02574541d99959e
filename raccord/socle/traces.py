"""Structured logs: ids and routes, never names, never a link's secret path."""

import datetime as dt
import json
import logging
import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any

from django.http import HttpRequest, HttpResponse

JOURNAL_REQUETES = logging.getLogger("raccord.requetes")
EXTRAS = ("requete", "route", "methode", "statut", "duree_ms", "utilisateur", "organisation", "faits")


class LigneJson(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's message, level and known extras; an exception keeps its type and frames, not its text."""
        ligne: dict[str, Any] = {
            "le": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "nom": record.name,
            "message": record.getMessage(),
        }
        ligne |= {cle: getattr(record, cle) for cle in EXTRAS if hasattr(record, cle)}
        if record.exc_info and record.exc_info[0]:
            ligne["exception"] = record.exc_info[0].__name__
            ligne["pile"] = _pile(record.exc_info[2])
        return json.dumps(ligne, ensure_ascii=False, default=str)


def _pile(trace: TracebackType | None) -> list[str]:
    """File and line of each frame: an exception's text could hold what a person typed."""
    pile = []
    while trace is not None:
        code = trace.tb_frame.f_code
        pile.append(f"{code.co_filename.rsplit('raccord/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return pile[-12:]


def tracer_panne(sender: object, request: HttpRequest | None = None, **_: object) -> None:
    """A defect of ours, with its frames: Django's own log of it would write the path, which may be a secret."""
    resolution = getattr(request, "resolver_match", None)
    JOURNAL_REQUETES.error(
        "panne",
        exc_info=True,
        extra={
            "requete": getattr(request, "identifiant", ""),
            "route": getattr(resolution, "route", ""),
            "methode": getattr(request, "method", ""),
        },
    )


def middleware_requete(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Log each request by its route (the pattern, not the path) with its duration and who by id."""

    def traiter(request: HttpRequest) -> HttpResponse:
        debut = time.monotonic()
        identifiant = uuid.uuid4().hex[:12]
        request.identifiant = identifiant  # type: ignore[attr-defined]  # the 500 page gives it as a reference
        reponse = suite(request)
        route = getattr(request.resolver_match, "route", "") if request.resolver_match else ""
        contexte = getattr(request, "contexte", None)
        JOURNAL_REQUETES.info(
            "requête",
            extra={
                "requete": identifiant,
                "route": route,
                "methode": request.method,
                "statut": reponse.status_code,
                "duree_ms": round((time.monotonic() - debut) * 1000, 1),
                "utilisateur": getattr(contexte, "utilisateur_id", None),
                "organisation": getattr(contexte, "organisation_id", None),
            },
        )
        reponse["X-Requete"] = identifiant
        if request.method == "HEAD" and not reponse.streaming:
            reponse.content = b""  # the server would drop it, with a warning at each probe
        return reponse

    return traiter
