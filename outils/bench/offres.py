"""`/offres/` under twenty clients, beside the bare SQL of the same page under twenty connections."""

import http.client
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from outils.bench.mesure import PATIENCE, Mesure, centile, ensemble, lire
from raccord.parcours.models import Offre

CLIENTS = 20
TOURS = 15
RAPPORT_MAXIMAL = 4
RECHERCHES = {
    "toutes": "/offres/",
    "mots": "/offres/?q=prepare+des+comandes",
    "près de Lyon": "/offres/?lieu=Lyon&rayon=30",
    "mots près de Lille": "/offres/?q=cuisine&lieu=59000&rayon=60",
    "page 40": "/offres/?page=40",
}


def mesurer(hote: str, port: int) -> Iterator[Mesure]:
    """Per search: p50 and p95 of the page, of its SQL alone, and the ratio of the times that all clients took."""
    publiees = Offre.objects.publiques().count()
    analyser()
    for nom, adresse in RECHERCHES.items():
        pages: list[float] = []
        for _ in range(2):  # the first round warms what the workers keep
            pages.clear()
            duree_pages = ensemble([_visiteur(hote, port, adresse, pages) for _ in range(CLIENTS)])
        ordres = _sql_de(adresse)
        lectures: list[float] = []
        duree_sql = ensemble([_lecteur(ordres, lectures) for _ in range(CLIENTS)])
        rapport = round(duree_pages / duree_sql, 2)
        yield Mesure(
            f"offres, {nom}",
            f"rapport au SQL nu d'au plus {RAPPORT_MAXIMAL}",
            rapport <= RAPPORT_MAXIMAL,
            {
                "offres": publiees,
                "clients": CLIENTS,
                "pages": len(pages),
                "p50_ms": centile(pages, 50),
                "p95_ms": centile(pages, 95),
                "pages_par_s": round(len(pages) / duree_pages, 1),
                "requetes": len(ordres),
                "sql_p50_ms": centile(lectures, 50),
                "sql_p95_ms": centile(lectures, 95),
                "rapport": rapport,
            },
        )


def analyser() -> None:
    """As PostgreSQL does by itself some time after many rows were written."""
    with psycopg.connect(**_acces(), autocommit=True) as entretien:
        entretien.execute("VACUUM ANALYZE")


def _visiteur(hote: str, port: int, adresse: str, durees: list[float]) -> Callable[[], None]:
    connexion = http.client.HTTPConnection(hote, port, timeout=PATIENCE)

    def visiter() -> None:
        for _ in range(TOURS):
            durees.append(lire(connexion, adresse, Accept_Encoding="gzip").duree)
        connexion.close()

    return visiter


def _sql_de(adresse: str) -> list[str]:
    """The statements of the page, as sent, once what the process keeps is warm."""
    client = Client(headers={"host": "localhost"})
    client.get(adresse)
    with CaptureQueriesContext(connection) as captees:
        client.get(adresse)
    return [requete["sql"] for requete in captees]


def _lecteur(ordres: list[str], durees: list[float]) -> Callable[[], None]:
    base = psycopg.connect(**_acces(), autocommit=True)

    def interroger() -> None:
        with base, base.cursor() as curseur:
            for _ in range(TOURS):
                debut = time.perf_counter()
                for ordre in ordres:
                    curseur.execute(ordre)
                    if curseur.description:
                        curseur.fetchall()
                durees.append(time.perf_counter() - debut)

    return interroger


def _acces() -> dict[str, Any]:
    base = settings.DATABASES["proprietaire"]
    return {
        "dbname": base["NAME"],
        "host": base["HOST"] or None,
        "port": base["PORT"] or None,
        "user": base["USER"] or None,
        "password": base["PASSWORD"] or None,
    }
