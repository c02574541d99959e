"""A nursery of real workers that die where they are told: `python -m tests.pepiniere`, one JSON order a line.

Django is loaded once; each worker is a fork that does one turn of `raccord travailler`, at an instant of its own, and
kills itself (SIGKILL) at a point. The points are patched here: the product holds none. Answers are exit statuses.
"""

import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django
from django.urls import resolve


def mourir(*_: Any, **__: Any) -> None:
    """As `kill -9` would."""
    os.kill(os.getpid(), signal.SIGKILL)


def avant(module: Any, nom: str, fois: int = 1) -> Callable[[], None]:
    """Die when the function is called for the nth time."""
    return _poser(module, nom, fois, au_debut=True)


def apres(module: Any, nom: str, fois: int = 1) -> Callable[[], None]:
    """Die when it has returned for the nth time."""
    return _poser(module, nom, fois, au_debut=False)


def _poser(module: Any, nom: str, fois: int, *, au_debut: bool) -> Callable[[], None]:
    def poser() -> None:
        origine, comptes = getattr(module, nom), [0]

        def faire(*args: Any, **options: Any) -> Any:
            if au_debut:
                compter()
            rendu = origine(*args, **options)
            if not au_debut:
                compter()
            return rendu

        def compter() -> None:
            comptes[0] += 1
            if comptes[0] == fois:
                mourir()

        setattr(module, nom, faire)

    return poser


def points() -> dict[str, Callable[[], None]]:
    """Between any two steps of the worker."""
    from django.db import transaction  # noqa: PLC0415  read once Django is ready, as what follows

    from raccord.echeances import adresses, courriel, echelle, facteur, sms  # noqa: PLC0415

    def en_notant() -> None:
        accepter = facteur._accepter

        def faire(message: Any, suivant: Any) -> bool:
            with transaction.atomic():
                accepter(message, suivant)
                mourir()
            return False

        facteur._accepter = faire

    return {
        "personne": lambda: None,
        "echelon_fait_pas_ecrit": apres(echelle, "_gravir"),
        "echelon_ecrit": apres(echelle, "_monter"),
        "avant_de_prendre": avant(facteur, "_prendre"),
        "reunis_pas_ecrits": apres(facteur, "_reunir"),
        "pris": apres(facteur, "_prendre"),
        "connecte": apres(courriel.Bureau, "_joindre"),
        "accepte": apres(courriel.Bureau, "remettre"),
        "note_pas_ecrit": en_notant,
        "note": apres(facteur, "_accepter"),
        "au_deuxieme": avant(courriel.Bureau, "remettre", 2),
        "accepte_au_troisieme": apres(courriel.Bureau, "remettre", 3),
        "remis_a_plus_tard": avant(facteur, "_reporter"),
        "abandon_pas_ecrit": avant(adresses, "signaler"),
        "abandonne": apres(facteur, "_abandonner"),
        "sms_accepte": apres(sms.Http, "envoyer"),
        "en_rendant": avant(facteur, "_rendre"),
    }


def lancer(ordre: dict[str, Any]) -> int:
    """Fork one worker. Returns its pid."""
    pid = os.fork()
    if pid:
        return pid
    import time_machine  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    points()[ordre["point"]]()
    statut = 1
    try:
        with time_machine.travel(dt.datetime.fromisoformat(ordre["instant"]), tick=True):
            call_command("travailler", "--une-fois", stdout=sys.stderr)
        statut = 0
    finally:
        os._exit(statut)


def main() -> None:
    """Until the end of the input."""
    django.setup()
    points()
    # The daily rounds are no step of a delivery, and what they read would be most of the time spent here.
    import_module("raccord.echeances.tournees").TOURNEES.clear()
    import_module("raccord.echeances.management.commands.travailler")
    resolve("/")
    for ligne in sys.stdin:
        pids = [lancer(ordre) for ordre in json.loads(ligne)]
        statuts = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        sys.stdout.write(json.dumps(statuts) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
