"""ODT and DOCX: packed folders, opened with care."""

import io
import re
import struct
import zipfile
import zlib

from raccord.documents.exceptions import ContenuActif, FichierAbime, FichierProtege, FichierTropComplexe

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENTREES_MAX = 1_000
OCTETS_DEPLIES_MAX = 40 * 1024 * 1024
TRANCHE = 64 * 1024
CHIFFRE = 0x1
COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # what office software writes
MALFORME = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, NotImplementedError, OSError)
PRINCIPAL_DOCX = b"wordprocessingml.document.main+xml"
# Macros of Word, of LibreOffice (Basic, Python…), controls and embedded programs.
PROGRAMMES = re.compile(
    r"(vbaproject|vbadata|activex|oleobject|(^|/)basic/|(^|/)scripts/|\.(bin|exe|dll|js|vbs|ps1)$)", re.I
)
REGLAGES_IMPRIMANTE = re.compile(r"^word/printersettings/", re.I)
MACRO_DECLAREE = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.I)
# A template or an object fetched from elsewhere when the text is opened.
APPEL_EXTERIEUR = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode=\"External\")(?=[^>]*/(attachedTemplate|oleObject|frame|subDocument)\")"
    rb"[^>]*Target=\"(https?:|ftp:|\\\\|//|file:////)",
    re.I,
)


def verifier_archive(octets: bytes) -> str:
    """The true type, ODT or DOCX, or nothing when it is another kind of archive.

    Raises FichierAbime, FichierProtege, ContenuActif, FichierTropComplexe. Everything is unpacked once, in
    slices, against one budget: sizes that the archive declares are not believed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return _verifier(archive)
    except MALFORME:
        raise FichierAbime from None
    except RuntimeError:  # zipfile's way of asking for a password
        raise FichierProtege from None


def _verifier(archive: zipfile.ZipFile) -> str:
    entrees = archive.infolist()
    if len(entrees) > ENTREES_MAX:
        raise FichierTropComplexe
    reste = OCTETS_DEPLIES_MAX
    lus: dict[str, bytes] = {}
    for entree in entrees:
        if entree.flag_bits & CHIFFRE:
            raise FichierProtege
        if entree.compress_type not in COMPRESSIONS:
            raise FichierAbime
        lus[entree.filename], reste = _lire(archive, entree, reste)
    genre = _genre(lus)
    if genre:
        _sans_programme(genre, lus)
    return genre


def _sans_programme(genre: str, lus: dict[str, bytes]) -> None:
    for nom, contenu in lus.items():
        if PROGRAMMES.search(nom) and not REGLAGES_IMPRIMANTE.match(nom):
            raise ContenuActif
        if nom.lower().endswith(".rels") and APPEL_EXTERIEUR.search(contenu):
            raise ContenuActif
    if genre == DOCX and MACRO_DECLAREE.search(lus["[Content_Types].xml"]):
        raise ContenuActif
    if genre == ODT and b"encryption-data" in lus.get("META-INF/manifest.xml", b""):
        raise FichierProtege


def _lire(archive: zipfile.ZipFile, entree: zipfile.ZipInfo, reste: int) -> tuple[bytes, int]:
    """One entry, and what is left of the budget."""
    morceaux = []
    with archive.open(entree) as ouvert:
        while morceau := ouvert.read(TRANCHE):
            reste -= len(morceau)
            if reste < 0:
                raise FichierTropComplexe
            morceaux.append(morceau)
    return b"".join(morceaux), reste


def _genre(lus: dict[str, bytes]) -> str:
    if lus.get("mimetype", b"").strip() == ODT.encode() and "content.xml" in lus:
        return ODT
    if PRINCIPAL_DOCX in lus.get("[Content_Types].xml", b"") and "word/document.xml" in lus:
        return DOCX
    if "word/document.xml" in lus and MACRO_DECLAREE.search(lus.get("[Content_Types].xml", b"")):
        raise ContenuActif
    return ""
