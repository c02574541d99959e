"""Sealing and opening: what goes in comes out, for whom, and leaves a trace."""

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from raccord.comptes.models import Organisation
from raccord.documents import acces
from raccord.documents.actions import ouvrir, recopier, retirer, sceller
from raccord.documents.exceptions import FichierTropLourd, FichierVide
from raccord.documents.models import Contenu, Document, GenreDocument
from raccord.documents.tests.fichiers import depot, odt, pdf
from raccord.socle import scellage
from raccord.socle.exceptions import CleInconnue, ErreurMetier, ObjetDisparu, ScellementRompu
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.fabriques_positionnement import prepare


@pytest.fixture
def porteur(distribution: Distribution) -> Organisation:
    """Any row that has a life can own papers."""
    return distribution.entreprise


def test_ce_qui_entre_ressort(distribution: Distribution, porteur: Organisation) -> None:
    octets, contexte = pdf(), distribution.tuteur.contexte
    document = sceller(contexte, porteur, GenreDocument.CV, depot(octets))
    scelle = bytes(Contenu.objects.get().scelle)
    assert octets not in scelle and b"%PDF" not in scelle
    assert (document.type_mime, document.taille, document.depose_par) == (
        "application/pdf",
        len(octets),
        contexte.utilisateur_id,
    )
    assert ouvrir(contexte, document) == octets
    lignes = Journal.objects.du_fil(porteur.pk)
    assert {ligne.verbe for ligne in lignes} == {"document.sceller", "document.ouvrir"}
    assert all(ligne.acteur_id == contexte.utilisateur_id for ligne in lignes)
    assert not lignes.visibles_par("acheteur").exists()
    assert not any(mot in str(ligne.faits) + ligne.texte for ligne in lignes for mot in (porteur.nom, "Mon CV"))


def test_le_meme_genre_est_remplace(distribution: Distribution, porteur: Organisation) -> None:
    contexte = distribution.tuteur.contexte
    premier = sceller(contexte, porteur, GenreDocument.CV, depot(pdf()))
    lettre = sceller(contexte, porteur, GenreDocument.LETTRE, depot(pdf()))
    second = sceller(contexte, porteur, GenreDocument.CV, depot(odt(), "cv.odt"))
    assert set(acces.documents_de(porteur)) == {second, lettre}
    assert Contenu.objects.count() == 2
    with pytest.raises(ObjetDisparu):
        ouvrir(contexte, premier)


@pytest.mark.parametrize("place", [0, 5, 13, 30, -1])
def test_un_octet_change(distribution: Distribution, porteur: Organisation, place: int) -> None:
    """Format, key, nonce, ciphertext, tag: one flipped bit anywhere refuses, with a sentence."""
    document = sceller(distribution.tuteur.contexte, porteur, GenreDocument.CV, depot(pdf()))
    contenu = Contenu.objects.get(document=document)
    octets = bytearray(contenu.scelle)
    octets[place] ^= 1
    Contenu.objects.filter(document=document).update(scelle=bytes(octets))
    with pytest.raises((ScellementRompu, CleInconnue)) as erreur:
        ouvrir(distribution.tuteur.contexte, document)
    assert "joint de nouveau" in str(erreur.value) or "Prévenez" in str(erreur.value)
    assert not Journal.objects.filter(verbe="document.ouvrir").exists()


def test_un_contenu_place_sous_un_autre_document(distribution: Distribution, porteur: Organisation) -> None:
    contexte = distribution.tuteur.contexte
    autre = distribution.tuteur.organisation
    document = sceller(contexte, porteur, GenreDocument.CV, depot(pdf()))
    victime = sceller(contexte, autre, GenreDocument.CV, depot(pdf(b"<< >>")))
    Contenu.objects.filter(document=victime).update(scelle=Contenu.objects.get(document=document).scelle)
    with pytest.raises(ScellementRompu):
        ouvrir(contexte, victime)
    Document.objects.filter(pk=document.pk).update(objet_id=distribution.acheteur.organisation.pk)
    document.refresh_from_db()
    with pytest.raises(ScellementRompu):
        ouvrir(contexte, document)


def test_une_autre_cle(distribution: Distribution, porteur: Organisation, settings) -> None:  # type: ignore[no-untyped-def]
    document = sceller(distribution.tuteur.contexte, porteur, GenreDocument.CV, depot(pdf()))
    settings.CLE_DOCUMENTS = "une-autre-cle-tout-aussi-longue-que-la-premiere"
    with pytest.raises(CleInconnue):
        ouvrir(distribution.tuteur.contexte, document)


@pytest.mark.parametrize(("octets", "refus"), [(b"", FichierVide), (b"%PDF-" + b"0" * 5_300_000, FichierTropLourd)])
def test_un_fichier_refuse_ne_remplace_rien(
    distribution: Distribution, porteur: Organisation, octets: bytes, refus: type[ErreurMetier]
) -> None:
    contexte = distribution.tuteur.contexte
    garde = sceller(contexte, porteur, GenreDocument.CV, depot(pdf()))
    with pytest.raises(refus), transaction.atomic():
        sceller(contexte, porteur, GenreDocument.CV, depot(octets))
    assert acces.documents_de(porteur) == [garde]


def test_recopier_et_retirer(distribution: Distribution, porteur: Organisation) -> None:
    contexte, autre = distribution.tuteur.contexte, distribution.tuteur.organisation
    document = sceller(contexte, porteur, GenreDocument.CV, depot(pdf()))
    copie = recopier(contexte, document, autre)
    retirer(contexte, document)
    retirer(contexte, document)
    assert ouvrir(contexte, copie) == pdf()
    assert acces.documents_de(porteur) == []
    assert Journal.objects.filter(verbe="document.retirer").count() == 1


def test_sans_autorisation_le_fichier_n_existe_pas(
    distribution: Distribution, porteur: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = sceller(distribution.tuteur.contexte, porteur, GenreDocument.CV, depot(pdf()))
    with pytest.raises(Http404):  # nobody registered for this kind of owner
        acces.document_ouvert(distribution.tuteur.contexte, document.pk)
    monkeypatch.setitem(
        acces.AUTORISATIONS, "comptes.organisation", lambda contexte, _: contexte == distribution.tuteur.contexte
    )
    assert acces.document_ouvert(distribution.tuteur.contexte, document.pk) == document
    for autre in (distribution.acheteur, distribution.national, distribution.tuteur_etranger):
        with pytest.raises(Http404):
            acces.document_ouvert(autre.contexte, document.pk)
        assert autre.client().get(f"/documents/{document.pk}/").status_code == 404


def test_le_fichier_servi_ne_dit_rien_et_ne_fait_rien(distribution: Distribution) -> None:
    positionnement = prepare(distribution)
    document = sceller(
        distribution.tuteur.contexte, positionnement, GenreDocument.LETTRE, depot(odt(), "Lettre Essai.odt")
    )
    client = distribution.tuteur.client()
    reponse = client.get(f"/documents/{document.pk}/")
    assert reponse.content == odt()
    assert reponse["Content-Disposition"] == 'attachment; filename="lettre.odt"'
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in reponse["Cache-Control"]
    assert "sandbox" in reponse["Content-Security-Policy"]
    assert client.post(f"/documents/{document.pk}/").status_code in (403, 405)
    assert client.get("/documents/00000000-0000-0000-0000-000000000000/").status_code == 404


@given(octets=st.binary(max_size=2000), associe=st.binary(max_size=80), autre=st.binary(max_size=80))
def test_propriete_du_scellement(octets: bytes, associe: bytes, autre: bytes) -> None:
    scelle = scellage.sceller(octets, associe)
    assert scellage.desceller(scelle, associe) == octets
    assert scellage.sceller(octets, associe) != scelle
    if autre != associe:
        with pytest.raises(ScellementRompu):
            scellage.desceller(scelle, autre)
    for tronque in (scelle[:-1], scelle[:20], b""):
        with pytest.raises(ScellementRompu):
            scellage.desceller(tronque, associe)
