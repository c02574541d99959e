"""What a file truly is: its size, its content, its name must agree. Nothing is believed of what the browser says."""

import filetype

from raccord.documents.bureautique import DOCX, ODT, verifier_archive
from raccord.documents.exceptions import ExtensionTrompeuse, FichierTropLourd, FichierVide, FormatRefuse
from raccord.documents.images import verifier_jpeg, verifier_png
from raccord.documents.pdf import EN_TETE, verifier_pdf

OCTETS_MAX = 5 * 1024 * 1024
PDF, JPEG, PNG, ZIP = "application/pdf", "image/jpeg", "image/png", "application/zip"
# The first ending is the one the file is given when it is handed out.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
    ODT: ("odt",),
    DOCX: ("docx",),
}
TYPES_ACCEPTES = tuple(extension for extensions in EXTENSIONS.values() for extension in extensions)


def controler(octets: bytes, nom: str) -> str:
    """The file's true MIME type. Raises, each with its sentence, when it cannot be kept (see `exceptions`)."""
    if not octets:
        raise FichierVide
    if len(octets) > OCTETS_MAX:
        raise FichierTropLourd
    type_mime = _type(octets)
    if nom.rpartition(".")[2].lower() not in EXTENSIONS[type_mime]:
        raise ExtensionTrompeuse
    return type_mime


def _type(octets: bytes) -> str:
    """By content, structure checked."""
    devine = str(filetype.guess_mime(octets) or "")
    if devine == PDF or octets.startswith(EN_TETE):
        verifier_pdf(octets)
        return PDF
    if devine == JPEG:
        verifier_jpeg(octets)
        return JPEG
    if devine == PNG:
        verifier_png(octets)
        return PNG
    # `filetype` looks at the first entries only: an office file whose entries stand in another order is just a zip.
    if devine in (ZIP, ODT, DOCX) and (reel := verifier_archive(octets)):
        return reel
    raise FormatRefuse
