"""The run: each measure in turn, one line each, then the page that keeps them."""

import argparse
import io
import json
import socket
from collections.abc import Iterable, Iterator

from django.core.management import call_command

from outils.bench import araignee, attentes, cloisonnement, courrier, course, matrice, offres, page, poids, requetes
from outils.bench.mesure import MESURES, Mesure
from raccord.demo import serveur
from raccord.demo.generateur.generation import generer
from raccord.demo.generateur.national import generer_en_masse
from raccord.socle.droits import en_proprietaire
from tests.araignee.oracle import noms_uniques

GRAINE = 1
HOTE = "127.0.0.1"


def derouler(options: argparse.Namespace) -> int:
    """Everything, or what was asked; what is measured again takes the place of what was. 1 when a goal is missed."""
    mesures: list[Mesure] = []
    call_command("preparer_base", verbosity=0, stdout=io.StringIO())
    serveur.rassembler_statiques()
    memoire = page.Memoire(options.offres)
    for groupe, mesure in _mesurer(set(options.seulement or MESURES), options.offres):
        mesures.append(mesure)
        print(json.dumps(mesure.en_json(), ensure_ascii=False), flush=True)
        if not options.sans_page:
            memoire.garder(groupe, mesure)
    return 0 if all(mesure.atteint for mesure in mesures) else 1


def _mesurer(voulues: set[str], nombre: int) -> Iterator[tuple[str, Mesure]]:
    if "requetes" in voulues:
        yield from _de("requetes", requetes.mesurer())
    if "matrice" in voulues:
        yield "matrice", matrice.mesurer()
    if "courrier" in voulues:
        yield "courrier", courrier.mesurer(HOTE, _port_libre())
    if "attentes" in voulues:
        with en_proprietaire():  # the waits are made and swept; the ladder acts in its own name
            yield "attentes", attentes.mesurer()
    if voulues - {"requetes", "matrice", "courrier", "attentes"}:
        yield from _sur_le_territoire(voulues, nombre)


def _de(groupe: str, mesures: Iterable[Mesure]) -> Iterator[tuple[str, Mesure]]:
    yield from ((groupe, mesure) for mesure in mesures)


def _sur_le_territoire(voulues: set[str], nombre: int) -> Iterator[tuple[str, Mesure]]:
    """The demonstration, every name in it of one person alone; then as many offers as a country has."""
    with en_proprietaire(), noms_uniques():
        generer(GRAINE)
    if "araignee" in voulues:
        yield from _de("araignee", araignee.mesurer())
    with en_proprietaire():
        generer_en_masse(GRAINE, offres=nombre)
    if "cloisonnement" in voulues:  # before the race: the two hundred young people it makes would be copied too
        yield from _de("cloisonnement", cloisonnement.mesurer())
    if voulues & {"poids", "offres", "course"}:
        yield from _avec_serveur(voulues)


def _avec_serveur(voulues: set[str]) -> Iterator[tuple[str, Mesure]]:
    """What needs the real server: gunicorn as `raccord demo` runs it, on a free port of this machine."""
    port = _port_libre()
    groupe = serveur.Groupe(serveur.environnement(f"http://{HOTE}:{port}") | {"RACCORD_NIVEAU_TRACES": "ERROR"})
    try:
        groupe.lancer_serveur(HOTE, port)
        if "poids" in voulues:
            yield "poids", poids.mesurer(HOTE, port)
        if "offres" in voulues:
            yield from _de("offres", offres.mesurer(HOTE, port))
        if "course" in voulues:
            with en_proprietaire():  # two hundred young people are made, the result is counted
                yield from _de("course", course.mesurer(HOTE, port))
    finally:
        groupe.arreter()


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind((HOTE, 0))
        return int(prise.getsockname()[1])
