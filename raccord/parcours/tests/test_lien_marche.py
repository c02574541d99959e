"""Somebody of the buyer's without account: every message carries a link, which shows the contract and lets them act."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction
from raccord.echeances.models import Message
from raccord.marches.models import Marche
from raccord.parcours.actions import declaration as actions
from raccord.parcours.actions import parcours as actions_parcours
from raccord.parcours.messages.envoi import LIEN_MARCHE, lien_du_marche
from raccord.parcours.models import Offre
from tests import fabriques_declaration as f
from tests.distribution import Distribution, contact
from tests.fabriques_parcours import Fabrique

pytestmark = pytest.mark.django_db
SUIT = "prescripteur@essai.example"


def chemin(adresse: str) -> str:
    return "/" + adresse.split("/", 3)[3]


@pytest.fixture
def suivi(distribution: Distribution) -> Contact:
    return contact(distribution.acheteur.organisation, nom="Alix Meunier", courriel=SUIT)


@pytest.fixture
def offre(distribution: Distribution, suivi: Contact) -> Offre:
    """Declared, not confirmed; the contract is followed by the contact."""
    offre = f.declaration_envoyee(distribution)
    Marche.objects.update(contact=suivi, suivi_par=None)
    offre.refresh_from_db()
    return Offre.objects.select_related("engagement__marche").get(pk=offre.pk)


@pytest.fixture
def page(offre: Offre, suivi: Contact) -> str:
    assert offre.engagement
    return chemin(lien_du_marche(offre.engagement.marche, suivi))


def test_le_message_porte_un_lien_qui_s_ouvre_sans_compte(distribution: Distribution, offre: Offre) -> None:
    actions.retirer(distribution.acheteur.contexte, offre.pk, motif="Le chantier est reporté.")
    [message] = Message.objects.filter(code="parcours.offre_retiree", contact_id=offre.referent_id)
    reponse = Client().get(f.lien_recu("parcours.offre_retiree", message.courriel))
    assert reponse.status_code == 200 and "Le chantier est reporté." in reponse.content.decode()


@pytest.mark.parametrize("designe", [True, False], ids=["un contact", "l'adresse du service"])
def test_l_acheteur_sans_compte_suit_la_convention_par_son_lien(
    distribution: Distribution, suivi: Contact, designe: bool
) -> None:
    fabrique = Fabrique(distribution)
    parcours = fabrique.convenu()
    Marche.objects.update(contact=suivi if designe else None, suivi_par=None)
    organisation = distribution.acheteur.organisation
    organisation.courriel = "marches@ville.example"
    organisation.save()
    actions_parcours.signer_convention(distribution.tuteur.contexte, parcours.pk, signee_le=fabrique.aujourdhui)
    message = Message.objects.get(code="parcours.convention_acheteur")
    assert message.courriel == (SUIT if designe else "marches@ville.example")
    assert "/parcours/" not in message.corps
    reponse = Client().get(f.lien_recu("parcours.convention_acheteur", message.courriel))
    page = reponse.content.decode()
    assert reponse.status_code == 200 and "Entretien des menuiseries" in page and "À venir" in page
    assert parcours.jeune and parcours.jeune.prenom not in page and parcours.jeune.nom not in page
    assert "mission" not in page, "rien de pédagogique"
    assert reverse("parcours:parcours", args=[parcours.pk]) not in page, "aucun lien vers une page à compte"


def test_celui_qui_a_un_compte_garde_ses_pages(distribution: Distribution) -> None:
    fabrique = Fabrique(distribution)
    parcours = fabrique.convenu()
    actions_parcours.signer_convention(distribution.tuteur.contexte, parcours.pk, signee_le=fabrique.aujourdhui)
    message = Message.objects.get(code="parcours.convention_acheteur")
    assert reverse("parcours:parcours", args=[parcours.pk]) in message.corps
    assert not LienAction.objects.filter(action=LIEN_MARCHE).exists()


def test_la_preuve_se_lit_et_se_telecharge_sans_compte(distribution: Distribution, suivi: Contact) -> None:
    fabrique = Fabrique(distribution)
    parcours = fabrique.termine()
    Marche.objects.update(contact=suivi, suivi_par=None)
    fabrique.voix_tuteur(parcours)
    fabrique.voix_entreprise(parcours)
    fabrique.voix_jeune(parcours)
    adresse = f.lien_recu("parcours.bilan_preuve", SUIT)
    assert adresse.endswith(f"?preuve={parcours.pk}")
    reponse = Client().get(adresse)
    assert reponse.status_code == 200 and "Preuve d’exécution" in reponse.content.decode()
    pdf = Client().get(adresse + "&document=pdf")
    assert pdf.status_code == 200 and pdf["Content-Type"] == "application/pdf"
    autre = Client().get(adresse.replace(str(parcours.pk), str(uuid4())))
    assert autre.status_code == 404


def test_il_corrige_l_offre_par_son_lien(page: str, offre: Offre, suivi: Contact) -> None:
    client = Client()
    reponse = client.get(page)
    assert reponse.status_code == 200 and f"?offre={offre.pk}" in reponse.content.decode()
    adresse = f"{page}?offre={offre.pk}"
    version = client.get(adresse).context["form"].initial["version"]
    donnees = f.offre(intitule="Soigner un jardin", referent_courriel="nouvelle@jardins.example", version=version)
    reponse = client.post(adresse, donnees | {"referent_nom": "Nour Haddad"})
    assert reponse.status_code == 302 and reponse.url == page
    offre.refresh_from_db()
    assert offre.intitule == "Soigner un jardin"
    assert "nouvelle@jardins.example" in f.messages_envoyes("parcours.fiche_a_confirmer")


def test_il_declare_une_autre_offre_pour_les_heures_qui_restent(
    distribution: Distribution, page: str, offre: Offre
) -> None:
    actions.retirer(distribution.acheteur.contexte, offre.pk, motif="Le chantier est reporté.")
    client = Client()
    assert offre.engagement
    adresse = f"{page}?engagement={offre.engagement.pk}"
    assert adresse.replace("&", "&amp;") in client.get(page).content.decode()
    reponse = client.post(adresse, f.offre(intitule="Une autre offre"))
    assert reponse.status_code == 302 and Offre.objects.filter(intitule="Une autre offre").exists()


def test_le_lien_ne_montre_que_son_marche(distribution: Distribution, page: str) -> None:
    autre = distribution.offre_publiee(distribution.engagement())
    for question in (f"offre={autre.pk}", f"engagement={autre.engagement_id}", "offre=rien", f"preuve={uuid4()}"):
        assert Client().get(f"{page}?{question}").status_code == 404, question


def test_le_lien_d_un_autre_acheteur_n_ouvre_rien(distribution: Distribution, offre: Offre) -> None:
    assert offre.engagement
    etranger = contact(distribution.acheteur_etranger.organisation)
    assert Client().get(chemin(lien_du_marche(offre.engagement.marche, etranger))).status_code == 404
    entreprise = liens.creer_pour_contact(LIEN_MARCHE, offre.engagement.marche.pk, distribution.referent)
    assert Client().get(chemin(entreprise)).status_code == 404


def test_confier_le_suivi_a_un_collegue(page: str, offre: Offre, suivi: Contact) -> None:
    assert offre.engagement
    second = chemin(lien_du_marche(offre.engagement.marche, suivi))
    donnees = {"nom": "Sam Petit", "fonction": "Marchés", "courriel": "sam@ville.example", "telephone": ""}
    assert Client().post(f"{page}confier/", donnees).status_code == 200
    marche = Marche.objects.select_related("contact").get(pk=offre.engagement.marche.pk)
    assert marche.contact and marche.contact.courriel == "sam@ville.example"
    assert Client().get(second).status_code == 410, "ses autres liens s'arrêtent"
    assert Client().get(f.lien_recu("comptes.lien_confie", "sam@ville.example")).status_code == 200


def test_poster_sur_la_page_ne_change_rien(page: str, offre: Offre) -> None:
    avant = Offre.objects.values().get(pk=offre.pk)
    assert Client().post(page).status_code == 302
    assert Offre.objects.values().get(pk=offre.pk) == avant
    assert re.search(r"/lien/[^/]+/$", page)
