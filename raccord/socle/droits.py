"""Roles and grants: the owner makes the tables, the application owns nothing and only appends to journals."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from raccord.socle import identite
from raccord.socle.contexte import SYSTEME

# Lasts as long as the connection, which is closed with what it was opened for.
SIGNATURE = "SELECT set_config('raccord.role', %s, false), set_config('raccord.motif', %s, false)"


def creer_base_locale(reglages: dict[str, Any]) -> None:
    """Create the database when the server has none of that name (the embedded server's first start)."""
    adresse = {
        "host": reglages["HOST"],
        "port": reglages["PORT"] or None,
        "user": reglages["USER"] or None,
        "password": reglages["PASSWORD"] or None,
    }
    try:
        with psycopg.connect(dbname=reglages["NAME"], **adresse):
            return
    except psycopg.OperationalError as erreur:
        if "does not exist" not in str(erreur):
            raise
    with psycopg.connect(dbname="postgres", autocommit=True, **adresse) as connexion:
        connexion.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(reglages["NAME"])))


def creer_role(connexion: BaseDatabaseWrapper, role: str, mot_de_passe: str) -> None:
    """Create a role, or set its password again; never superuser, never bypassing row security.

    The owner of a managed server is no superuser: it may give these attributes when it creates a role, not name them
    again afterwards. A role that has them already is refused. Raises ImproperlyConfigured.
    """
    with connexion.cursor() as curseur:
        curseur.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        existe = curseur.fetchone()
        if existe and existe[0]:
            raise ImproperlyConfigured(f"Le rôle {role} passe outre les règles de la base : ôtez-lui ce pouvoir.")
        verbe = "ALTER ROLE {} LOGIN" if existe else "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
        ordre = sql.SQL(f"{verbe} PASSWORD {{}}").format(sql.Identifier(role), sql.Literal(mot_de_passe or None))
        curseur.execute(ordre.as_string(curseur.connection))


def accorder(connexion: BaseDatabaseWrapper, role: str, modeles: Iterable[type[models.Model]]) -> None:
    """Read and write rows on every table, nothing on structure; SELECT and INSERT alone where `ajout_seul`,
    SELECT where triggers write.
    """
    nom = sql.Identifier(role)
    ordres = [
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(nom),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(nom),
        sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(nom),
        sql.SQL("GRANT SELECT ON django_migrations TO {}").format(nom),
    ]
    for modele in modeles:
        droits = "SELECT, INSERT" if getattr(modele, "ajout_seul", False) else "SELECT, INSERT, UPDATE, DELETE"
        if modele._meta.app_label in settings.TRANCHES_DE_REFERENCE or getattr(modele, "ecrit_par_la_base", False):
            droits = "SELECT"
        ordres.append(sql.SQL(f"GRANT {droits} ON {{}} TO {{}}").format(sql.Identifier(modele._meta.db_table), nom))
    with transaction.atomic(using=connexion.alias), connexion.cursor() as curseur:
        for ordre in ordres:
            curseur.execute(ordre.as_string(curseur.connection))


@contextmanager
def en_proprietaire(motif: str = "outils") -> Iterator[None]:
    """The application's connection signs in as the owner: to tell fiction in everybody's name in an empty base.

    Never in a request nor in a task: the owner reads every row. What it writes, in a transaction or not, is the
    machine's, for that reason.
    """
    connexion = connections["default"]
    connexion.close()
    avant, proprietaire = dict(connexion.settings_dict), settings.DATABASES["proprietaire"]
    connexion.settings_dict |= {cle: proprietaire[cle] for cle in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    try:
        with connexion.cursor() as curseur:
            curseur.execute(SIGNATURE, [SYSTEME.role, motif])
        with identite.agir(SYSTEME, motif=motif):
            yield
    finally:
        connexion.close()
        connexion.settings_dict.update(avant)
