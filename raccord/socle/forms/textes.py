"""What is typed, made clean before anything looks at it, and refused in words when it cannot be kept."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from raccord.socle import mots

LONGUEUR_LIGNE = 200
LONGUEUR_TEXTE = 4_000

# Embedding, override and isolate marks can make a text read otherwise than it is; zero-width signs hide in it.
# The zero-width joiner stays: emoji and several scripts need it.
INVISIBLES = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")
CONTROLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def assainir(texte: str) -> str:
    """The same text, composed, with `\\n` line ends and without direction marks."""
    return INVISIBLES.sub("", unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n")))


def sans_controles(valeur: str) -> None:
    """Refuse characters that nobody types and that break letters and files."""
    if CONTROLES.search(valeur):
        raise ValidationError(
            "Ce texte contient un caractère invisible que nous ne pouvons pas garder. "
            "Retapez le passage, ou collez-le sans mise en forme.",
            code="controle",
        )


class LongueurMaximale(MaxLengthValidator):
    """The bound of a text, with both figures."""

    def __init__(self, limite: int) -> None:
        super().__init__(limite)
        self.limite = limite

    def __call__(self, value: Any) -> None:
        if len(value) > self.limite:
            raise ValidationError(
                f"Ce texte est trop long : {mots.nombre_fr(len(value))} caractères, pour "
                f"{mots.nombre_fr(self.limite)} au plus. Rien n’est perdu : raccourcissez-le.",
                code="max_length",
            )
