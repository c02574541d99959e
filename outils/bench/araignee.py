"""Everybody opens every page and sends every form, then schemathesis plays every address (`tests/araignee`)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from psycopg import sql

from outils.bench.mesure import Mesure
from raccord.socle.cloisonnement import POLITIQUES
from tests import coulisses
from tests.araignee import schema
from tests.araignee.toile import Araignee, Limites, comptes, porteurs, visiteur
from tests.pieges import pieges

LARGES = Limites(pages=3)
COMPTES, PORTEURS, EXEMPLES = 3, 3, 25
# An erasure goes by the owner's own connection, which nothing here undoes; the crawl of the suite sends it.
INDELEBILES = frozenset({"rgpd:effacer"})
ROBOT = "ni panne, ni lien cassé, ni donnée d’autrui"
SCHEMA = "ni panne ni pile d’appels, chaque refus a sa page en français"


def mesurer() -> Iterator[Mesure]:
    """Nothing stays of it. What is wrong is told in words on the error output."""
    # Clients of all kinds, each with its own name for us: a page refused for that would teach nothing.
    with _coulisses(), pieges(), override_settings(ALLOWED_HOSTS=["*"]):
        araignee = Araignee(LARGES, sauf=INDELEBILES)
        araignee.parcourir([visiteur(), *comptes(COMPTES), *porteurs(PORTEURS)])
        for role, compte in araignee.comptes.items():
            valeurs = {"defauts": 0} | compte
            yield Mesure(f"robot, {role}", ROBOT, not valeurs["defauts"], valeurs)
        document = schema.document(araignee.formes, araignee.ailleurs)
        acteurs = [visiteur(), *comptes(1)]
        joues, defauts = schema.eprouver(document, acteurs, EXEMPLES)
        atteint = not defauts and joues["2xx"] > 0
        yield Mesure("schemathesis", SCHEMA, atteint, {**joues, "personnes": len(acteurs), "defauts": len(defauts)})
    for quoi, ou in (araignee.defauts | defauts).items():
        print(f"{quoi}\n    {ou}", file=sys.stderr)


@contextmanager
def _coulisses() -> Iterator[None]:
    """The oracle looks from behind the scenes, by a door that requests do not have and that is taken away again."""
    coulisses.ouvrir(connections["proprietaire"], settings.DATABASES["default"]["USER"])
    connection.close()  # the next one opens behind the scenes
    try:
        yield
    finally:
        connection.close()
        with connections["proprietaire"].cursor() as curseur:
            for table in POLITIQUES:
                ordre = sql.SQL("DROP POLICY coulisses ON {}").format(sql.Identifier(table))
                curseur.execute(ordre.as_string(curseur.connection))
