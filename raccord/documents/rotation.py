"""Changing the key: what the former keys sealed is sealed again by the present one, one row at a time.

Stopped anywhere, by a kill or a power cut, it goes on where it was: a row says in its header which key sealed it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from raccord.documents import scellage
from raccord.documents.actions import associe_a
from raccord.documents.models import Contenu
from raccord.documents.textes import TEXTES


@dataclass(frozen=True, kw_only=True)
class Scelle:
    """A sealed column: where it is, and what each row's bytes are bound to."""

    modele: type[models.Model]
    champ: str
    associe: Callable[[Any], bytes]


def scelles() -> list[Scelle]:
    """Files, then every encrypted text (`documents.textes`)."""
    return [
        Scelle(modele=Contenu, champ="scelle", associe=lambda contenu: associe_a(contenu.document)),
        *(Scelle(modele=modele, champ=texte.colonne, associe=texte.associe) for modele, texte in TEXTES),
    ]


def a_tourner() -> int:
    """How many rows another key than the present one has sealed."""
    return sum(_anciens(scelle).count() for scelle in scelles())


def tourner() -> Iterator[int]:
    """Seal again, each row in its own transaction; yields how many are done. Raises CleInconnue, ScellementRompu.

    Runs as the owner: the application's role reads no sealed row without a person's name.
    """
    faits = 0
    for scelle in scelles():
        for cle in _anciens(scelle).order_by("pk").values_list("pk", flat=True):
            faits += _resceller(scelle, cle)
            yield faits


def _anciens(scelle: Scelle) -> "models.QuerySet[Any]":
    """Rows whose header does not name the present key; an empty text has nothing to open."""
    entete = models.Func(models.F(scelle.champ), 1, scellage.OCTETS_ENTETE, function="substring")
    return scelle.modele._base_manager.alias(
        entete=models.ExpressionWrapper(entete, output_field=models.BinaryField())
    ).exclude(entete__in=[scellage.entete(), b""])


def _resceller(scelle: Scelle, cle: Any) -> int:
    with transaction.atomic():
        ligne = _anciens(scelle).select_for_update(of=("self",)).filter(pk=cle).first()
        if ligne is None:  # removed, replaced or sealed again meanwhile
            return 0
        associe = scelle.associe(ligne)
        octets = scellage.desceller(bytes(getattr(ligne, scelle.champ)), associe)
        setattr(ligne, scelle.champ, scellage.sceller(octets, associe))
        ligne.save(update_fields=[scelle.champ])
    return 1
