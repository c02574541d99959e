"""Small files of every kind, made by hand: the good and the wicked."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

from raccord.documents.bureautique import DOCX, ODT


def pdf(*objets: bytes, queue: bytes = b"<< /Root 1 0 R >>") -> bytes:
    """A PDF of these objects (numbered from 3), after a catalog and an empty page tree."""
    corps = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", *objets]
    texte = b"%PDF-1.7\n"
    for numero, objet in enumerate(corps, 1):
        texte += b"%d 0 obj\n%s\nendobj\n" % (numero, objet)
    return texte + b"xref\n0 1\ntrailer\n" + queue + b"\nstartxref\n9\n%%EOF\n"


def flux_objets(
    *objets: bytes, entete: bytes = b"", premier: int | None = None, filtre: bytes = b"/FlateDecode"
) -> bytes:
    """An object stream: objects packed and compressed together."""
    table, place = [], 0
    for numero, objet in enumerate(objets, 10):
        table.append(b"%d %d" % (numero, place))
        place += len(objet) + 1
    debut = b" ".join(table) + b"\n"
    brut = debut + b"\n".join(objets)
    plie = zlib.compress(brut) if filtre == b"/FlateDecode" else brut
    return b"<< /Type /ObjStm /N %d /First %d /Length %d %s %s >>\nstream\n%s\nendstream" % (
        len(objets),
        len(debut),
        len(plie),
        b"/Filter " + filtre if filtre else b"",
        entete,
        plie,
    )


def png(largeur: int = 2, hauteur: int = 2) -> bytes:
    def morceau(genre: bytes, donnees: bytes) -> bytes:
        return struct.pack(">I", len(donnees)) + genre + donnees + struct.pack(">I", zlib.crc32(genre + donnees))

    entete = struct.pack(">IIBBBBB", largeur, hauteur, 8, 0, 0, 0, 0)
    donnees = zlib.compress(b"\x00\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + morceau(b"IHDR", entete) + morceau(b"IDAT", donnees) + morceau(b"IEND", b"")


def jpeg(largeur: int = 2, hauteur: int = 2) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    sof = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, hauteur, largeur, 1) + b"\x01\x11\x00"
    sos = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x12\x34"
    return b"\xff\xd8" + app0 + sof + sos + b"\xff\xd9"


def archive(entrees: dict[str, bytes]) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as ecrite:
        for nom, contenu in entrees.items():
            compression = zipfile.ZIP_STORED if nom == "mimetype" else zipfile.ZIP_DEFLATED
            ecrite.writestr(zipfile.ZipInfo(nom), contenu, compression)
    return tampon.getvalue()


def odt(**autres: bytes) -> bytes:
    base = {"mimetype": ODT.encode(), "content.xml": b"<office/>", "META-INF/manifest.xml": b"<manifest/>"}
    return archive(base | autres)


def docx(types: bytes = b"", **autres: bytes) -> bytes:
    declare = b'<Types><Override ContentType="' + DOCX.encode() + b'.main+xml"/>' + types + b"</Types>"
    return archive({"[Content_Types].xml": declare, "word/document.xml": b"<w:document/>"} | autres)


def depot(octets: bytes, nom: str = "Mon CV.pdf", declare: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, octets, declare)
