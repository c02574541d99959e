"""Whether the tables are those that this version of Raccord expects."""

from django.apps import apps
from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper


def verifier(connexion: BaseDatabaseWrapper) -> None:
    """Raises CommandError when the database, once migrated, lacks a column: another version made it.

    Until a first version is published, migrations are rewritten in place: such a database is made anew.
    """
    with connexion.cursor() as curseur:
        curseur.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema()"
        )
        presentes = {nom for (nom,) in curseur.fetchall()}
    attendues = {
        f"{modele._meta.db_table}.{champ.column}"
        for modele in apps.get_models(include_auto_created=True)
        if modele._meta.managed
        for champ in modele._meta.local_concrete_fields
    }
    if manquantes := sorted(attendues - presentes):
        raise CommandError(
            f"Cette base a été faite par une autre version de Raccord : il lui manque {manquantes[0]}. "
            "Si c'est celle de la démonstration, refaites-la : make propre, puis make demo."
        )
