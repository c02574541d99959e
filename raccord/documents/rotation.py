"""Changing the key: what the former keys sealed is sealed again by the present one, one row at a time.

Stopped anywhere, by a kill or a power cut, it goes on where it was: a row says in its header which key sealed it.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from raccord.comptes.models import Telephone
from raccord.documents.actions import associe_a
from raccord.documents.models import Contenu
from raccord.documents.textes import TEXTES
from raccord.socle import scellage


@dataclass(frozen=True, kw_only=True)
class Scelle:
    """A sealed column: where it is, and what each row's bytes are bound to. `en_texte`: kept in base 64."""

    modele: type[models.Model]
    champ: str
    associe: Callable[[Any], bytes]
    en_texte: bool = False

    def lire(self, ligne: Any) -> bytes:
        """What was sealed, as bytes."""
        valeur = getattr(ligne, self.champ)
        return b64decode(valeur) if self.en_texte else bytes(valeur)

    def ecrire(self, ligne: Any, octets: bytes) -> None:
        """The reverse."""
        setattr(ligne, self.champ, b64encode(octets).decode() if self.en_texte else octets)


def scelles() -> list[Scelle]:
    """Files, telephones, then every encrypted text (`documents.textes`)."""
    return [
        Scelle(modele=Contenu, champ="scelle", associe=lambda contenu: associe_a(contenu.document)),
        Scelle(modele=Telephone, champ="key", associe=Telephone.associe, en_texte=True),
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
    if scelle.en_texte:
        # A header of 12 bytes is 16 characters of base 64, no bit shared with what follows.
        return scelle.modele._base_manager.exclude(
            **{f"{scelle.champ}__startswith": b64encode(scellage.entete()).decode()}
        )
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
        octets = scellage.desceller(scelle.lire(ligne), associe)
        scelle.ecrire(ligne, scellage.sceller(octets, associe))
        ligne.save(update_fields=[scelle.champ])
    return 1
