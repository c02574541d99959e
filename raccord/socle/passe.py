"""The history in words: which row, which columns, what they held, on what occasion. Read by a page and by copies."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from raccord.socle import mots
from raccord.socle.donnees_personnelles import libelle

# Why, in words, for each reason that `socle.identite` may be told; each slice adds its own in its `motifs`.
MOTIFS: dict[str, str] = {"preparer_base": "Mise à jour de Raccord", "outils": "Outil de la machine"}


def motif_en_mots(motif: str) -> str:
    """'Dossier modifié' for 'jeunes:modifier'."""
    return MOTIFS.get(motif, "Autre geste")


def modele_de(table: str) -> type[models.Model] | None:
    """Whose table it is; nothing for one that is no more."""
    return next(
        (modele for modele in apps.get_models(include_auto_created=True) if modele._meta.db_table == table), None
    )


def table_en_mots(table: str) -> str:
    """'créneau'."""
    modele = modele_de(table)
    return str(modele._meta.verbose_name) if modele else table


def champ_du(modele: type[models.Model], colonne: str) -> "models.Field[Any, Any] | None":
    """The field behind a column; nothing for one that is no more."""
    return next((champ for champ in modele._meta.concrete_fields if champ.column == colonne), None)


def colonne_en_mots(table: str, colonne: str) -> str:
    """'date de naissance'."""
    modele = modele_de(table)
    champ = champ_du(modele, colonne) if modele else None
    return libelle(modele, champ.name) if modele and champ else colonne


def valeur_en_mots(table: str, colonne: str, valeur: Any, noms: Mapping[str, str] | None = None) -> str | None:
    """What a column held; `noms` says who or what an id is. Nothing for what says nothing to a reader."""
    modele = modele_de(table)
    champ = champ_du(modele, colonne) if modele else None
    if champ is None:
        return None
    if champ.is_relation or isinstance(champ, models.UUIDField | models.JSONField | models.BinaryField):
        return "vide" if valeur is None else (noms or {}).get(str(valeur))
    if valeur in (None, "", []):
        return "vide"
    if isinstance(champ, ArrayField):
        if isinstance(champ.base_field, models.UUIDField):
            return None
        choix = dict(champ.base_field.flatchoices)
        return ", ".join(str(choix.get(element, element)) for element in valeur)
    if champ.flatchoices:
        return str(dict(champ.flatchoices).get(valeur, valeur))
    return en_mots(champ.to_python(valeur))


def avant_en_mots(table: str, avant: Mapping[str, Any]) -> str:
    """'téléphone : 06 11 22 33 44 ; profil : vide'."""
    dits = ((colonne, valeur_en_mots(table, colonne, valeur)) for colonne, valeur in avant.items())
    return " ; ".join(f"{colonne_en_mots(table, colonne)} : {mot}" for colonne, mot in dits if mot)


def en_mots(valeur: Any) -> str:
    """A value as a person reads it."""
    if isinstance(valeur, bool):
        return mots.oui_non(valeur)
    if isinstance(valeur, dt.datetime):
        return mots.moment_fr(valeur)
    if isinstance(valeur, dt.date):
        return mots.date_fr(valeur)
    if isinstance(valeur, Decimal | float):
        return mots.nombre_fr(valeur)
    if isinstance(valeur, dt.time):
        return mots.heure_fr(valeur)
    return str(valeur)
