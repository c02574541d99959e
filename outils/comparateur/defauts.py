"""What happens to a name, a date, a number or an address between a person and a file.

Every function takes the right value and a whole number drawn at random, and returns the wrong one: the same number
always does the same damage.
"""

import unicodedata
from functools import cache

VOISINES = {
    "a": "zqs", "b": "vnh", "c": "xvd", "d": "sfe", "e": "zrd", "f": "dgr", "g": "fhb", "h": "gjn", "i": "uok",
    "j": "hkn", "k": "jli", "l": "kmo", "m": "lp", "n": "bh", "o": "ipl", "p": "om", "q": "as", "r": "etf",
    "s": "qdz", "t": "ryg", "u": "yij", "v": "cbf", "w": "xs", "x": "wc", "y": "tu", "z": "aes",
}  # fmt: skip
OREILLE = [
    ("ph", "f"), ("f", "ph"), ("eau", "o"), ("aud", "aut"), ("ault", "aud"), ("ll", "l"), ("nn", "n"), ("tt", "t"),
    ("ss", "s"), ("rr", "r"), ("mm", "m"), ("th", "t"), ("ck", "k"), ("qu", "k"), ("k", "c"), ("y", "i"), ("i", "y"),
    ("z", "s"), ("s", "z"), ("h", ""), ("ain", "in"), ("in", "ain"), ("en", "an"), ("an", "en"), ("er", "é"),
    ("et", "ey"), ("x", ""), ("oux", "ou"), ("ge", "je"), ("l", "ll"), ("n", "nn"), ("t", "tt"),
    ("ç", "ss"), ("c", "k"), ("e", ""),
]  # fmt: skip
TRANSCRIPTIONS = [
    ("ou", "u"), ("ch", "sh"), ("sh", "ch"), ("kh", "k"), ("dj", "j"), ("ss", "s"), ("gh", "g"), ("aï", "ai"),
    ("y", "i"), ("ben ", "bin "), ("el ", "al "), ("el ", "el-"), ("ben ", "ben"), ("aït ", "ait"), ("ei", "ey"),
    ("oua", "wa"), ("é", "e"), ("q", "k"), ("dd", "d"), ("mm", "m"), ("ï", "i"), ("o", "ou"), ("e", "i"), ("a", "e"),
    ("'", ""), ("ı", "i"), ("ğ", "g"), ("ş", "s"), ("ö", "o"), ("ü", "u"), ("i", "ee"),
]  # fmt: skip
PARTICULES = ("de la ", "de ", "du ", "des ", "d'", "le ", "la ", "da ", "dos ", "ben ", "el ", "del ", "di ", "al ")
SANS_DECOMPOSITION = str.maketrans(
    {"ı": "i", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L"}
)


@cache
def sans_accents(texte: str) -> str:
    """Letters alone."""
    if texte.isascii():
        return texte
    decompose = unicodedata.normalize("NFD", texte.translate(SANS_DECOMPOSITION))
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))


@cache
def capitales(texte: str) -> str:
    """As most registers print a name."""
    return sans_accents(texte).upper()


def frappe(texte: str, hasard: int) -> str:
    """One slip of the fingers: a letter replaced by its neighbour, lost, doubled, added, or two exchanged."""
    if len(texte) < 3:
        return texte
    genre, hasard = hasard % 5, hasard // 5
    rang = 1 + hasard % (len(texte) - 1)
    if hasard % 11 == 0:
        rang = 0
    lettre = sans_accents(texte[rang]).lower()
    voisines = VOISINES.get(lettre, "aeinrst")
    voisine = voisines[hasard // 97 % len(voisines)]
    voisine = voisine.upper() if texte[rang].isupper() else voisine
    if genre == 0:
        return texte[:rang] + voisine + texte[rang + 1 :]
    if genre == 1:
        return texte[:rang] + texte[rang + 1 :]
    if genre == 2:
        return texte[:rang] + texte[rang] + texte[rang:]
    if genre == 3:
        return texte[: rang + 1] + voisine.lower() + texte[rang + 1 :]
    rang = min(max(rang, 1), len(texte) - 2)
    return texte[:rang] + texte[rang + 1] + texte[rang] + texte[rang + 2 :]


def _remplacer(texte: str, regles: list[tuple[str, str]], hasard: int) -> str:
    bas = texte.lower()
    possibles = [(avant, apres) for avant, apres in regles if avant in bas[1:] or (len(avant) > 2 and avant in bas)]
    if not possibles:
        return frappe(texte, hasard)
    avant, apres = possibles[hasard % len(possibles)]
    rang = bas.rfind(avant) if hasard // 64 % 2 else bas.find(avant, 0 if len(avant) > 2 else 1)
    rang = max(rang, 0)
    change = texte[:rang] + apres + texte[rang + len(avant) :]
    change = change[:1].upper() + change[1:]
    return change if len(change) > 1 else texte


def oreille(texte: str, hasard: int) -> str:
    """Written as it was heard."""
    return _remplacer(texte, OREILLE, hasard)


def transcription(texte: str, hasard: int) -> str:
    """Another way to write in our letters a name that comes from others."""
    return _remplacer(texte, TRANSCRIPTIONS, hasard)


def _parties(texte: str) -> tuple[list[str], str]:
    """The halves of a compound name. A particle is no half: « Le Goff » has one part, « Da Silva Ferreira » two."""
    if "-" in texte.strip("-"):
        parties = [partie for partie in texte.split("-") if partie]
        return parties, "-"
    mots, parties, attente = texte.split(" "), [], ""
    for mot in mots:
        attente = f"{attente} {mot}".strip()
        if f"{mot.lower()} " not in PARTICULES and mot.lower() not in {
            "aït",
            "ait",
            "ould",
            "hadj",
            "abdul",
            "saint",
            "lo",
            "della",
            "um",
        }:
            parties.append(attente)
            attente = ""
    if attente:
        parties.append(attente)
    return parties, " "


@cache
def compose(texte: str) -> bool:
    """Whether there is something to cut."""
    return len(_parties(texte)[0]) > 1


def couper(texte: str, hasard: int) -> str:
    """One half of a compound name, the first more often."""
    parties, _ = _parties(texte)
    return parties[-1 if hasard % 10 < 3 else 0]


def inverser(texte: str, hasard: int) -> str:
    """Both halves, the other way round, with one separator or the other."""
    parties, lien = _parties(texte)
    return (" " if hasard % 3 == 0 else lien).join(reversed(parties))


@cache
def a_particule(texte: str) -> bool:
    """Whether the name begins with a particle."""
    return texte.lower().startswith(PARTICULES) and " " in texte.replace("'", " ")


def sans_particule(texte: str, hasard: int) -> str:
    """The particle is lost, stuck, or sent behind."""
    particule = next(p for p in PARTICULES if texte.lower().startswith(p))
    reste = texte[len(particule) :]
    if not reste:
        return texte
    genre = hasard % 4
    if genre == 0:
        return reste[0].upper() + reste[1:]
    if genre == 1:
        return f"{reste[0].upper()}{reste[1:]} ({texte[: len(particule)].strip()})"
    return texte[: len(particule)].strip() + reste[0].lower() + reste[1:]


def jour_et_mois(jour: str, hasard: int) -> str:
    """Day and month exchanged, when the calendar allows it."""
    annee, mois, quantieme = jour.split("-")
    return f"{annee}-{quantieme}-{mois}" if int(quantieme) <= 12 else chiffre_de_date(jour, hasard)


def chiffre_de_date(jour: str, hasard: int) -> str:
    """One figure wrong: the day, the month, the year by one or by ten, always a day that exists."""
    annee, mois, quantieme = (int(part) for part in jour.split("-"))
    genre, hasard = hasard % 10, hasard // 10
    if genre < 5:
        quantieme = 1 + (quantieme - 1 + (1, 10, 2, 20, 9, 3)[hasard % 6]) % 28
    elif genre < 7:
        mois, quantieme = 1 + (mois - 1 + (1, 11, 10, 3)[hasard % 4]) % 12, min(quantieme, 28)
    else:
        annee, quantieme = annee + (-1, 1, -10, -1, 1, -2)[hasard % 6], min(quantieme, 28)
    return f"{annee:04}-{mois:02}-{quantieme:02}"


def ine_faux(ine: str, hasard: int) -> str:
    """A number copied by hand: a figure changed, two exchanged, a letter read as a figure, the end lost, a space."""
    genre, hasard = hasard % 6, hasard // 6
    rang = hasard % 9
    if genre == 0:
        return ine[:rang] + ine[rang + 1] + ine[rang] + ine[rang + 2 :]
    if genre == 1:
        return (
            ine[:9] + ine[9:].translate(str.maketrans("IOSBZG", "105826"))
            if ine[9:].strip("ACDEFHJKLMNPQRTUVWXY")
            else ine[:-1]
        )
    if genre == 2:
        return ine[:10]
    if genre == 3:
        return f"{ine[:3]} {ine[3:6]} {ine[6:]}".lower()
    return ine[:rang] + str((int(ine[rang]) + 1 + hasard // 9 % 8) % 10) + ine[rang + 1 :]


def adresse_autrement(adresse: str, hasard: int) -> str:
    """The same address as somebody else would write it."""
    genre, hasard = hasard % 6, hasard // 6
    if genre == 0:
        for mot, abrege in (
            ("avenue", "av."),
            ("boulevard", "bd"),
            ("chemin", "chem"),
            ("impasse", "imp"),
            ("rue", "r"),
        ):
            if mot in adresse:
                return adresse.replace(mot, abrege)
    if genre == 1:
        return f"{adresse} Bât. {'ABCDEF'[hasard % 6]}"
    if genre == 2:
        return f"Appt {1 + hasard % 60}, {adresse}"
    if genre == 3:
        return adresse.replace(" ", " bis ", 1)
    if genre == 4:
        return adresse.split(" ", 1)[-1]
    return frappe(adresse, hasard)


def tronquer(texte: str, hasard: int) -> str:
    """Cut where an old screen ends."""
    longueur = (8, 10, 12, 15)[hasard % 4]
    return texte[: max(longueur, 4)].rstrip()


def casser(texte: str, hasard: int) -> str:
    """An accent lost between two encodings."""
    return (
        texte.encode().decode("cp1252", "replace") if hasard % 3 else "".join(x if x.isascii() else "?" for x in texte)
    )
