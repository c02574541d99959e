"""The run: each measure in turn, one line each, then the page that keeps them."""

import argparse
import io
import json
import socket

from django.core.management import call_command

from outils.bench import attentes, courrier, course, offres, page, poids, requetes
from outils.bench.mesure import Mesure
from raccord.demo import serveur
from raccord.demo.generateur.generation import generer
from raccord.demo.generateur.national import generer_en_masse
from raccord.socle.droits import en_proprietaire

GRAINE = 1
HOTE = "127.0.0.1"


def derouler(options: argparse.Namespace) -> int:
    """Everything, or what was asked. The status is 1 when a goal is missed."""
    voulues = set(options.seulement) or {"requetes", "courrier", "attentes", "poids", "offres", "course"}
    mesures: list[Mesure] = []

    def dire(mesure: Mesure) -> None:
        mesures.append(mesure)
        print(json.dumps(mesure.en_json(), ensure_ascii=False), flush=True)

    call_command("preparer_base", verbosity=0, stdout=io.StringIO())
    serveur.rassembler_statiques()
    if "requetes" in voulues:
        for mesure in requetes.mesurer():
            dire(mesure)
    if "courrier" in voulues:
        dire(courrier.mesurer(HOTE, _port_libre()))
    if "attentes" in voulues:
        with en_proprietaire():  # the waits are made and swept; the ladder acts in its own name
            dire(attentes.mesurer())
    if voulues & {"poids", "offres", "course"}:
        _avec_serveur(voulues, options.offres, dire)
    if not options.sans_page and not options.seulement:
        page.ecrire(mesures, options.offres)
    return 0 if all(mesure.atteint for mesure in mesures) else 1


def _avec_serveur(voulues: set[str], nombre: int, dire: "page.Dire") -> None:
    """What needs the real server: gunicorn as `raccord demo` runs it, on a free port of this machine."""
    with en_proprietaire():
        generer(GRAINE)
        generer_en_masse(GRAINE, offres=nombre)
    port = _port_libre()
    groupe = serveur.Groupe(serveur.environnement(f"http://{HOTE}:{port}") | {"RACCORD_NIVEAU_TRACES": "ERROR"})
    try:
        groupe.lancer_serveur(HOTE, port)
        if "poids" in voulues:
            dire(poids.mesurer(HOTE, port))
        if "offres" in voulues:
            for mesure in offres.mesurer(HOTE, port):
                dire(mesure)
        if "course" in voulues:
            with en_proprietaire():  # two hundred young people are made, the result is counted
                for mesure in course.mesurer(HOTE, port):
                    dire(mesure)
    finally:
        groupe.arreter()


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind((HOTE, 0))
        return int(prise.getsockname()[1])
