"""Coming in as a person does, each page examined: the mail link, the telephone, the recovery codes, the way out."""

import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import expect

from raccord.comptes.models import Telephone
from raccord.echeances.models import Message
from tests.navigateur.visite import Visite

pytestmark = pytest.mark.usefixtures("horloge")


def _lien() -> str:
    corps = Message.objects.filter(code="comptes.connexion").latest("cree_le").corps
    return re.search(r"https?://[^/\s]+(/connexion/\S+)", corps).group(1)


def test_entrer_avec_son_telephone(visite: Visite) -> None:
    page, personne = visite.page, visite.monde.distribution.coordonnateur

    def voir(titre: str) -> None:
        expect(page.locator("h1")).to_contain_text(titre)
        visite.examiner(titre)

    def appuyer(bouton: str, titre: str) -> None:
        page.get_by_role("button", name=bouton, exact=True).click()
        voir(titre)

    page.goto("/etat-des-lieux/")
    page.get_by_label("Votre adresse").fill(personne.utilisateur.courriel)
    appuyer("Recevoir mon lien", "Regardez votre courrier")
    premier = _lien()
    page.goto(premier)
    voir("Vous y êtes presque")
    appuyer("Entrer", "Protégez votre compte")
    page.get_by_text("Je ne peux pas viser l’image").click()
    visite.examiner("la clé en toutes lettres")
    page.get_by_label("Code à 6 chiffres").fill(f"{totp(Telephone.objects.get().bin_key):06d}")
    appuyer("Enregistrer ce téléphone", "Notez vos codes de secours")
    code = page.locator("code").first.inner_text()
    page.get_by_role("link", name="C’est noté").click()
    voir("État des lieux")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="mon compte").click()
    voir("Mon compte")
    page.get_by_role("button", name="Sortir de partout").click()
    expect(page.locator("main")).to_contain_text("sorti de partout")
    page.goto(premier)
    appuyer("Entrer", "Ce lien ne sert plus")
    appuyer("Recevoir un autre lien", "Regardez votre courrier")
    page.goto(_lien())
    appuyer("Entrer", "Encore un code")
    page.get_by_label("Code à 6 chiffres").fill("000000")
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(page.locator(".rc-resume")).to_be_focused()
    visite.examiner("code faux")
    page.get_by_text("Je n’ai plus mon téléphone").click()
    visite.examiner("sans téléphone")
    page.get_by_label("Code à 6 chiffres").fill(code)
    appuyer("Entrer", "État des lieux")
    expect(page.locator("main")).to_contain_text("Enregistrez-en un autre")
    for _ in range(5):
        page.context.clear_cookies()
        page.goto("/connexion/")
        page.get_by_label("Votre adresse").fill(personne.utilisateur.courriel)
        page.get_by_role("button", name="Recevoir mon lien").click()
        expect(page.locator("h1")).not_to_contain_text("Entrer")
    voir("Trop d’essais")
    visite.conclure(au_moins=14)
