"""Traps set on every test: what must never reach a person's screen."""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.query import MAX_GET_RESULTS, ModelIterable
from django.http import HttpResponse
from django.template import engines
from django.template.base import Node
from django.template.defaulttags import ForNode
from django.test import Client

from tests import coulisses

FORMULAIRE_POST = re.compile(r"<form\b[^>]*\bmethod=[\"']?post\b[^>]*>(.*?)</form>", re.I | re.S)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.I)
ATTRIBUT_INTERDIT = re.compile(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=", re.I)
TITRE = re.compile(r"<title>\s*(\S.*?)\s*</title>", re.I | re.S)
H1 = re.compile(r"<h1\b", re.I)


# A view is one transaction: in a test, which is one already, a savepoint and its end.
TRANSACTION = 2
JETON = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


def texte_de(reponse: Any) -> str:
    """A page as a reader has it: without the random token, in which any two letters may stand side by side."""
    return JETON.sub(r"\1", reponse.content.decode())


class PageDefectueuse(AssertionError):
    """A page that no person should see."""


class VariableAbsente(str):
    """What Django puts in place of an undefined variable: here, a failure that names it, in our templates."""

    __slots__ = ()

    def __contains__(self, morceau: object) -> bool:
        return morceau == "%s"

    def __mod__(self, variable: object) -> str:
        gabarit = _gabarit_en_cours()
        if gabarit and gabarit.startswith(str(settings.PAQUET)):
            raise PageDefectueuse(f"variable de gabarit absente : « {variable} » dans {gabarit}")
        return ""


def _gabarit_en_cours() -> str | None:
    cadre = inspect.currentframe()
    while cadre is not None:
        noeud = cadre.f_locals.get("self")
        if isinstance(noeud, Node) and getattr(noeud, "origin", None):
            return str(noeud.origin)
        cadre = cadre.f_back
    return None


def verifier_page(reponse: HttpResponse) -> None:
    """A POST form has its token, no script nor style is inline, a whole page has a title and one h1."""
    if getattr(reponse, "streaming", False) or "text/html" not in reponse.get("Content-Type", ""):
        return
    html = reponse.content.decode()
    for corps in FORMULAIRE_POST.findall(html):
        if "csrfmiddlewaretoken" not in corps:
            raise PageDefectueuse(f"formulaire sans jeton CSRF : {corps[:200]}")
    for attributs in SCRIPT.findall(html):
        if "src=" not in attributs and "nonce=" not in attributs and "application/json" not in attributs:
            raise PageDefectueuse(f"script en ligne : {attributs[:200]}")
    interdit = ATTRIBUT_INTERDIT.search(html)
    if interdit:
        raise PageDefectueuse(f"attribut en ligne : {interdit.group(0)[:200]}")
    if "<!doctype" in html[:200].lower():
        if not TITRE.search(html):
            raise PageDefectueuse("page sans titre")
        if len(H1.findall(html)) != 1:
            raise PageDefectueuse(f"page avec {len(H1.findall(html))} titre(s) h1")


@contextmanager
def pieges() -> Iterator[None]:
    """Set them all."""
    rendre, demander = ForNode.render, Client.request
    lire, lire_par_cle = ModelIterable.__iter__, QuerySet.in_bulk

    def lire_et_marquer(lecture: Any) -> Iterator[Any]:
        """A list made by the view has lost its query: each row remembers that nothing ordered it, `get()` apart."""
        sans_ordre = not lecture.queryset.ordered and lecture.queryset.query.high_mark != MAX_GET_RESULTS
        for objet in lire(lecture):
            objet.sans_ordre = sans_ordre
            yield objet

    def lire_par_cle_sans_marquer(requete: Any, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """The keys' own order is the one that is shown."""
        trouves = lire_par_cle(requete, *args, **kwargs)
        for objet in trouves.values():
            objet.sans_ordre = False
        return trouves

    def rendre_ordonne(noeud: ForNode, context: Any) -> Any:
        valeurs = noeud.sequence.resolve(context, ignore_failures=True)
        if isinstance(valeurs, QuerySet) and not valeurs.ordered:
            raise PageDefectueuse(f"liste sans ordre montrée à une personne : {valeurs.model.__name__}")
        if isinstance(valeurs, list) and any(getattr(valeur, "sans_ordre", False) for valeur in valeurs):
            raise PageDefectueuse(f"liste sans ordre montrée à une personne : {type(valeurs[0]).__name__}")
        return rendre(noeud, context)

    def demander_et_verifier(client: Client, **requete: Any) -> HttpResponse:
        with coulisses.fermees():
            reponse = demander(client, **requete)
        verifier_page(reponse)
        return reponse

    moteur = engines["django"].engine
    with (
        mock.patch.object(ForNode, "render", rendre_ordonne),
        mock.patch.object(ModelIterable, "__iter__", lire_et_marquer),
        mock.patch.object(QuerySet, "in_bulk", lire_par_cle_sans_marquer),
        mock.patch.object(Client, "request", demander_et_verifier),
        mock.patch.object(moteur, "string_if_invalid", VariableAbsente("%s")),
    ):
        yield
