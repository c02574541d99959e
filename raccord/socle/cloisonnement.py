"""Row-level security: what PostgreSQL refuses to show or write, even if a view forgets to ask (decision 0013); and the
history of every row so closed (decision 0017).

Each slice declares its policies in its own `cloisonnement.py`; `preparer-base` applies them as the owner, as often
as one likes. A policy reads the identity of the transaction (`socle.identite`); without identity there is no row.
"""

from dataclasses import dataclass, replace
from typing import LiteralString

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from raccord.socle.histoire import ordres_de

# Read by policies. `raccord_dossiers` is what the machine acts on; `raccord_instant` the application's clock.
SOCLE = (
    """CREATE OR REPLACE FUNCTION public.raccord_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT nullif(current_setting('raccord.role', true), '') $$""",
    """CREATE OR REPLACE FUNCTION public.raccord_id(nom text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT nullif(current_setting('raccord.' || nom, true), '')::uuid $$""",
    """CREATE OR REPLACE FUNCTION public.raccord_dossiers() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT coalesce(nullif(current_setting('raccord.dossiers', true), ''), '{}')::uuid[] $$""",
    """CREATE OR REPLACE FUNCTION public.raccord_instant() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT coalesce(nullif(current_setting('raccord.instant', true), '')::timestamptz, now()) $$""",
)
ORDRES: tuple[LiteralString, ...] = (
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "DROP POLICY IF EXISTS raccord_voir ON {table}",
    "DROP POLICY IF EXISTS raccord_creer ON {table}",
    "DROP POLICY IF EXISTS raccord_changer ON {table}",
    "DROP POLICY IF EXISTS raccord_effacer ON {table}",
    "CREATE POLICY raccord_voir ON {table} FOR SELECT TO {role} USING ({voir})",
    "CREATE POLICY raccord_creer ON {table} FOR INSERT TO {role} WITH CHECK ({creer})",
    "CREATE POLICY raccord_changer ON {table} FOR UPDATE TO {role} USING ({changer})",
    "CREATE POLICY raccord_effacer ON {table} FOR DELETE TO {role} USING ({changer})",
)


@dataclass(frozen=True, kw_only=True)
class Politique:
    """What may be seen of a table and written in it, as SQL conditions on its columns; and what its history keeps.

    `voir`: rows read. `changer`: rows changed, before and after, and removed; those that may be seen unless said
    otherwise. `creer`: rows added; those that may be changed unless said otherwise. `jeune`: whose file the row is of,
    as an SQL expression on the columns of `ligne`, NULL when it is nobody's; no expression, no history. `tues`: columns
    whose former values are not kept; those that are sealed never are.
    """

    modele: type[models.Model]
    voir: LiteralString
    jeune: LiteralString | None
    tues: frozenset[str] = frozenset()
    changer: LiteralString = ""
    creer: LiteralString = ""

    @property
    def table(self) -> str:
        """Its name in the database."""
        return self.modele._meta.db_table


POLITIQUES: dict[str, Politique] = {}
FONCTIONS: list[str] = list(SOCLE)


def declarer(
    modele: type[models.Model],
    *,
    voir: LiteralString,
    jeune: LiteralString,
    changer: LiteralString = "",
    creer: LiteralString = "",
    tues: tuple[str, ...] = (),
) -> None:
    """Register the policy of one confidential table, and how its history finds the young person."""
    politique = Politique(modele=modele, voir=voir, jeune=jeune, changer=changer, creer=creer, tues=frozenset(tues))
    POLITIQUES[politique.table] = politique


def declarer_sans_histoire(modele: type[models.Model], *, voir: LiteralString, creer: LiteralString) -> None:
    """The same for rows that tell nothing of a file and come and go: no history is kept of them (0017 says which ones
    and why). A write still says who and for what reason, or is refused.
    """
    politique = Politique(modele=modele, voir=voir, jeune=None, creer=creer)
    POLITIQUES[politique.table] = politique


def elargir(modele: type[models.Model], ou: LiteralString) -> None:
    """What a slice above adds to the policy of a table below: rows that its own dealings open besides."""
    politique = POLITIQUES[modele._meta.db_table]
    changer: LiteralString = f"({politique.changer}) OR ({ou})" if politique.changer else ""
    creer: LiteralString = f"({politique.creer}) OR ({ou})" if politique.creer else ""
    POLITIQUES[politique.table] = replace(politique, voir=f"({politique.voir}) OR ({ou})", changer=changer, creer=creer)


def ouvrir_a_la_lecture(modele: type[models.Model], ou: LiteralString) -> None:
    """The same, for rows that are read and nothing more: the policy below says who changes them."""
    politique = POLITIQUES[modele._meta.db_table]
    POLITIQUES[politique.table] = replace(politique, voir=f"({politique.voir}) OR ({ou})")


def ensemble(nom: LiteralString, requete: LiteralString) -> None:
    """Register a set of ids that policies name. It reads as the owner: a policy never waits for another."""
    FONCTIONS.append(
        f"CREATE OR REPLACE FUNCTION public.{nom}() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {requete} $$"
    )


def appliquer(connexion: BaseDatabaseWrapper, role: str) -> None:
    """Make the functions, then lock each table and write its policies and its trigger again."""
    with transaction.atomic(using=connexion.alias), connexion.cursor() as curseur:
        for ordre in FONCTIONS:
            curseur.execute(ordre)
        for politique in POLITIQUES.values():
            histoire = ordres_de(politique.modele, politique.jeune, politique.tues)
            for composition in (*_ordres(politique, role), *histoire):
                curseur.execute(composition.as_string(curseur.connection))


def _ordres(politique: Politique, role: str) -> list[sql.Composed]:
    parties = {
        "table": sql.Identifier(politique.table),
        "role": sql.Identifier(role),
        "voir": sql.SQL(politique.voir),
        "changer": sql.SQL(politique.changer or politique.voir),
        "creer": sql.SQL(politique.creer or politique.changer or politique.voir),
    }
    return [sql.SQL(ordre).format(**parties) for ordre in ORDRES]
