"""Looking for programs inside a PDF, as its reader would find them.

A reader does not go through the file from top to bottom: it jumps to objects, some of them packed in
compressed object streams, and names may be written with escapes (`/J#61vaScript`). So every object is
read from its own first byte, wherever it stands, strings and comments set aside: a CV may well say
'HTML/JavaScript' in its text.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from raccord.documents.exceptions import ContenuActif, FichierAbime, FichierProtege, FichierTropComplexe

EN_TETE = b"%PDF-"
FIN = b"%%EOF"
FIN_CHERCHEE_DANS = 2048
INTERDITS = frozenset(
    {b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"EF", b"RichMedia", b"XFA", b"GoToE"}
)
EFFORT_MAX = 1_500_000
OCTETS_PAR_EFFORT = 8
OCTETS_DEPLIES_MAX = 30 * 1024 * 1024

OBJET = re.compile(rb"(?<![A-Za-z])obj(?![A-Za-z])")
QUEUE = re.compile(rb"(?<![A-Za-z])trailer(?![A-Za-z])")
ECHAPPEMENT = re.compile(rb"#([0-9A-Fa-f]{2})")
BLANCS = rb"\x00\t\n\x0c\r "
MOT = re.compile(
    rb"(?P<blanc>[" + BLANCS + rb"]+)"
    rb"|(?P<commentaire>%[^\r\n]*)"
    rb"|(?P<texte>\()"
    rb"|(?P<nom>/[^" + BLANCS + rb"()<>\[\]{}/%]*)"
    rb"|(?P<ouvre><<|\[)"
    rb"|(?P<ferme>>>|\])"
    rb"|(?P<hexa><[^>]*>)"
    rb"|(?P<mot>[^" + BLANCS + rb"()<>\[\]{}/%]+)"
    rb"|(?P<reste>.)",
    re.S,
)
AMBIGU = b"?"
A_SAUTER = frozenset({"blanc", "commentaire", "hexa", "reste"})
PARENTHESE = re.compile(rb"\\.|[()]", re.S)
FIN_DE_LIGNE = re.compile(rb"[ \t]*(\r\n|\n|\r)")


@dataclass
class _Objet:
    """Names an object holds, the words that follow them, and where its stream starts."""

    noms: set[bytes] = field(default_factory=set)
    valeurs: dict[bytes, bytes] = field(default_factory=dict)
    flux: int | None = None


class _Lecture:
    """One reading of the file, with what it may still cost: a hostile file cannot hold the server."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.effort = EFFORT_MAX
        self.a_deplier = OCTETS_DEPLIES_MAX

    def mots(self, octets: bytes, place: int) -> Iterator[tuple[str, bytes, int]]:
        """Words from there on: kind, value, place of the end. Strings and comments are stepped over."""
        while (trouve := MOT.match(octets, place)) is not None:
            genre, debut, place = str(trouve.lastgroup), place, trouve.end()
            if genre == "texte":
                place = _fin_du_texte(octets, place)
            self.effort -= 1 + (place - debut) // OCTETS_PAR_EFFORT
            if self.effort < 0:
                raise FichierTropComplexe
            if genre not in A_SAUTER:
                yield genre, trouve.group(), place

    def objet(self, octets: bytes, place: int) -> _Objet:
        """The one object that starts there."""
        lu = _Objet()
        mots = self.mots(octets, place)
        profondeur, nom = 0, b""
        for genre, mot, _ in mots:
            if genre == "nom":
                suivant = ECHAPPEMENT.sub(lambda code: bytes([int(code.group(1), 16)]), mot[1:])
                lu.noms.add(suivant)
                nom = suivant
            elif genre == "mot":
                # Said twice, or by a reference to elsewhere: not a number that can be trusted.
                lu.valeurs[nom] = mot if nom not in lu.valeurs else AMBIGU
            profondeur += {"ouvre": 1, "ferme": -1}.get(genre, 0)
            if profondeur <= 0:
                break
        suite = next(mots, None)
        if suite is not None and suite[:2] == ("mot", b"stream"):
            ligne = FIN_DE_LIGNE.match(octets, suite[2])
            lu.flux = ligne.end() if ligne else suite[2]
        return lu

    def deplier(self, place: int) -> bytes:
        """A compressed object stream, never more than what is allowed in all."""
        decompresseur = zlib.decompressobj()
        try:
            contenu = decompresseur.decompress(self.octets[place:], self.a_deplier)
        except zlib.error:
            raise FichierAbime from None
        self.a_deplier -= len(contenu)
        if self.a_deplier <= 0:
            raise FichierTropComplexe
        return contenu


def _fin_du_texte(octets: bytes, place: int) -> int:
    """The place after the parenthesis that closes a literal string; they nest."""
    profondeur = 1
    for trouve in PARENTHESE.finditer(octets, place):
        profondeur += {b"(": 1, b")": -1}.get(trouve.group(), 0)
        if profondeur == 0:
            return trouve.end()
    return len(octets)


def verifier_pdf(octets: bytes) -> None:
    """Raises FichierAbime, FichierProtege, ContenuActif or FichierTropComplexe; says nothing when all is well."""
    if not octets.startswith(EN_TETE) or FIN not in octets[-FIN_CHERCHEE_DANS:]:
        raise FichierAbime
    lecture = _Lecture(octets)
    for queue in QUEUE.finditer(octets):
        _verifier(lecture.objet(octets, queue.end()))
    for debut in OBJET.finditer(octets):
        objet = lecture.objet(octets, debut.end())
        _verifier(objet)
        # By its keys, not by its /Type, which could be written elsewhere.
        if objet.flux is not None and {b"N", b"First"} <= objet.noms:
            _verifier_objets_plies(lecture, objet, objet.flux)


def _verifier(objet: _Objet) -> None:
    if objet.noms & INTERDITS:
        raise ContenuActif
    if b"Encrypt" in objet.noms:
        raise FichierProtege


def _verifier_objets_plies(lecture: _Lecture, objet: _Objet, flux: int) -> None:
    """Objects packed in a stream: each is read from the place that the stream's own table gives."""
    filtres = {nom for nom in objet.noms if nom.endswith(b"Decode") or nom == b"Crypt"}
    connu = filtres == {b"FlateDecode"} or (not filtres and b"Filter" not in objet.noms)
    premier = objet.valeurs.get(b"First", b"")
    if not connu or b"DecodeParms" in objet.noms or not premier.isdigit():
        raise FichierTropComplexe
    contenu = lecture.deplier(flux) if filtres else lecture.octets[flux:]
    places: list[int] = []
    for genre, mot, fin in lecture.mots(contenu, 0):
        if genre != "mot" or not mot.isdigit() or fin > int(premier):
            break
        places.append(int(premier) + int(mot))
    for place in sorted(set(places[1::2])):
        _verifier(lecture.objet(contenu, place))
