"""schemathesis on our own addresses: an OpenAPI document written from them, then played against the WSGI application.

What a form holds is known from the crawl; where no form was seen, a body of any words. Path arguments are ids that
exist, or anything of the type that the converter takes.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from raccord.config.wsgi import application
from tests import coulisses
from tests.araignee.saisies import Ailleurs, Champ
from tests.araignee.toile import Acteur

GRAINE = 3
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
FORMATS = {"email": "email", "date": "date", "datetime-local": "date-time", "time": "time"}
RECHERCHE = ("q", "lieu", "rayon", "page", "ecran", "geste", "suite", "tri", "etat")
FORME = "application/x-www-form-urlencoded"


def document(formes: dict[str, dict[str, Champ]], ailleurs: Ailleurs) -> dict[str, Any]:
    """GET with any search, POST with the fields of its forms; not the addresses that speak to machines."""
    chemins: dict[str, Any] = {}
    for nom, route in _routes(get_resolver(), "", ""):
        arguments = [
            {"name": cle, "in": "path", "required": True, "schema": _argument(genre, cle, ailleurs)}
            for genre, cle in ARGUMENT.findall(route)
        ]
        recherches = [{"name": cle, "in": "query", "schema": {"type": "string"}} for cle in RECHERCHE]
        corps = {"schema": _corps(formes.get(nom, {}))}
        reponses = {"responses": {"default": {"description": "une page"}}}
        chemins["/" + ARGUMENT.sub(r"{\2}", route)] = {
            "get": {"operationId": f"GET {nom}", "parameters": [*arguments, *recherches], **reponses},
            "post": {
                "operationId": f"POST {nom}",
                "parameters": [*arguments, *recherches[:6]],
                "requestBody": {"content": {FORME: corps}},
                **reponses,
            },
        }
    return {"openapi": "3.0.3", "info": {"title": "Raccord", "version": "1"}, "paths": chemins}


def _routes(resolveur: URLResolver, prefixe: str, espace: str) -> Iterator[tuple[str, str]]:
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            suivant = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from _routes(motif, prefixe + str(motif.pattern), suivant)
        elif isinstance(motif, URLPattern) and not espace.startswith("demo:") and motif.name != "sante":
            yield f"{espace}{motif.name}", prefixe + str(motif.pattern)


def _argument(genre: str, cle: str, ailleurs: Ailleurs) -> dict[str, Any]:
    if genre != "uuid":
        return {"type": "integer"} if genre == "int" else {"type": "string", "minLength": 1, "maxLength": 60}
    objet = cle.removesuffix("_id")
    ids = next((siens for table, siens in ailleurs.tables.items() if table.endswith(f"_{objet}")), [])
    au_hasard = {"type": "string", "format": "uuid"}
    return {"anyOf": [{"type": "string", "enum": ids[:40]}, au_hasard]} if ids else au_hasard


def _corps(champs: dict[str, Champ]) -> dict[str, Any]:
    if not champs:
        return {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 5}
    return {"type": "object", "properties": {nom: _champ(champ) for nom, champ in champs.items()}}


def _champ(champ: Champ) -> dict[str, Any]:
    libre: dict[str, Any] = {"type": "string", "maxLength": 300}
    if champ.genre in FORMATS:
        return {"anyOf": [{"type": "string", "format": FORMATS[champ.genre]}, libre]}
    if champ.genre == "number":
        return {"anyOf": [{"type": "integer"}, {"type": "number"}, libre]}
    connus = list(dict.fromkeys([*champ.choix, *champ.valeurs]))
    return {"anyOf": [{"type": "string", "enum": connus}, libre]} if connus else libre


def eprouver(schema: dict[str, Any], acteurs: Iterable[Acteur], exemples: int) -> tuple[Counter[str], dict[str, str]]:
    """Play each operation so many times, as somebody drawn from these people. What was tried, what is wrong."""
    charge = schemathesis.openapi.from_dict(schema)
    charge.app = application
    compte, defauts, gens = Counter[str](), dict[str, str](), list(acteurs)
    for resultat in charge.get_all_operations():
        if not isinstance(resultat, Ok):
            raise TypeError(f"document OpenAPI refusé : {resultat.err()}")
        operation = resultat.ok()
        compte["operations"] += 1
        bons = operation.as_strategy()
        mauvais = operation.as_strategy(GenerationMode.NEGATIVE)

        @seed(GRAINE)
        @settings(
            max_examples=exemples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(cas=st.one_of(bons, mauvais), qui=st.sampled_from(gens))
        def jouer(cas: schemathesis.Case, qui: Acteur) -> None:
            compte["requetes"] += 1
            statut, faute = _jouer(cas, qui)
            compte[f"{statut // 100}xx"] += 1
            if faute:
                defauts.setdefault(
                    f"{cas.operation.definition.raw['operationId']} : {faute}", f"{qui.nom} {cas.body!r}"
                )

        jouer()
    return compte, defauts


@contextmanager
def _une_seule_connexion() -> Iterator[None]:
    """As Django's own test client does: a request does not close the connection of the transaction that undoes it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _jouer(cas: schemathesis.Case, qui: Acteur) -> tuple[int, str]:
    """One request under the product's policies, undone."""
    jeton = _get_new_csrf_string()
    temoins = {nom: morceau.value for nom, morceau in qui.client.cookies.items()} | {"csrftoken": jeton}
    pannes: list[str] = []

    def noter(sender: object, **_: object) -> None:
        pannes.append(repr(sys.exc_info()[1]))

    got_request_exception.connect(noter)
    with transaction.atomic():
        try:
            with coulisses.fermees(), _une_seule_connexion():
                reponse = cas.call(cookies=temoins, headers={"X-CSRFToken": jeton, "Accept-Encoding": "identity"})
        except Exception as panne:  # whatever breaks is what is looked for
            return 500, f"{type(panne).__name__} {panne}"[:300]
        finally:
            got_request_exception.disconnect(noter)
            transaction.set_rollback(True)
    texte = reponse.content.decode(errors="replace")
    if reponse.status_code >= 500:
        return reponse.status_code, f"répond {reponse.status_code}, {' '.join(pannes)[:300]}"
    if "Traceback (most recent call last)" in texte:
        return reponse.status_code, "montre une pile d'appels"
    if reponse.status_code >= 400 and 'lang="fr"' not in texte[:300]:
        return reponse.status_code, f"refuse ({reponse.status_code}) sans page en français"
    return reponse.status_code, ""
