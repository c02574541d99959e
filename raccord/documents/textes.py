"""A text kept encrypted in its row: `aide = TexteScelle()` reads and writes the binary column `aide_scelle`."""

from typing import Any

from raccord.socle import scellage

# Every encrypted text, with its model: what a change of key must seal again.
TEXTES: list[tuple[type[Any], "TexteScelle"]] = []


class TexteScelle:
    """Sealed as files are (AES-GCM), bound to its model, its column, its row and the columns named by `lie_a`: copied
    under another row, or with its row given to somebody else, it does not open. Reading raises ScellementRompu or
    CleInconnue. An empty text is an empty column.
    """

    def __init__(self, *lie_a: str) -> None:
        self.lie_a = lie_a

    def __set_name__(self, modele: type[Any], nom: str) -> None:
        self.nom, self.colonne = nom, f"{nom}_scelle"
        TEXTES.append((modele, self))

    def __get__(self, objet: Any, modele: type[Any] | None = None) -> str:
        if objet is None:
            raise AttributeError(self.nom)
        scelle = bytes(getattr(objet, self.colonne))
        return scellage.desceller(scelle, self.associe(objet)).decode() if scelle else ""

    def __set__(self, objet: Any, texte: str) -> None:
        setattr(objet, self.colonne, scellage.sceller(texte.encode(), self.associe(objet)) if texte else b"")

    def associe(self, objet: Any) -> bytes:
        """What a row's text is bound to."""
        lies = (getattr(objet, nom) for nom in self.lie_a)
        return "|".join(map(str, (objet._meta.label_lower, self.nom, objet.pk, *lies))).encode()
