"""A company proposes by itself: public form, traps, receipt, follow-up link, the national team's yes or no."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Contact, Organisation
from raccord.echeances.models import Attente, Message
from raccord.parcours.actions import spontanee
from raccord.parcours.models import Offre
from raccord.socle.contexte import VISITEUR
from raccord.socle.exceptions import RoleRefuse, TransitionRefusee
from raccord.socle.models import Parametre
from tests import fabriques_declaration as f
from tests.distribution import Distribution, contact, organisation
from tests.pieges import texte_de

pytestmark = pytest.mark.django_db
ADRESSE = "/proposer-un-parcours/"


def envoyer(client: Client, **champs: object) -> tuple[UUID, object]:
    """The form as a browser sends it, with its hidden key."""
    cle = client.get(ADRESSE).context["form"]["cle"].value()
    return cle, client.post(ADRESSE, f.proposition(**champs) | {"cle": str(cle)})


def test_proposer_sans_compte(client: Client, distribution: Distribution) -> None:
    cle, reponse = envoyer(client)
    assert reponse.status_code == 302  # type: ignore[attr-defined]
    assert "Merci, c’est reçu" in client.get(reponse.url).content.decode()  # type: ignore[attr-defined]
    offre = Offre.objects.select_related("fiche").get(pk=cle)
    assert (offre.etat, offre.spontanee, offre.heures, offre.entreprise.nom) == (
        "a_instruire",
        True,
        150,
        "Atelier du Viaduc",
    )
    assert offre.fiche.taches == "Poncer, assembler, ranger le bois." and "menuiserie" in offre.texte_recherche
    attente = Attente.objects.ouvertes().get()
    assert (attente.code, attente.role) == ("instruire_spontanee", Role.NATIONAL)
    assert f.messages_envoyes("parcours.proposition_recue") == ["sacha@viaduc.example"]
    assert f.messages_envoyes("parcours.proposition_a_etudier") == [distribution.national.utilisateur.courriel]
    page = client.get(f.lien_recu("parcours.proposition_recue", "sacha@viaduc.example")).content.decode()
    assert "L’équipe nationale répond" in page and "équipe nationale" in page


def test_envoyer_deux_fois_ne_propose_qu_une_fois(client: Client, distribution: Distribution) -> None:
    cle, _ = envoyer(client)
    assert client.post(ADRESSE, f.proposition() | {"cle": str(cle)}).status_code == 302
    assert Offre.objects.count() == 1
    assert len(f.messages_envoyes("parcours.proposition_recue")) == 1


def test_trop_de_propositions_d_un_meme_reseau(client: Client, distribution: Distribution) -> None:
    """What was typed is given back; a form badly filled does not count."""
    Parametre.objects.filter(cle="limite_formulaire_public").update(valeur=[1, 60])
    taches = "Poncer, assembler, ranger le bois, avec un menuisier."
    assert client.post(ADRESSE, f.proposition(commune="")).status_code == 422
    assert envoyer(client)[1].status_code == 302  # type: ignore[attr-defined]
    _, reponse = envoyer(client, taches=taches)
    assert reponse.status_code == 429 and taches in reponse.content.decode()  # type: ignore[attr-defined]
    assert Offre.objects.count() == 1


def test_un_robot_est_remercie_et_rien_n_est_garde(client: Client, distribution: Distribution) -> None:
    page = client.get(ADRESSE).content.decode()
    assert 'tabindex="-1"' in page and "Ne remplissez pas cette case" in page
    _, reponse = envoyer(client, precision="http://spam.example")
    assert reponse.status_code == 302  # type: ignore[attr-defined]
    assert not Offre.objects.exists() and not Message.objects.exists()


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"siret": "73282932000075"}, "siret", "est faux"),
        ({"heures": "200"}, "heures", "de la liste"),
        ({"heures": "-150"}, "heures", "de la liste"),
        ({"taches": "t" * 10_000}, "taches", "trop long"),
        ({"date_fin": "2020-01-01"}, "date_fin", "après la date de début"),
        ({"date_debut": "2020-01-01", "date_fin": "2020-02-01"}, "date_fin", "est passée"),
        ({"commune": ""}, "commune", "Indiquez la commune"),
        ({"contact_courriel": "x@y.fr\nBcc: z@z.fr"}, "contact_courriel", "une seule"),
        ({"contact_nom": "a\x00b"}, "contact_nom", "caractère invisible"),
        ({"cle": "pas une clé"}, "cle", ""),
    ],
)
def test_chaque_erreur_a_sa_phrase(
    client: Client, distribution: Distribution, champs: dict[str, str], champ: str, phrase: str
) -> None:
    donnees = f.proposition() | {"cle": str(uuid4())} | champs
    reponse = client.post(ADRESSE, donnees)
    assert reponse.status_code == 422
    assert phrase in " ".join(reponse.context["form"].errors[champ])
    assert "8 quai du Viaduc" in reponse.content.decode()
    assert not Offre.objects.exists()


def test_un_visiteur_ne_change_rien_de_ce_qui_est_connu(client: Client, distribution: Distribution) -> None:
    entreprise = organisation(GenreOrganisation.ENTREPRISE, "Viaduc SA", siret=f.SIRETS[1])
    connu = contact(entreprise, nom="Sacha M.", courriel="sacha@viaduc.example", telephone="")
    envoyer(client, organisation="Autre nom", contact_nom="Pirate", contact_telephone="06 00 00 00 00")
    assert Organisation.objects.get(pk=entreprise.pk).nom == "Viaduc SA"
    connu.refresh_from_db()
    assert connu.nom == "Sacha M." and Contact.objects.filter(organisation=entreprise).count() == 1


def test_la_meme_adresse_ne_recoit_pas_message_sur_message(client: Client, distribution: Distribution) -> None:
    for _ in range(3):
        envoyer(client)
    _, reponse = envoyer(client)
    assert "Revenez demain" in reponse.content.decode()  # type: ignore[attr-defined]
    assert Offre.objects.count() == 3


def test_l_equipe_nationale_accepte(client: Client, distribution: Distribution) -> None:
    cle, _ = envoyer(client)
    national = distribution.national.client()
    adresse = reverse("parcours:accueillir", args=[cle])
    assert national.get(adresse).status_code == 405
    assert national.post(adresse).url == reverse("parcours:offre", args=[cle])  # type: ignore[attr-defined]
    assert Offre.objects.get(pk=cle).etat == "a_confirmer"
    assert [a.code for a in Attente.objects.ouvertes()] == ["confirmer_fiche"]
    page = client.get(f.lien_recu("parcours.proposition_acceptee", "sacha@viaduc.example")).content.decode()
    assert "Nous sommes prêts" in page and "propose ce parcours d’elle-même" in page
    national.post(adresse)
    assert len(f.messages_envoyes("parcours.proposition_acceptee")) == 1
    suivi = client.get(f.lien_recu("parcours.proposition_recue", "sacha@viaduc.example")).content.decode()
    assert "C’est à vous" in suivi


def test_l_equipe_nationale_decline_avec_des_mots(client: Client, distribution: Distribution) -> None:
    cle, _ = envoyer(client)
    national = distribution.national.client()
    adresse = reverse("parcours:decliner", args=[cle])
    assert national.get(adresse).status_code == 200
    assert national.post(adresse, {"motif": ""}).status_code == 422
    assert national.post(adresse, {"motif": "Le lieu n'est pas desservi : <b>un autre site</b> ?"}).status_code == 302
    offre = Offre.objects.get(pk=cle)
    assert (offre.etat, offre.motif_retrait) == ("retiree", "Le lieu n'est pas desservi : <b>un autre site</b> ?")
    corps = Message.objects.get(code="parcours.proposition_declinee").corps
    assert "pas desservi" in corps
    page = client.get(f.lien_recu("parcours.proposition_declinee", "sacha@viaduc.example")).content.decode()
    assert "pas desservi" in page and "<b>" not in page and ADRESSE in page
    national.post(adresse, {"motif": "Encore"})
    assert Message.objects.filter(code="parcours.proposition_declinee").count() == 1


@pytest.mark.parametrize("nom", ["accueillir", "decliner"])
def test_repondre_revient_a_l_equipe_nationale(client: Client, distribution: Distribution, nom: str) -> None:
    cle, _ = envoyer(client)
    adresse = reverse(f"parcours:{nom}", args=[cle])
    for personne in (distribution.tuteur, distribution.coordonnateur, distribution.acheteur):
        assert personne.client().post(adresse, {"motif": "Non"}).status_code == 403
    assert client.post(adresse, {"motif": "Non"}).status_code == 302
    assert Offre.objects.get(pk=cle).etat == "a_instruire"
    assert distribution.national.client().post(reverse(f"parcours:{nom}", args=[uuid4()])).status_code == 404
    with pytest.raises(RoleRefuse):
        spontanee.accueillir(distribution.acheteur.contexte, cle)


def test_une_offre_de_marche_ne_s_accueille_pas(distribution: Distribution) -> None:
    offre = distribution.offre_a_confirmer()
    with pytest.raises(TransitionRefusee):
        spontanee.decliner(distribution.national.contexte, offre.pk, motif="Non")
    assert distribution.tuteur.client().get(ADRESSE).status_code == 403
    assert VISITEUR.role == Role.VISITEUR


def test_un_acheteur_ne_lit_pas_de_lien_qui_le_refuse(distribution: Distribution) -> None:
    acheteur = distribution.acheteur.client()
    assert acheteur.get(ADRESSE).status_code == 403
    assert f'href="{ADRESSE}"' not in texte_de(acheteur.get("/declarer/"))
