"""What is kept, what is refused, and the sentence each refusal says."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.documents import bureautique, exceptions
from raccord.documents.controle import OCTETS_MAX, controler
from raccord.documents.tests.fichiers import archive, docx, flux_objets, jpeg, odt, pdf, png
from raccord.socle.exceptions import ErreurMetier

JAVASCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.mark.parametrize(
    ("octets", "nom", "attendu"),
    [
        (pdf(), "cv.pdf", "application/pdf"),
        (pdf(), "CV de Léa 🎉.PDF", "application/pdf"),
        (pdf(b"<< /OpenAction [3 0 R /FitH 500] >>"), "cv.pdf", "application/pdf"),
        (pdf(b"<< /Title (HTML/CSS/JavaScript \\( et /JS \\)) /Author <2F4A53> >>"), "cv.pdf", "application/pdf"),
        (pdf(b"<< /Length 24 >>\nstream\n(Java /JavaScript /JS) Tj\nendstream"), "cv.pdf", "application/pdf"),
        (pdf(flux_objets(b"<< /Title (/JavaScript) >>", b"[1 2 3]", b"/Nom", b"42")), "cv.pdf", "application/pdf"),
        (png(), "photo.png", "image/png"),
        (jpeg(), "photo.jpeg", "image/jpeg"),
        (jpeg() + b"\x00" * 40, "photo.jpg", "image/jpeg"),
        (odt(), "cv.odt", bureautique.ODT),
        (docx(), "lettre.docx", bureautique.DOCX),
        (docx(**{"word/_rels/settings.xml.rels": b'<Relationship Type="x/attachedTemplate" '
                 b'Target="file:///C:/Modeles/CV.dotx" TargetMode="External"/>'}), "cv.docx", bureautique.DOCX),
    ],
)  # fmt: skip
def test_ce_qui_est_garde(octets: bytes, nom: str, attendu: str) -> None:
    assert controler(octets, nom) == attendu


@pytest.mark.parametrize(
    ("octets", "nom", "refus"),
    [
        (b"", "cv.pdf", exceptions.FichierVide),
        (b"%PDF-1.7" + b"0" * OCTETS_MAX, "cv.pdf", exceptions.FichierTropLourd),
        (b"Bonjour", "cv.pdf", exceptions.FormatRefuse),
        (b"MZ\x90\x00" + b"\x00" * 400, "cv.pdf", exceptions.FormatRefuse),
        (b"<html><script>alert(1)</script>", "cv.pdf", exceptions.FormatRefuse),
        (b"GIF89a" + b"\x00" * 40, "cv.gif", exceptions.FormatRefuse),
        (archive({"a.txt": b"x"}), "cv.docx", exceptions.FormatRefuse),
        (pdf(), "cv.docx", exceptions.ExtensionTrompeuse),
        (pdf(), "cv", exceptions.ExtensionTrompeuse),
        (pdf(), "cv.pdf.exe", exceptions.ExtensionTrompeuse),
        (png(), "cv.jpg", exceptions.ExtensionTrompeuse),
        (docx(), "cv.odt", exceptions.ExtensionTrompeuse),
        (pdf()[:-20], "cv.pdf", exceptions.FichierAbime),
        (png()[:-6], "cv.png", exceptions.FichierAbime),
        (png(0, 4), "cv.png", exceptions.FichierAbime),
        (png(60_000, 60_000), "cv.png", exceptions.FichierTropComplexe),
        (jpeg(60_000, 60_000), "cv.jpg", exceptions.FichierTropComplexe),
        (jpeg()[:-2], "cv.jpg", exceptions.FichierAbime),
        (docx()[:-30], "cv.docx", ErreurMetier),
        (odt(**{"Basic/Standard/Module1.xml": b"Sub"}), "cv.odt", exceptions.ContenuActif),
        (odt(**{"Scripts/python/a.py": b"x"}), "cv.odt", exceptions.ContenuActif),
        (odt(**{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "cv.odt", exceptions.FichierProtege),
        (docx(**{"word/vbaProject.bin": b"x"}), "cv.docx", exceptions.ContenuActif),
        (docx(**{"word/embeddings/oleObject1.bin": b"x"}), "cv.docx", exceptions.ContenuActif),
        (docx(types=b'<Default ContentType="application/vnd.ms-office.vbaProject"/>'), "cv.docx",
         exceptions.ContenuActif),
        (docx(**{"word/_rels/settings.xml.rels": b'<Relationship Type="x/attachedTemplate" '
                 b'Target="https://exemple.example/a.dotm" TargetMode="External"/>'}), "cv.docx",
         exceptions.ContenuActif),
        (docx(**{"word/media/zero": b"\0" * (bureautique.OCTETS_DEPLIES_MAX + 1)}), "cv.docx",
         exceptions.FichierTropComplexe),
        (docx(**{f"a{n}": b"" for n in range(bureautique.ENTREES_MAX)}), "cv.docx", exceptions.FichierTropComplexe),
    ],
)  # fmt: skip
def test_ce_qui_est_refuse(octets: bytes, nom: str, refus: type[ErreurMetier]) -> None:
    with pytest.raises(refus) as erreur:
        controler(octets, nom)
    assert str(erreur.value).endswith(".")


@pytest.mark.parametrize(
    "octets",
    [
        pdf(JAVASCRIPT),
        pdf(b"<< /S /J#61vaScript >>"),
        pdf(b"<< /OpenAction << /S /JavaScript /JS 5 0 R >> >>"),
        pdf(b"<< /A << /S /Launch /F (cmd.exe) >> >>"),
        pdf(b"<< /Names << /EmbeddedFiles 7 0 R >> >>"),
        pdf(b"<< /Type /EmbeddedFile /Length 0 >>\nstream\n\nendstream"),
        pdf(b"/JavaScript"),
        pdf(b"<< /Length 90 >>\nstream\n9 0 obj\n" + JAVASCRIPT + b"\nendobj\nendstream"),
        pdf(b"<< /A (une \\( parenth\xe8se) /S % fin ) \n /JavaScript >>"),
        pdf(flux_objets(b"<< /Title (rien) >>", JAVASCRIPT)),
        pdf(flux_objets(b"/JavaScript")),
        pdf(flux_objets(JAVASCRIPT, filtre=b"")),
        pdf(flux_objets(JAVASCRIPT).replace(b"/Type /ObjStm", b"/Type 8 0 R   ")),
        pdf(b"<< /XFA 5 0 R >>"),
    ],
)
def test_un_programme_cache_dans_un_pdf(octets: bytes) -> None:
    with pytest.raises(exceptions.ContenuActif):
        controler(octets, "cv.pdf")


def test_un_objet_que_la_table_va_chercher_dans_un_texte() -> None:
    """The place that the table gives is inside what looks like a string."""
    cache = b"(" + JAVASCRIPT + b")"
    flux = flux_objets(cache, filtre=b"").replace(b"\nstream\n10 0", b"\nstream\n10 1")
    with pytest.raises(exceptions.ContenuActif):
        controler(pdf(flux), "cv.pdf")


@pytest.mark.parametrize(
    "octets",
    [
        pdf(flux_objets(JAVASCRIPT, filtre=b"[/ASCII85Decode /FlateDecode]")),
        pdf(flux_objets(JAVASCRIPT, filtre=b"7 0 R")),
        pdf(flux_objets(JAVASCRIPT, entete=b"/DecodeParms << /Predictor 12 >>")),
        pdf(flux_objets(JAVASCRIPT).replace(b"/First 5", b"/First 5 0 R")),
        pdf(flux_objets(b"<< /A (" + b"0" * 40_000_000 + b") >>")),
        b"%PDF-1.7\n" + b"1 0 obj (" * 500_000 + b"%%EOF",
        b"%PDF-1.7\n" + b"1 0 obj <<" * 400_000 + b"%%EOF",
        b"%PDF-1.7\n" + b"1 0 obj %" * 400_000 + b"%%EOF",
    ],
)
def test_un_pdf_que_l_on_ne_peut_pas_verifier_n_est_pas_garde(octets: bytes) -> None:
    with pytest.raises(exceptions.FichierTropComplexe):
        controler(octets, "cv.pdf")


def test_un_pdf_avec_mot_de_passe() -> None:
    with pytest.raises(exceptions.FichierProtege):
        controler(pdf(queue=b"<< /Root 1 0 R /Encrypt 5 0 R >>"), "cv.pdf")
    with pytest.raises(exceptions.FichierProtege):
        controler(pdf(b"<< /Type /XRef /Encrypt 5 0 R /Length 0 >>\nstream\n\nendstream"), "cv.pdf")


def test_une_archive_chiffree() -> None:
    octets = bytearray(docx())
    place = 0
    for signature, decalage in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = 0
        while (place := octets.find(signature, place)) >= 0:
            octets[place + decalage] |= 1
            place += 4
    with pytest.raises(exceptions.FichierProtege):
        controler(bytes(octets), "cv.docx")


def test_une_archive_qui_ment_sur_sa_taille() -> None:
    """The central directory says ten bytes; what unpacks is far more. Nothing of it is believed."""
    gros = b"\0" * (bureautique.OCTETS_DEPLIES_MAX + 1)
    octets = bytearray(docx(**{"word/media/zero": gros}))
    while (place := octets.find(struct.pack("<I", len(gros)))) >= 0:
        octets[place : place + 4] = struct.pack("<I", 10)
    assert zipfile.is_zipfile(io.BytesIO(bytes(octets)))
    with pytest.raises((exceptions.FichierTropComplexe, exceptions.FichierAbime)):
        controler(bytes(octets), "cv.docx")


@given(st.binary(max_size=600), st.sampled_from([pdf, png, jpeg, odt, docx]), st.integers(0, 400))
def test_n_importe_quoi_donne_une_phrase(bruit: bytes, fabrique, place: int) -> None:  # type: ignore[no-untyped-def]
    """A valid beginning, noise in the middle: kept or refused in words, never an unforeseen error."""
    octets = fabrique()
    melange = octets[:place] + bruit + octets[place + len(bruit) // 2 :]
    for nom in ("cv.pdf", "cv.docx"):
        try:
            controler(melange, nom)
        except ErreurMetier as erreur:
            assert str(erreur)
