"""Changing the key: nothing is lost, whatever stops it."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from raccord.documents import rotation
from raccord.documents.actions import ouvrir, sceller
from raccord.documents.models import Contenu, Document, GenreDocument
from raccord.socle import scellage
from raccord.socle.droits import en_proprietaire
from tests import coulisses
from tests.distribution import Distribution
from tests.fabriques_positionnement import prepare

from .fichiers import depot, odt

NOUVELLE = "une-nouvelle-cle-des-documents-assez-longue-pour-etre-acceptee-0123"
SCELLES = 6  # three young people, a CV and a letter each
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scelles(settings: Any) -> Iterator[list[Document]]:
    distribution = Distribution()
    documents = []
    for _ in range(3):
        positionnement = prepare(distribution)
        documents.append(
            sceller(distribution.tuteur.contexte, positionnement, GenreDocument.LETTRE, depot(odt(), "lettre.odt"))
        )
        distribution = Distribution()
    assert Contenu.objects.count() == SCELLES
    settings.ANCIENNES_CLES_DOCUMENTS = [settings.CLE_DOCUMENTS]
    settings.CLE_DOCUMENTS = NOUVELLE
    yield documents
    connections.close_all()


def tourner() -> str:
    sortie = io.StringIO()
    call_command("tourner_les_cles", stdout=sortie)
    return sortie.getvalue()


def test_les_anciennes_ouvrent_puis_s_oublient(scelles: list[Document], settings: Any) -> None:
    distribution = Distribution()
    assert all(ouvrir(distribution.tuteur.contexte, document) == odt() for document in scelles)
    assert f"{SCELLES}\u00a0contenus scellés de nouveau" in tourner()
    settings.ANCIENNES_CLES_DOCUMENTS = []
    coulisses.entrer()
    assert all(ouvrir(distribution.tuteur.contexte, document) == odt() for document in scelles)
    assert "Rien à tourner" in tourner()


def test_interrompue_elle_reprend(scelles: list[Document]) -> None:
    with en_proprietaire():
        assert rotation.a_tourner() == SCELLES
        next(rotation.tourner())  # killed after the first
        assert rotation.a_tourner() == SCELLES - 1
        assert list(rotation.tourner()) == list(range(1, SCELLES))
        assert all(
            bytes(octets).startswith(scellage.entete()) for octets in Contenu.objects.values_list("scelle", flat=True)
        )


def test_une_cle_manquante_ne_perd_rien(scelles: list[Document], settings: Any) -> None:
    anciennes, settings.ANCIENNES_CLES_DOCUMENTS = settings.ANCIENNES_CLES_DOCUMENTS, ["une-autre-cle"]
    with pytest.raises(CommandError, match="RACCORD_ANCIENNES_CLES_DOCUMENTS"):
        tourner()
    settings.ANCIENNES_CLES_DOCUMENTS = anciennes
    assert f"{SCELLES}\u00a0contenus" in tourner()


def test_les_telephones_tournent_avec_le_reste(settings: Any) -> None:
    """Sealed again by the new key, the same code comes out; the former key may be forgotten."""
    telephone = Distribution().national.telephone()
    secret, avant = telephone.bin_key, telephone.key
    settings.ANCIENNES_CLES_DOCUMENTS, settings.CLE_DOCUMENTS = [settings.CLE_DOCUMENTS], NOUVELLE
    assert "1\u00a0contenu scellé de nouveau" in tourner()
    settings.ANCIENNES_CLES_DOCUMENTS = []
    telephone.refresh_from_db()
    assert telephone.key != avant and telephone.bin_key == secret
    assert "Rien à tourner" in tourner()
    connections.close_all()
