"""Somebody acts on a screen: do it, and say what became of it. A double click is told kindly: nothing is done twice."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.forms import Formulaire


def presser(request: HttpRequest, geste: Callable[[], object], fait: str) -> None:
    """A plain button. A refusal is said in its own words."""
    try:
        geste()
    except DejaFait as deja:
        messages.info(request, str(deja))
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, fait)


def envoyer(request: HttpRequest, form: Formulaire, geste: Callable[[], object], fait: str) -> bool:
    """A form. False: it is not filled in, or refused, with what is wrong on it: show it. True: done, move on."""
    if not form.is_valid():
        return False
    try:
        geste()
    except DejaFait as deja:
        messages.info(request, str(deja))
    except ErreurMetier as erreur:
        form.refuser(erreur)
        return False
    else:
        messages.success(request, fait)
    return True
