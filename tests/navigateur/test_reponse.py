"""Every answer of a company, on a phone, from the message to the receipt and back: with JavaScript, and without."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from raccord.echeances.models import Message
from raccord.parcours.actions import contacts
from raccord.parcours.models import Offre, Positionnement
from tests.distribution import Distribution
from tests.fabriques_positionnement import jour, transmis
from tests.navigateur.conftest import Ouvrir

pytestmark = pytest.mark.usefixtures("horloge")
POUCE = 44
"""Pixels: what a thumb hits (WCAG 2.2, 2.5.5)."""


@pytest.fixture(params=[True, False], ids=["avec-javascript", "sans-javascript"])
def telephone(request: pytest.FixtureRequest, ouvrir: Ouvrir) -> Page:
    return ouvrir("telephone", javascript=request.param)


@pytest.fixture
def demande(distribution: Distribution, live_server: Any, settings: Any) -> Positionnement:
    """The company has received its message."""
    settings.ADRESSE_PUBLIQUE = live_server.url
    return transmis(distribution)


def lien(code: str, fin: str) -> str:
    """The address that ends so, in the only message of this kind."""
    corps = Message.objects.get(code=f"parcours.{code}").corps
    trouve = re.search(rf"https?://\S+/lien/\S*{fin}", corps)
    assert trouve, corps
    return trouve.group(0)


def tient(page: Page, titre: str) -> None:
    """The page that is expected, no wider than the phone, its buttons as large as a thumb."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(titre)
    largeur = page.locator("html").bounding_box()
    assert largeur is not None and largeur["width"] <= 390
    for bouton in page.locator("main .fr-btn:visible").all():
        boite = bouton.bounding_box()
        assert boite is not None and boite["height"] >= POUCE, bouton.inner_text()
        assert boite["x"] >= 0 and boite["x"] + boite["width"] <= 390, bouton.inner_text()


def annuler(page: Page, positionnement: Positionnement) -> None:
    """By the receipt's message: shown first, then one button."""
    page.goto(lien("reponse_recue", r"\?faire=annuler"))
    tient(page, "Annuler votre réponse ?")
    page.get_by_role("button", name="Annuler ma réponse").click()
    expect(page.get_by_text("tout est comme avant")).to_be_visible()
    tient(page, "Un jeune souhaite venir")
    positionnement.refresh_from_db()
    assert positionnement.etat == "transmis"


def _choisir(page: Page) -> None:
    page.goto(lien("profil_entreprise", r"\?choisir=\S+"))
    tient(page, "Vous choisissez")
    page.get_by_role("button", name="Oui, je confirme ce moment").click()
    tient(page, "C’est noté")


def _proposer(page: Page) -> None:
    page.goto(lien("profil_entreprise", r"\?faire=proposer"))
    tient(page, "Quand seriez-vous disponible")
    page.get_by_label("Premier créneau").fill(f"{jour(6):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Envoyer ces créneaux").click()
    tient(page, "Merci, vos créneaux sont envoyés")


def _rappeler(page: Page) -> None:
    page.goto(lien("profil_entreprise", r"\?faire=rappeler"))
    tient(page, "Quand vous rappeler")
    page.get_by_label("Votre numéro").fill("06 01 02 03 04")
    page.get_by_role("button", name="Demander cet appel").click()
    tient(page, "vous rappelle")
    expect(page.get_by_text("Votre délai de réponse est suspendu")).to_be_visible()


def _refuser(page: Page) -> None:
    page.goto(lien("profil_entreprise", r"\?faire=refuser"))
    tient(page, "Ce n’est pas possible cette fois")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.locator(".rc-resume")).to_be_visible()  # a reason and words are asked
    page.get_by_text("Les dates ne conviennent pas").click()
    page.get_by_label("En quelques mots").fill("Nous déménageons en novembre.")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    tient(page, "Votre réponse est enregistrée")


@pytest.mark.parametrize("geste", [_choisir, _proposer, _rappeler, _refuser], ids=lambda geste: geste.__name__)
def test_repondre_puis_annuler(telephone: Page, demande: Positionnement, geste: Callable[[Page], None]) -> None:
    geste(telephone)
    annuler(telephone, demande)


def referent(demande: Positionnement) -> str:
    contact = Offre.objects.get(pk=demande.offre.pk).referent
    return contact.nom if contact else ""


def test_ce_n_est_pas_moi_puis_reprendre(telephone: Page, demande: Positionnement) -> None:
    telephone.goto(lien("profil_entreprise", "confier/"))
    tient(telephone, "Qui est la bonne personne")
    telephone.get_by_label("Nom et prénom").fill("Karim Belaïd")
    telephone.get_by_label("Courriel").fill("karim@essai.example")
    telephone.get_by_role("button", name="Lui confier").click()
    tient(telephone, "Merci, c’est confié")
    assert referent(demande) == "Karim Belaïd"
    telephone.get_by_role("button", name="Reprendre").click()
    tient(telephone, "Un jeune souhaite venir")
    assert referent(demande) != "Karim Belaïd"


def test_verifier_ses_coordonnees(telephone: Page, distribution: Distribution, live_server: Any, settings: Any) -> None:
    settings.ADRESSE_PUBLIQUE = live_server.url
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(rrh=None)
    contacts.demander(distribution.acheteur.contexte, offre.pk)
    telephone.goto(lien("verifier_contact", r"\S+"))
    tient(telephone, "Êtes-vous toujours la bonne personne")
    telephone.get_by_role("button", name="Oui, c’est toujours moi").click()
    expect(telephone.get_by_text("vous restez notre contact")).to_be_visible()
    expect(telephone.get_by_text("confirmé aujourd’hui par l’entreprise")).to_be_visible()
    telephone.get_by_label("Nom et prénom").fill("Zoé Martin")
    telephone.locator("[name=second-courriel]").fill("zoe@essai.example")
    telephone.get_by_role("button", name="Ajouter ce contact").click()
    expect(telephone.get_by_text("nous écrirons aussi à cette personne")).to_be_visible()
