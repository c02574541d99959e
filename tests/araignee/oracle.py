"""Who may read whose identity, asked of the tables alone: nothing here knows `acces` nor the policies of the base.

Decision 0006: an identity opens by a grant in force, to the young person, to whoever signs for a minor. A company
reads the first name alone, from the day a profile is sent until the proposal or the stay ends.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from itertools import count, product
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from raccord.demo.generateur import fictif
from raccord.demo.generateur.troupe import Troupe

IDENTITE = """
    SELECT jeune_id FROM jeunes_accesjeune
    WHERE %(role)s IN ('tuteur', 'partenaire', 'national') AND organisation_id = %(organisation)s
      AND debut <= %(instant)s AND (fin IS NULL OR fin > %(instant)s) AND revoque_le IS NULL
    UNION SELECT %(jeune)s::uuid
    UNION
    SELECT jeune.id FROM jeunes_representantlegal parent JOIN jeunes_jeune jeune ON jeune.id = parent.jeune_id
    WHERE parent.id = %(representant)s AND jeune.date_naissance > %(instant)s::date - interval '18 years'
"""
PRENOM = """
    SELECT reservation.jeune_id FROM parcours_positionnement profil
    JOIN parcours_reservation reservation ON reservation.id = profil.reservation_id
    JOIN parcours_offre offre ON offre.id = reservation.offre_id
    WHERE %(role)s = 'entreprise' AND offre.entreprise_id = %(organisation)s
      AND profil.etat IN ('transmis', 'vu', 'contre_propose', 'rencontre_fixee')
    UNION
    SELECT parcours.jeune_id FROM parcours_parcours parcours JOIN parcours_offre offre ON offre.id = parcours.offre_id
    WHERE %(role)s = 'entreprise' AND offre.entreprise_id = %(organisation)s
      AND parcours.etat IN ('convention_a_signer', 'a_venir', 'en_cours')
"""
MOIS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@dataclass(frozen=True)
class Qui:
    """Who looks."""

    role: str = "visiteur"
    organisation: UUID | None = None
    jeune: UUID | None = None
    representant: UUID | None = None


@contextmanager
def noms_uniques() -> Iterator[None]:
    """A territory in which each name, first name and phone is of one person alone: found on a page, it is theirs."""
    mots = map("".join, product(("Xa", "Zy", "Qo"), ("bu", "ko", "li", "ma", "ne"), ("do", "fi", "gu"), ("va", "ri")))
    suite = [f"{mot}{fin}" for mot in mots for fin in ("", "x", "z", "tt", "ck", "ph")]
    numeros = count(1)

    def baptiser(troupe: Troupe) -> None:
        troupe._noms = list(zip(suite[0::2], suite[1::2], strict=False))

    with (
        mock.patch.object(Troupe, "__post_init__", baptiser),
        mock.patch.object(fictif, "telephone", lambda _: f"+3319900{next(numeros):04d}"),
    ):
        yield


class Oracle:
    """Made once, when the territory has just been told."""

    def __init__(self) -> None:
        self.signes: dict[str, set[tuple[UUID, bool]]] = {}
        for pk, prenom, nom, naissance, telephone, courriel in _lire(
            "SELECT id, prenom, nom, date_naissance, telephone, courriel FROM jeunes_jeune WHERE nom <> ''", {}
        ):
            self._noter(pk, prenom, prenom=True)
            local = f"0{telephone[3:]}" if telephone else ""
            dates = (f"{naissance:%Y-%m-%d}", f"{naissance:%d/%m/%Y}", date_format(naissance, "j F Y"))
            for signe in (
                nom,
                courriel,
                telephone,
                local,
                " ".join(re.findall("..", local)),
                *dates,
            ):
                self._noter(pk, signe)
        self.motif = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.signes))})(?!\w)")

    def _noter(self, pk: UUID, signe: str, *, prenom: bool = False) -> None:
        if signe:
            self.signes.setdefault(signe.lower(), set()).add((pk, prenom))

    def etrangers(self, qui: Qui, contenu: bytes) -> list[str]:
        """Signs of young people whom this person may not recognise, now, in what was answered."""
        trouves = set(self.motif.findall(_texte(contenu)))
        if not trouves:
            return []
        valeurs = vars(qui) | {"instant": timezone.now()}
        identites = {pk for (pk,) in _lire(IDENTITE, valeurs)}
        prenoms = identites | {pk for (pk,) in _lire(PRENOM, valeurs)}
        return sorted(
            signe
            for signe in trouves
            if not any(pk in (prenoms if prenom else identites) for pk, prenom in self.signes[signe])
        )


def _texte(contenu: bytes) -> str:
    """What a reader has: a page, a table, an archive opened."""
    if contenu[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(contenu)) as archive:
            contenu = b"\n".join(archive.read(nom) for nom in archive.namelist())
    return unescape(contenu.decode(errors="ignore")).replace("\xa0", " ").replace("\u202f", " ").lower()


def _lire(requete: str, valeurs: dict[str, Any]) -> list[tuple[Any, ...]]:
    """As the owner would: the doors of `coulisses` are open outside requests."""
    with connection.cursor() as curseur:
        curseur.execute(requete, valeurs)
        return curseur.fetchall()
