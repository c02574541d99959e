"""What was changed in a young person's file, one gesture at a time, as their tutor reads it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from raccord.comptes.models import Organisation, Utilisateur
from raccord.comptes.noms import nommer
from raccord.jeunes.models import Jeune
from raccord.socle import passe
from raccord.socle.models import Historique
from raccord.territoires.models import Commune

# Of whom, and whose row it is: the page says it already.
SANS_INTERET = frozenset({"id", "jeune_id"})
Valeurs = dict[str, Any]


@dataclass(frozen=True)
class Changement:
    """One column: what it held, what it held next; nothing for what is not kept or says nothing."""

    quoi: str
    avant: str | None
    apres: str | None


@dataclass(frozen=True)
class Ligne:
    """One row."""

    geste: str
    quoi: str
    changements: list[Changement]


@dataclass(frozen=True)
class Geste:
    """What one person did at one moment."""

    le: dt.datetime
    qui: str
    pourquoi: str
    lignes: list[Ligne]


def lignes_de(jeune: Jeune) -> QuerySet[Historique]:
    """Latest first. The database shows them to the tutors who follow."""
    return Historique.objects.filter(jeune_id=jeune.pk).order_by("-id")


def gestes(lignes: Sequence[Historique]) -> list[Geste]:
    """The lines of a page, in words: as many queries whatever their number."""
    suites = _suites(lignes)
    noms = _noms(lignes, suites)
    return [
        Geste(le, qui, passe.motif_en_mots(motif), [_ligne(ligne, suites[ligne.pk], noms) for ligne in groupe])
        for (le, qui, motif), groupe in groupby(nommer(lignes, contacts=False), _signature)
    ]


def _signature(ligne: Historique) -> tuple[dt.datetime, str, str]:
    return ligne.le, ligne.auteur, ligne.motif  # type: ignore[attr-defined]  # set by `nommer`


def _ligne(ligne: Historique, suite: Valeurs, noms: dict[str, str]) -> Ligne:
    quoi = "dossier" if ligne.nom_table == Jeune._meta.db_table else ligne.get_nom_table_display()
    changements = [
        Changement(
            passe.colonne_en_mots(ligne.nom_table, colonne),
            _mot(ligne, colonne, ligne.avant, noms),
            _mot(ligne, colonne, suite, noms),
        )
        for colonne in (ligne.colonnes or ligne.avant)
        if colonne not in SANS_INTERET
    ]
    if ligne.geste == Historique.Geste.RETRAIT:
        changements = [changement for changement in changements if changement.avant]
    return Ligne(ligne.get_geste_display(), quoi, changements)


def _mot(ligne: Historique, colonne: str, valeurs: Valeurs, noms: dict[str, str]) -> str | None:
    if colonne not in valeurs:
        return None
    return passe.valeur_en_mots(ligne.nom_table, colonne, valeurs[colonne], noms)


def _suites(lignes: Sequence[Historique]) -> dict[int, Valeurs]:
    """For each line, what its row held after it: what the next line took away, else what it holds now."""
    etats = _actuelles(lignes)
    suites: dict[int, Valeurs] = {}
    if lignes:
        depuis = min(ligne.pk for ligne in lignes)
        touchees = {ligne.ligne_id for ligne in lignes}
        for plus_tard in Historique.objects.filter(ligne_id__in=touchees, pk__gte=depuis).order_by("-id"):
            etat = etats.setdefault((plus_tard.nom_table, plus_tard.ligne_id), {})
            # An erased person's columns are known to have changed: what they held is not.
            connues = {colonne for colonne in plus_tard.colonnes if colonne not in plus_tard.avant}
            suites[plus_tard.pk] = {colonne: etat[colonne] for colonne in plus_tard.colonnes if colonne in etat}
            etat.update(plus_tard.avant)
            for colonne in connues:
                etat.pop(colonne, None)
    return suites


def _actuelles(lignes: Iterable[Historique]) -> dict[tuple[str, UUID], Valeurs]:
    """The rows that changed, as they stand: one query per kind of row."""
    ids: dict[str, set[UUID]] = {}
    for ligne in lignes:
        if ligne.colonnes:
            ids.setdefault(ligne.nom_table, set()).add(ligne.ligne_id)
    trouvees: dict[tuple[str, UUID], Valeurs] = {}
    for table in sorted(ids):
        if (modele := passe.modele_de(table)) is None:
            continue
        champs = [champ for champ in modele._meta.concrete_fields if champ.get_internal_type() != "BinaryField"]
        for objet in modele._base_manager.filter(pk__in=ids[table]).values("pk", *(c.attname for c in champs)):
            trouvees[table, objet["pk"]] = {str(champ.column): objet[champ.attname] for champ in champs}
    return trouvees


def _noms(lignes: Iterable[Historique], suites: dict[int, Valeurs]) -> dict[str, str]:
    """Who and what the ids of these values mean: people of a MLDS, organisations, communes."""
    ids: dict[type[Any], set[str]] = {Utilisateur: set(), Organisation: set(), Commune: set()}
    for ligne in lignes:
        modele = passe.modele_de(ligne.nom_table)
        for colonne in set(ligne.colonnes) | set(ligne.avant):
            champ = passe.champ_du(modele, colonne) if modele else None
            if champ is not None and champ.related_model in ids:
                valeurs = (ligne.avant.get(colonne), suites[ligne.pk].get(colonne))
                ids[champ.related_model].update(str(valeur) for valeur in valeurs if valeur)
    noms = {str(pk): nom for pk, nom in Organisation.objects.filter(pk__in=ids[Organisation]).values_list("pk", "nom")}
    noms |= dict(Commune.objects.filter(pk__in=ids[Commune]).values_list("pk", "nom"))
    for utilisateur in Utilisateur.objects.filter(pk__in=ids[Utilisateur]):
        noms[str(utilisateur.pk)] = utilisateur.nom_complet
    return noms
