"""Images whose structure is whole and whose size stays reasonable once opened."""

import struct
import zlib

from raccord.documents.exceptions import FichierAbime, FichierTropComplexe

PIXELS_MAX = 60_000_000
SIGNATURE_PNG = b"\x89PNG\r\n\x1a\n"
FIN_JPEG = b"\xff\xd9"
# Markers of a JPEG frame header: SOF0 to SOF15, but DHT (C4), JPG (C8) and DAC (CC).
CADRES_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
DEBUT_DES_DONNEES = 0xDA
SANS_LONGUEUR = frozenset({0x01, *range(0xD0, 0xD9)})


def _surface(largeur: int, hauteur: int) -> None:
    if not largeur or not hauteur:
        raise FichierAbime
    if largeur * hauteur > PIXELS_MAX:
        raise FichierTropComplexe


def verifier_png(octets: bytes) -> None:
    """Every chunk whole, the header first, the end last."""
    place, premier = len(SIGNATURE_PNG), True
    while place + 12 <= len(octets):
        (longueur,) = struct.unpack_from(">I", octets, place)
        genre, fin = octets[place + 4 : place + 8], place + 12 + longueur
        if fin > len(octets):
            break
        (somme,) = struct.unpack_from(">I", octets, fin - 4)
        if zlib.crc32(octets[place + 4 : fin - 4]) != somme or premier != (genre == b"IHDR"):
            break
        if premier:
            _surface(*struct.unpack_from(">II", octets, place + 8))
        if genre == b"IEND":
            return
        place, premier = fin, False
    raise FichierAbime


def verifier_jpeg(octets: bytes) -> None:
    """Segments that follow one another, a frame, data, an end. Phones may add bytes after the end."""
    place, cadre = 2, False
    while place + 4 <= len(octets) and octets[place] == 0xFF:
        marqueur = octets[place + 1]
        if marqueur == 0xFF or marqueur in SANS_LONGUEUR:
            place += 1 if marqueur == 0xFF else 2
            continue
        (longueur,) = struct.unpack_from(">H", octets, place + 2)
        if marqueur in CADRES_JPEG and place + 9 <= len(octets):
            hauteur, largeur = struct.unpack_from(">HH", octets, place + 5)
            _surface(largeur, hauteur)
            cadre = True
        if marqueur == DEBUT_DES_DONNEES:
            if cadre and FIN_JPEG in octets[place:]:
                return
            break
        if longueur < 2:
            break
        place += 2 + longueur
    raise FichierAbime
