"""Trying the doors: what somebody could do who got hold of the application's own database account.

Each confidential table is asked by raw SQL, as the application role, in the name of every kind of stranger. What a
stranger reads, changes, removes or adds is a hole. The role of statistics is tried on every table there is.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

from raccord.comptes.enums import Role
from raccord.socle import identite, statistiques
from raccord.socle.cloisonnement import POLITIQUES
from raccord.socle.contexte import VISITEUR, Contexte

# Not strangers there: the national team follows every process; the machine is the postman, keeps the addresses that
# fail and destroys copies past their day.
FERMEES_AU_NATIONAL = frozenset(
    {
        "documents_document",
        "documents_contenu",
        "echeances_message",
        "jeunes_fichecontexte",
        "jeunes_demanderetrait",
        "parcours_passation",
        "rgpd_copie",
        "rgpd_avertissement",
        "socle_historique",
    }
)
OUVERTES_A: dict[str, frozenset[str]] = {
    Role.NATIONAL: frozenset(POLITIQUES) - FERMEES_AU_NATIONAL,
    Role.SYSTEME: frozenset({"echeances_message", "echeances_adresseenechec", "rgpd_copie"}),
}
# Read and nothing more: how people want to be written to, when a tutor is taken. No name, no young person.
LUES_PAR: dict[str, frozenset[str]] = {Role.SYSTEME: frozenset({"echeances_preference", "parcours_rendezvous"})}
# Anybody's gesture may write a letter.
AJOUT_LIBRE = frozenset({"echeances_message"})
ORDRES_INTERDITS: tuple[LiteralString, ...] = (
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "DROP POLICY raccord_voir ON {table}",
    "TRUNCATE {table}",
)

ORDRES_D_ANALYSTE: tuple[LiteralString, ...] = ("SELECT 1 FROM {}", "DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES")


@dataclass
class Bilan:
    """How many doors were tried, and those that opened, in words without any data."""

    essais: int = 0
    failles: list[str] = field(default_factory=list)
    tables_vides: list[str] = field(default_factory=list)

    def noter(self, faille: str | None) -> None:
        """Count one attempt."""
        self.essais += 1
        if faille:
            self.failles.append(faille)


def etrangers() -> Iterator[tuple[str, Contexte]]:
    """Nobody, then each role in the name of people and organisations that nobody knows."""
    yield "personne", VISITEUR
    for role in Role.values:
        if role != Role.VISITEUR:
            yield (
                f"{role} inconnu",
                Contexte(
                    role=role,
                    utilisateur_id=uuid4(),
                    organisation_id=uuid4(),
                    contact_id=uuid4(),
                    jeune_id=uuid4(),
                    representant_id=uuid4(),
                    academie_id="academie-inconnue",
                ),
            )


def eprouver() -> Bilan:
    """Try everything; nothing stays of it."""
    bilan = Bilan()
    exemples = {table: _exemple(table) for table in POLITIQUES}
    bilan.tables_vides = [table for table, exemple in exemples.items() if exemple is None]
    with _application() as connexion:
        for nom, contexte in etrangers():
            for table, exemple in exemples.items():
                if table in OUVERTES_A.get(contexte.role, ()):
                    continue
                # The machine adds what an import brings: stays that have no young person.
                for geste, ordre, valeurs in _gestes(table, None if contexte.role == Role.SYSTEME else exemple):
                    if geste == "lire" and table in LUES_PAR.get(contexte.role, ()):
                        continue
                    bilan.noter(_essayer(connexion, contexte, ordre, valeurs, f"{nom} : {geste} {table}"))
        for table in POLITIQUES:
            for modele in ORDRES_INTERDITS:
                interdit = sql.SQL(modele).format(table=sql.Identifier(table))
                bilan.noter(_essayer(connexion, VISITEUR, interdit, [], f"application : {modele.split()[0]} {table}"))
    _eprouver_statistiques(bilan)
    return bilan


def _eprouver_statistiques(bilan: Bilan) -> None:
    """It reads each view, and no table: not even those that are confidential to nobody."""
    tables = {modele._meta.db_table for modele in apps.get_models(include_auto_created=True)} | {"django_migrations"}
    with statistiques.connexion() as connexion:
        for vue in statistiques.VUES:
            try:
                connexion.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(statistiques.SCHEMA, vue)))
                bilan.noter(None)
            except psycopg.Error as erreur:
                bilan.noter(f"statistiques : {vue} ne se lit pas, {type(erreur).__name__}")
        for table in sorted(tables):
            for modele in ORDRES_D_ANALYSTE:
                ordre = sql.SQL(modele).format(sql.Identifier("public", table))
                bilan.noter(_essayer(connexion, VISITEUR, ordre, [], f"statistiques : {modele.split()[0]} {table}"))


def _exemple(table: str) -> dict[str, Any] | None:
    """A row that exists, as the owner sees it: to be copied by those who may not."""
    colonnes = _liste(champ.column for champ in POLITIQUES[table].modele._meta.concrete_fields if not champ.generated)
    requete = sql.SQL("SELECT {colonnes} FROM {table} LIMIT 1").format(colonnes=colonnes, table=sql.Identifier(table))
    with connections["proprietaire"].cursor() as curseur:
        curseur.execute(requete.as_string(curseur.connection))
        ligne = curseur.fetchone()
        return dict(zip([colonne[0] for colonne in curseur.description], ligne, strict=True)) if ligne else None


def _liste(colonnes: Iterable[str | None]) -> sql.Composed:
    noms: list[sql.Composable] = [sql.Identifier(str(colonne)) for colonne in colonnes]
    return sql.SQL(", ").join(noms)


def _gestes(table: str, exemple: dict[str, Any] | None) -> Iterator[tuple[str, sql.Composed, list[Any]]]:
    nom, cle = sql.Identifier(table), str(POLITIQUES[table].modele._meta.pk.column)
    yield "lire", sql.SQL("SELECT 1 FROM {}").format(nom), []
    yield "changer", sql.SQL("UPDATE {} SET {cle} = {cle}").format(nom, cle=sql.Identifier(cle)), []
    yield "effacer", sql.SQL("DELETE FROM {}").format(nom), []
    if getattr(POLITIQUES[table].modele, "ecrit_par_la_base", False):
        yield "ajouter", sql.SQL("INSERT INTO {} DEFAULT VALUES").format(nom), []
    elif exemple is not None and table not in AJOUT_LIBRE:
        copie = exemple | {cle: uuid4()}
        colonnes = _liste(copie)
        places = sql.SQL(", ").join(sql.Placeholder() * len(copie))
        yield "ajouter", sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(nom, colonnes, places), list(copie.values())


def _essayer(
    connexion: "psycopg.Connection[Any]", contexte: Contexte, ordre: sql.Composed, valeurs: list[Any], quoi: str
) -> str | None:
    """The hole in words when rows come or go, None when the base said no or had nothing to show."""
    try:
        with connexion.transaction(force_rollback=True):
            curseur = connexion.execute(identite.ORDRE, identite.de(contexte, motif="intrusion").textes())
            curseur = connexion.execute(ordre, valeurs)
            return f"{quoi} : {curseur.rowcount} ligne(s)" if curseur.rowcount != 0 else None
    except psycopg.errors.InsufficientPrivilege:
        return None  # refused by a policy or by a right
    except psycopg.Error as erreur:
        return f"{quoi} : {type(erreur).__name__}"  # stopped by something else: the policy let it through


@contextmanager
def _application() -> Iterator["psycopg.Connection[Any]"]:
    base = settings.DATABASES["default"]
    with psycopg.connect(
        dbname=base["NAME"],
        host=base["HOST"] or None,
        port=base["PORT"] or None,
        user=base["USER"] or None,
        password=base["PASSWORD"] or None,
        autocommit=True,
    ) as connexion:
        yield connexion
