"""Texts that leave the circle: a young person's name never goes out by an oversight of ours."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raccord.jeunes.models import Jeune

LONGUEUR_SIGNIFICATIVE = 2


def _noms(jeune: "Jeune") -> list[str]:
    """First name and name, whole and part by part, as people write them: 'Roy', 'ROY'. Longest first."""
    entiers = [jeune.prenom.strip(), jeune.nom.strip()]
    morceaux = {morceau for entier in entiers for morceau in (entier, *entier.split()) if entier}
    formes = {forme for morceau in morceaux for forme in (morceau, morceau.upper(), morceau[:1].upper() + morceau[1:])}
    return sorted((forme for forme in formes if len(forme) >= LONGUEUR_SIGNIFICATIVE), key=len, reverse=True)


def _motif(jeune: "Jeune") -> re.Pattern[str] | None:
    noms = _noms(jeune)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, noms))})(?!\w)") if noms else None


def nomme(texte: str, jeune: "Jeune | None") -> bool:
    """Whether the text holds the young person's first name or name. Capitals count: 'pierre' is a stone."""
    motif = _motif(jeune) if jeune is not None else None
    return motif is not None and motif.search(texte) is not None


def sans_nom(texte: str, jeune: "Jeune | None") -> str:
    """The same text, 'le jeune' in place of the name: for whoever stands outside the circle."""
    motif = _motif(jeune) if jeune is not None else None
    if motif is None:
        return texte
    return re.sub(r"le jeune(?:[ -]le jeune)+", "le jeune", motif.sub("le jeune", texte))
