"""One spelling for comparing place names: what people type and what INSEE writes meet here."""

import re
import unicodedata

LONGUEUR_UTILE = 300
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SIGNES = re.compile("[^a-z0-9]+")
_ABREGES = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_NUMERO = re.compile(r"\b0*(\d{1,2})(?:er|e|eme|ieme)?(?: arr(?:t|dt|ondissement)?)?\b")


def normaliser(texte: str) -> str:
    """Lower case, no accents, words of [a-z0-9] separated by one space; 'st' is 'saint', '7e arrondissement' is '7'.

    Never raises; text in another alphabet or made of signs gives ''. Only the first 300 characters count.
    """
    lettres = unicodedata.normalize("NFKD", texte[:LONGUEUR_UTILE].lower().translate(_LIGATURES))
    mots = _SIGNES.sub(" ", _ACCENTS.sub("", lettres)).split()
    return _NUMERO.sub(r"\1", " ".join(_ABREGES.get(mot, mot) for mot in mots))
