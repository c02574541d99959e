"""Every form of every page, filled with what people and machines really send: a sentence each time, never a 500."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.distribution import Distribution
from tests.monde import COLONNES, Monde
from tests.test_matrice import TABLE_LUE

SAISIES = {
    "vide": "",
    "long": "a" * 10_000,
    "emoji et arabe": "🦊 مرحبا \u202egnp.exe\u202c — l’été",
    "nul": "a\x00b\x07",
    "balises": "<script>alert(1)</script>'\"{{ 7*7 }}",
    "négatif": "-3",
    "énorme": "9" * 30,
    "date impossible": "2026-02-30",
    "date lointaine": "9999-12-31",
    "virgule": "1,5",
    "autre objet": "00000000-0000-4000-8000-000000000000",
    "saut de ligne": "a@b.example\r\nBcc: c@d.example",
}
SANTE = "socle:sante"  # answers 503 while the loop has not turned, and says why
ADMIS = {200, 204, 302, 303, 400, 403, 404, 405, 409, 410, 413, 422, 429}


class _Annuler(Exception):
    """Each attempt starts from the same world."""


def _formulaires(page: str, adresse: str) -> Iterator[tuple[str, str, list[Tag]]]:
    """Method, target and fields of each form of the page."""
    for formulaire in BeautifulSoup(page, "html.parser").find_all("form"):
        cible = urljoin(adresse, str(formulaire.get("action") or ""))
        if urlsplit(cible).netloc == "" and not cible.startswith("/sortir"):
            yield (
                str(formulaire.get("method", "get")).lower(),
                cible,
                formulaire.find_all(["input", "textarea", "select", "button"]),
            )


def _remplir(champs: list[Tag], saisie: str) -> dict[str, Any]:
    donnees: dict[str, Any] = {}
    for champ in champs:
        nom, genre = str(champ.get("name") or ""), str(champ.get("type") or champ.name)
        if not nom or nom == "csrfmiddlewaretoken":
            continue
        if genre == "file":
            donnees[nom] = SimpleUploadedFile("cv.pdf", saisie.encode() or b"", "application/pdf")
        else:
            donnees[nom] = saisie
    return donnees


@pytest.mark.parametrize("nom", sorted(TABLE_LUE))
def test_mauvaises_saisies(distribution: Distribution, nom: str) -> None:
    cles, methodes = TABLE_LUE[nom]
    monde = Monde(distribution)
    adresse = reverse(nom, args=[monde.argument(cle) for cle in cles])
    vus: set[tuple[str, str]] = set()
    for colonne, statut in zip(COLONNES, methodes["GET"], strict=True):
        if statut != 200:
            continue
        client = monde.client(colonne)
        reponse = client.get(adresse)
        if "text/html" not in reponse["Content-Type"]:
            continue
        for methode, cible, champs in _formulaires(reponse.content.decode(), adresse):
            if (methode, cible) in vus:
                continue
            vus.add((methode, cible))
            for saisie in SAISIES.values():
                _essayer(client, methode, cible, _remplir(champs, saisie))


def _essayer(client: Client, methode: str, cible: str, donnees: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            reponse = getattr(client, methode)(cible, donnees)
            assert reponse.status_code in ADMIS, f"{methode} {cible} {reponse.status_code}"
            raise _Annuler
    except _Annuler:
        pass


@pytest.mark.parametrize("suffixe", ["?page=-1", "?page=abc", "?q=%00", "?du=31/02/2026", "?lieu=" + "x" * 5000])
@pytest.mark.parametrize("nom", sorted(nom for nom, (cles, _) in TABLE_LUE.items() if not cles and nom != SANTE))
def test_adresses_tordues(distribution: Distribution, nom: str, suffixe: str) -> None:
    monde = Monde(distribution)
    for colonne in ("visiteur", "tuteur", "national"):
        assert monde.client(colonne).get(reverse(nom) + suffixe).status_code in ADMIS
