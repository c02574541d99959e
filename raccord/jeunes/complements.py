"""What the slices above add to young people's pages: `jeunes` may not import them, they plug themselves in here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from raccord.comptes.requete import Requete
from raccord.jeunes.models import Jeune


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Where a young person stands, in words: 'offre réservée'. `url` is the page where it goes on."""

    libelle: str
    ton: str = "neutre"
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the young person's page: a template and what it is fed with."""

    gabarit: str
    contexte: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Geste:
    """A button beside 'Modifier le dossier'."""

    libelle: str
    url: str


# Situations of many young people at once, whatever their number in the same number of queries.
SITUATIONS: list[Callable[[Collection[UUID]], dict[UUID, Situation]]] = []
# Parts of one young person's page, in the order they are shown.
SECTIONS: list[Callable[[Requete, Jeune], Section | None]] = []
# What else may be done with one file, by whoever follows it.
GESTES: list[Callable[[Requete, Jeune], Geste | None]] = []
# Ids of what else belongs to a young person's file: whoever opens its papers is read among the openings.
PIECES: list[Callable[[UUID], Collection[UUID]]] = []


def situations(jeunes: Collection[UUID]) -> dict[UUID, Situation]:
    """What is known of each; nothing for those of whom nobody says anything."""
    trouvees: dict[UUID, Situation] = {}
    for chercher in SITUATIONS:
        trouvees |= chercher(jeunes)
    return trouvees


def sections(request: Requete, jeune: Jeune) -> list[Section]:
    """The parts that have something to show."""
    return [section for composer in SECTIONS if (section := composer(request, jeune)) is not None]


def gestes(request: Requete, jeune: Jeune) -> list[Geste]:
    """Those open to this person."""
    return [geste for proposer in GESTES if (geste := proposer(request, jeune)) is not None]
