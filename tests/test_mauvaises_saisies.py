"""Every form of every page, filled with what people and machines really send: a sentence each time, never a 500."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from raccord.comptes import liens
from raccord.socle.forms.textes import assainir
from tests.distribution import Distribution
from tests.etats import offre_en_etat, positionnement_en_etat
from tests.fabriques_parcours import Fabrique, chemin
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
    "moment lointain": "9999-12-31T23:59",
    "premier moment": "0001-01-01T00:00",
    "pas un nombre": "NaN",
    "infini": "-Infinity",
    "virgule": "1,5",
    "autre objet": "00000000-0000-4000-8000-000000000000",
    "saut de ligne": "a@b.example\r\nBcc: c@d.example",
}
SANTE = "socle:sante"  # answers 503 while the loop has not turned, and says why
ADMIS = {200, 204, 302, 303, 400, 401, 403, 404, 405, 409, 410, 413, 422, 429}


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


def _remplir(champs: list[Tag], saisie: str, *, texte_seul: bool = False) -> dict[str, Any]:
    """The same value everywhere; `texte_seul` chooses and leaves the rest as a browser does, to go further in."""
    donnees: dict[str, Any] = {}
    for champ in champs:
        nom, genre = str(champ.get("name") or ""), str(champ.get("type") or champ.name)
        if not nom or nom == "csrfmiddlewaretoken":
            continue
        if texte_seul and genre in ("hidden", "radio", "submit", "select"):
            options = [str(option.get("value") or "") for option in champ.find_all("option")]
            donnees.setdefault(nom, next(filter(None, options), "") if options else str(champ.get("value") or ""))
        elif texte_seul and genre in ("checkbox", "file"):
            continue
        elif genre == "file":
            donnees[nom] = SimpleUploadedFile("cv.pdf", saisie.encode() or b"", "application/pdf")
        else:
            donnees[nom] = saisie
    return donnees


@pytest.mark.django_db(databases=["default", "proprietaire"])  # erasing goes through the owner's door
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
            _tout_essayer(client, methode, cible, champs)


def _entreprise(action: str, objet: Any, d: Distribution) -> str:
    return liens.creer_pour_contact(action, objet.pk, d.referent).removeprefix(settings.ADRESSE_PUBLIQUE)


LIENS: dict[str, Callable[[Distribution], str]] = {
    "fiche": lambda d: _entreprise("parcours.fiche", offre_en_etat(d, "a_confirmer"), d),
    "créneaux": lambda d: _entreprise("parcours.repondre", positionnement_en_etat(d, "vu"), d) + "?faire=proposer",
    "refus": lambda d: _entreprise("parcours.repondre", positionnement_en_etat(d, "vu"), d) + "?faire=refuser",
    "réponse": lambda d: _entreprise("parcours.repondre", positionnement_en_etat(d, "vu"), d),
    "confier": lambda d: _entreprise("parcours.repondre", positionnement_en_etat(d, "vu"), d) + "confier/",
    "heures": lambda d: _entreprise("parcours.suivi", Fabrique(d).en_cours(), d),
    "signaler": lambda d: _entreprise("parcours.suivi", Fabrique(d).en_cours(), d) + "?ecran=signaler",
    "bilan": lambda d: _entreprise("parcours.bilan_entreprise", Fabrique(d).termine(), d),
    "bilan du jeune": lambda d: _bilan_du_jeune(d),
    "données": lambda d: _entreprise("rgpd.donnees", d.referent, d),
}


def _bilan_du_jeune(distribution: Distribution) -> str:
    fabrique = Fabrique(distribution)
    parcours = fabrique.termine()
    fabrique.voix_tuteur(parcours)
    return chemin(fabrique.lien_jeune("parcours.bilan_jeune", parcours))


@pytest.mark.parametrize("nom", LIENS)
def test_mauvaises_saisies_par_lien(distribution: Distribution, nom: str) -> None:
    client, adresse = Client(), LIENS[nom](distribution)
    formulaires = list(_formulaires(client.get(adresse).content.decode(), adresse))
    assert formulaires
    for methode, cible, champs in formulaires:
        _tout_essayer(client, methode, cible, champs)


def _tout_essayer(client: Client, methode: str, cible: str, champs: list[Tag]) -> None:
    longs = [str(champ["name"]) for champ in champs if champ.name == "textarea"]
    for saisie in SAISIES.values():
        _essayer(client, methode, cible, _remplir(champs, saisie))
        if methode == "post":
            page = _essayer(client, methode, cible, _remplir(champs, saisie, texte_seul=True))
            attendu = escape(assainir(saisie))
            if page and longs and saisie.isprintable():
                assert attendu in page, f"{cible} a perdu « {saisie[:30]} »"


def _essayer(client: Client, methode: str, cible: str, donnees: dict[str, Any]) -> str:
    """The page of a refused form, '' otherwise."""
    page = ""
    try:
        with transaction.atomic():
            reponse = getattr(client, methode)(cible, donnees)
            assert reponse.status_code in ADMIS, f"{methode} {cible} {reponse.status_code}"
            page = reponse.content.decode() if reponse.status_code == 422 else ""
            raise _Annuler
    except _Annuler:
        return page


@pytest.mark.parametrize("suffixe", ["?page=-1", "?page=abc", "?q=%00", "?du=31/02/2026", "?lieu=" + "x" * 5000])
@pytest.mark.parametrize("nom", sorted(nom for nom, (cles, _) in TABLE_LUE.items() if not cles and nom != SANTE))
def test_adresses_tordues(distribution: Distribution, nom: str, suffixe: str) -> None:
    monde = Monde(distribution)
    for colonne in ("visiteur", "tuteur", "national"):
        assert monde.client(colonne).get(reverse(nom) + suffixe).status_code in ADMIS
