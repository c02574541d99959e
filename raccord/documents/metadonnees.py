"""A photo says where and when it was taken, and by which phone: all of it is left out before sealing.

The image itself is copied byte for byte, never encoded again. Only what changes how it is shown stays: colours, and the
way up. Works on files whose structure `images` has checked.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

from raccord.documents.exceptions import FichierAbime
from raccord.documents.images import DEBUT_DES_DONNEES, SANS_LONGUEUR, SIGNATURE_PNG

EXIF = b"Exif\0\0"
APP0, APP1, APP2, APP14, APP15, COMMENTAIRE, FIN = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE, 0xD9
REPRISES = frozenset(range(0xD0, 0xD8))
# What a PNG needs to be drawn; text, dates, Exif and unknown chunks are not of it.
MORCEAUX_GARDES = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"pHYs"}) | frozenset(
    {b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT"}
)
ORIENTATION, COURT = 0x0112, 3
DROIT = 1


def sans_metadonnees(octets: bytes, type_mime: str) -> bytes:
    """The same file without what it says of people, places and dates; other kinds of file are returned as they are."""
    nettoyer = NETTOYAGES.get(type_mime)
    return nettoyer(octets) if nettoyer else octets


def _jpeg(octets: bytes) -> bytes:
    """Nothing after the end is kept: phones put a film or a second photo there."""
    garde, orientation = [], DROIT
    for marqueur, segment in _segments(octets):
        contenu = segment[4:]
        if marqueur == APP1 and contenu.startswith(EXIF):
            orientation = _orientation(contenu[len(EXIF) :])
        if _a_garder(marqueur, contenu):
            garde.append(segment)
    exif = EXIF + _exif(orientation)
    redresse = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif if orientation != DROIT else b""
    # Right after the JFIF header when there is one, which must come first.
    tete = 1 if garde and garde[0][1] == APP0 else 0
    return b"\xff\xd8" + b"".join(garde[:tete]) + redresse + b"".join(garde[tete:])


def _a_garder(marqueur: int, contenu: bytes) -> bool:
    """Every segment but the application's and comments; of those, what decides of colours."""
    if marqueur == APP0:
        return contenu.startswith(b"JFIF\0")
    if marqueur == APP2:
        return contenu.startswith(b"ICC_PROFILE\0")
    if marqueur == APP14:
        return contenu.startswith(b"Adobe")
    return not APP0 <= marqueur <= APP15 and marqueur != COMMENTAIRE


def _segments(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker, the compressed data with the scan they follow, to the end of the image."""
    place = 2
    while place + 2 <= len(octets) and octets[place] == 0xFF:
        marqueur = octets[place + 1]
        if marqueur == 0xFF:
            place += 1
            continue
        if marqueur == FIN:
            yield marqueur, octets[place : place + 2]
            return
        if marqueur in SANS_LONGUEUR:
            fin = place + 2
        elif place + 4 <= len(octets):
            fin = place + 2 + int.from_bytes(octets[place + 2 : place + 4])
        else:
            break
        if marqueur == DEBUT_DES_DONNEES:
            fin = _fin_des_donnees(octets, fin)
        yield marqueur, octets[place:fin]
        place = fin
    raise FichierAbime


def _fin_des_donnees(octets: bytes, place: int) -> int:
    """Where the next marker stands: 0xFF in the data is followed by zero or by a restart."""
    while (place := octets.find(0xFF, place)) >= 0 and place + 1 < len(octets):
        if octets[place + 1] != 0 and octets[place + 1] not in REPRISES:
            return place
        place += 2
    raise FichierAbime


def _png(octets: bytes) -> bytes:
    propre, place = [SIGNATURE_PNG], len(SIGNATURE_PNG)
    while place + 12 <= len(octets):
        (longueur,) = struct.unpack_from(">I", octets, place)
        genre, fin = octets[place + 4 : place + 8], place + 12 + longueur
        if genre in MORCEAUX_GARDES:
            propre.append(octets[place:fin])
        elif genre == b"eXIf" and (orientation := _orientation(octets[place + 8 : fin - 4])) != DROIT:
            exif = genre + _exif(orientation)
            propre.append(struct.pack(">I", len(exif) - 4) + exif + struct.pack(">I", zlib.crc32(exif)))
        if genre == b"IEND":
            break
        place = fin
    return b"".join(propre)


NETTOYAGES: dict[str, Callable[[bytes], bytes]] = {"image/jpeg": _jpeg, "image/png": _png}


def _orientation(tiff: bytes) -> int:
    """Which way up an Exif block says the image is, from 1 (straight) to 8; straight when it cannot be read."""
    ordre = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if ordre is None or len(tiff) < 10:
        return DROIT
    (debut,) = struct.unpack_from(f"{ordre}I", tiff, 4)
    if debut + 2 > len(tiff):
        return DROIT
    (nombre,) = struct.unpack_from(f"{ordre}H", tiff, debut)
    for rang in range(nombre):
        place = debut + 2 + 12 * rang
        if place + 12 > len(tiff):
            break
        etiquette, genre, _, valeur = struct.unpack_from(f"{ordre}HHIH", tiff, place)
        if etiquette == ORIENTATION and genre == COURT and 1 <= valeur <= 8:
            return int(valeur)
    return DROIT


def _exif(orientation: int) -> bytes:
    """A TIFF block that says the way up and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, COURT, 1, orientation, 0, 0)
