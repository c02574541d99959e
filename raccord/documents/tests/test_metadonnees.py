"""A photo sealed says nothing of where, when and by whom it was taken, and looks the same."""

import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from raccord.documents.actions import ouvrir, sceller
from raccord.documents.controle import controler
from raccord.documents.exceptions import FichierAbime
from raccord.documents.metadonnees import sans_metadonnees
from raccord.documents.models import GenreDocument
from raccord.documents.tests.fichiers import depot, jpeg
from tests.distribution import Distribution

SECRET = b"Camille Essai"
TELEPHONE, AUTEUR, ORIENTATION, GPS = 0x0110, 0x013B, 0x0112, 0x8825


def image() -> Image.Image:
    """Two colours, not square: a turn shows."""
    dessin = Image.new("RGB", (24, 16), "white")
    dessin.paste("navy", (0, 0, 12, 8))
    return dessin


def exif(orientation: int = 1) -> Image.Exif:
    donnees = Image.Exif()
    donnees[TELEPHONE], donnees[AUTEUR], donnees[ORIENTATION] = "Essai Phone", SECRET.decode(), orientation
    donnees.get_ifd(GPS).update({1: "N", 2: (50.0, 41.0, 24.0), 3: "E", 4: (3.0, 10.0, 54.0)})
    return donnees


def photo(genre: str, orientation: int = 1, **options: Any) -> bytes:
    """As a phone makes it: Exif with GPS, a comment, an ICC profile, bytes after the end."""
    sortie = io.BytesIO()
    if genre == "PNG":
        texte = PngInfo()
        texte.add_text("Author", SECRET.decode())
        texte.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        options["pnginfo"] = texte
    else:
        options |= {"comment": SECRET, "quality": 90}
    image().save(sortie, genre, exif=exif(orientation), icc_profile=b"profil de couleurs", **options)
    return sortie.getvalue() + SECRET


def pixels(octets: bytes) -> bytes:
    """As shown: turned the way up that the file says."""
    return ImageOps.exif_transpose(Image.open(io.BytesIO(octets))).tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("genre", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {})],
    ids=["jpeg", "progressif", "png"],
)
def test_la_photo_reste_et_se_tait(genre: str, options: dict[str, Any], orientation: int) -> None:
    octets = photo(genre, orientation, **options)
    propre = sans_metadonnees(octets, f"image/{genre.lower()}")
    for dit in (SECRET, b"Essai Phone", b"GPS", b"tEXt", b"iTXt"):
        assert dit not in propre
    lu = Image.open(io.BytesIO(propre))
    assert not lu.getexif().get_ifd(GPS) and set(lu.getexif()) <= {ORIENTATION}
    assert pixels(propre) == pixels(octets)
    assert lu.info["icc_profile"] == b"profil de couleurs"
    controler(propre, f"photo.{genre.lower()}")
    assert sans_metadonnees(propre, f"image/{genre.lower()}") == propre


def test_ce_qui_est_scelle_est_propre(distribution: Distribution) -> None:
    octets = photo("JPEG", 6)
    document = sceller(
        distribution.tuteur.contexte, distribution.entreprise, GenreDocument.CV, depot(octets, "cv.jpg", "image/jpeg")
    )
    garde = ouvrir(distribution.tuteur.contexte, document)
    assert SECRET not in garde and pixels(garde) == pixels(octets)
    assert document.taille == len(garde) < len(octets)


def test_un_second_marqueur_apres_les_donnees_est_suivi() -> None:
    """A comment between two scans is left out too; a file cut in its data is refused."""
    octets = photo("JPEG", progressive=True)
    balayage = octets.rindex(b"\xff\xda")
    commentaire = b"\xff\xfe" + struct.pack(">H", len(SECRET) + 2) + SECRET
    assert SECRET not in sans_metadonnees(octets[:balayage] + commentaire + octets[balayage:], "image/jpeg")
    with pytest.raises(FichierAbime):
        sans_metadonnees(octets[: balayage + 10], "image/jpeg")


def test_les_autres_fichiers_ne_changent_pas() -> None:
    assert sans_metadonnees(b"%PDF-1.7 Exif", "application/pdf") == b"%PDF-1.7 Exif"
    assert sans_metadonnees(jpeg(), "image/jpeg") == jpeg()


@given(st.binary(max_size=80))
def test_un_exif_insense_ne_casse_rien(charge: bytes) -> None:
    exif_fou = b"Exif\0\0" + b"MM\0*" + charge
    segment = b"\xff\xe1" + struct.pack(">H", len(exif_fou) + 2) + exif_fou
    propre = sans_metadonnees(jpeg()[:2] + segment + jpeg()[2:], "image/jpeg")
    assert len(propre) <= len(jpeg()) + 40
