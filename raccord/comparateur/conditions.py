"""Levels and conditions that comparisons of several fields share."""

from raccord.comparateur.dictionnaires import PALIERS
from raccord.comparateur.modele import Niveau

FREQUENCES = ("très courant", "courant", "assez courant", "assez rare", "rare", "très rare", "presque unique", "unique")
CLASSES = range(len(PALIERS) + 1)


def rares(mot: str, egalite: str, rarete: str, parts: tuple[float, ...], m: float, f: float) -> list[Niveau]:
    """One level per class of rarity of the shared value; u halves twice from one class to the next."""
    return [
        Niveau(
            f"meme_{classe}",
            f"{mot} ({FREQUENCES[classe]})",
            f"{egalite} and {rarete} = {classe}",
            m * parts[classe],
            parts[classe] * 2.0 ** -(5 + 2 * classe),
            f * parts[classe],
        )
        for classe in reversed(CLASSES)
    ]


def absents(*colonnes: str) -> str:
    return " or ".join(f"{c}_l is null or {c}_r is null" for c in colonnes)
