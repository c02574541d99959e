"""The third role: counts and nothing but counts (decision 0019).

Each slice declares its views in its own `statistiques.py`; `preparer-base` makes them again in a schema of their own.
They read as the owner who makes them; the role that reads them has no right on any table. Small groups are hidden in
the view itself: nobody has to remember to.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

SCHEMA = "statistiques"
# Fails closed: without the rule in force nothing is shown.
SEUIL: LiteralString = """
    SELECT (valeur #>> '{}')::integer FROM public.socle_parametre
    WHERE cle = 'secret_statistique' AND portee = '' AND debut <= current_date ORDER BY debut DESC LIMIT 1
"""
# One small group alone would be found by subtraction from a total known elsewhere: the next smallest is hidden too.
MODELE: LiteralString = """
    CREATE VIEW {vue} AS
    WITH compte AS ({requete}),
    regle AS (SELECT ({seuil}) AS seuil),
    range AS (
        SELECT compte.*, seuil,
            count(*) FILTER (WHERE nombre < seuil) OVER () AS petits,
            row_number() OVER (ORDER BY nombre, {groupes}) AS rang
        FROM compte CROSS JOIN regle
    ),
    montre AS (SELECT *, nombre >= seuil AND NOT (petits = 1 AND rang = 2) AS visible FROM range)
    SELECT {groupes}, {mesures}, visible IS NOT TRUE AS masque FROM montre ORDER BY {groupes}
"""


@dataclass(frozen=True, kw_only=True)
class Vue:
    """A table of counts: `requete` gives the columns of `groupes`, `nombre`, then those of `mesures`."""

    nom: LiteralString
    groupes: tuple[LiteralString, ...]
    requete: LiteralString
    mesures: tuple[LiteralString, ...] = ()

    def __post_init__(self) -> None:
        VUES[self.nom] = self


VUES: dict[str, Vue] = {}


def retirer(connexion: BaseDatabaseWrapper) -> None:
    """Before a migration: a view would hold the columns it reads."""
    with connexion.cursor() as curseur:
        curseur.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def appliquer(connexion: BaseDatabaseWrapper, role: str) -> None:
    """Make the views, and let the role read them; it has no other right."""
    lecteur = sql.Identifier(role)
    ordres: list[sql.Composed] = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(lecteur),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM {}").format(lecteur),
        sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)),
        *(_ordre(vue) for vue in VUES.values()),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(SCHEMA), lecteur),
        sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(sql.Identifier(SCHEMA), lecteur),
    ]
    with transaction.atomic(using=connexion.alias):
        retirer(connexion)
        with connexion.cursor() as curseur:
            for ordre in ordres:
                curseur.execute(ordre.as_string(curseur.connection))


def _ordre(vue: Vue) -> sql.Composed:
    virgule = sql.SQL(", ")
    mesures = (
        sql.SQL("CASE WHEN visible THEN {0} END AS {0}").format(sql.Identifier(nom)) for nom in ("nombre", *vue.mesures)
    )
    return sql.SQL(MODELE).format(
        vue=sql.Identifier(SCHEMA, vue.nom),
        requete=sql.SQL(vue.requete),
        seuil=sql.SQL(SEUIL),
        groupes=virgule.join(map(sql.Identifier, vue.groupes)),
        mesures=virgule.join(mesures),
    )


@contextmanager
def connexion() -> Iterator["psycopg.Connection[Any]"]:
    """Signed in as the role of statistics, on the application's database."""
    base = settings.DATABASES["default"]
    with psycopg.connect(
        dbname=base["NAME"],
        host=base["HOST"] or None,
        port=base["PORT"] or None,
        user=settings.STATISTIQUES["USER"],
        password=settings.STATISTIQUES["PASSWORD"] or None,
        autocommit=True,
    ) as ouverte:
        yield ouverte


def en_csv(ouverte: "psycopg.Connection[Any]", nom: str) -> bytes:
    """A view as a spreadsheet opens it; what is hidden is an empty cell, and `masque` says so."""
    curseur = ouverte.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(SCHEMA, nom)))
    sortie = io.StringIO()
    redaction = csv.writer(sortie, delimiter=";")
    redaction.writerow([colonne.name for colonne in curseur.description or ()])
    redaction.writerows([_case(valeur) for valeur in ligne] for ligne in curseur)
    return sortie.getvalue().encode("utf-8-sig")


def _case(valeur: object) -> object:
    return {True: "oui", False: "non"}[valeur] if isinstance(valeur, bool) else valeur
