"""Contacts that stay fresh: checked by the company, said in words to the tutor, found again when nothing arrives."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.joignabilite import marquer_injoignable
from raccord.comptes.models import Contact, LienAction
from raccord.echeances.actions import mettre_en_pause
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message
from raccord.parcours.acces.contacts import fraicheur
from raccord.parcours.actions import contacts as actions
from raccord.parcours.actions import fiche
from raccord.parcours.actions import positionnement as propositions
from raccord.parcours.messages.envoi import lien_du_marche
from raccord.parcours.models import Offre
from raccord.socle.exceptions import TransitionRefusee
from tests.distribution import Distribution, contact
from tests.etats import offre_en_etat
from tests.fabriques_positionnement import messages_de, prepare, reservation, transmis


def lien_contact(qui: Contact) -> str:
    adresse = liens.creer_pour_contact("parcours.contact", qui.organisation_id, qui)
    return "/lien/" + adresse.split("/lien/")[1]


def il_y_a(jours: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=jours)


# --- In words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ({}, "jamais confirmé"),
        ({"verifie_le": 0}, "confirmé aujourd’hui par l’entreprise"),
        ({"verifie_le": 1}, "confirmé hier par l’entreprise"),
        ({"verifie_le": 12}, "confirmé il y a 12\xa0jours par l’entreprise"),
        ({"verification_demandee_le": 3}, "jamais confirmé ; vérification demandée il y a 3\xa0jours, sans réponse"),
        ({"verifie_le": 1, "verification_demandee_le": 3}, "confirmé hier par l’entreprise"),
        ({"verifie_le": 1, "injoignable_le": 2}, "un message est revenu il y a 2\xa0jours"),
    ],
)
def test_la_fraicheur_se_dit_en_mots(distribution: Distribution, champs: dict[str, float], mots: str) -> None:
    for champ, jours in champs.items():
        setattr(distribution.referent, champ, il_y_a(jours))
    assert fraicheur(distribution.referent) == mots


def test_le_tuteur_le_lit_avant_de_proposer_et_demande_d_un_geste(distribution: Distribution) -> None:
    propose = prepare(distribution)
    apercu = f"/propositions/{propose.pk}/apercu/"
    client = distribution.tuteur.client()
    page = client.get(apercu).content.decode()
    assert page.count("Jamais confirmé") == 2 and "Envoyer à l’entreprise" in page
    demande = f"/reservations/{propose.reservation_id}/verifier/"
    assert "demandé à 2\xa0personnes" in client.post(demande, follow=True).content.decode()
    assert len(messages_de("verifier_contact")) == 2
    assert "déjà demandée aujourd" in client.post(demande, follow=True).content.decode()
    assert len(messages_de("verifier_contact")) == 2
    assert "sans réponse" in client.get(apercu).content.decode()
    assert client.post(apercu).status_code == 302  # or go on without waiting
    propose.refresh_from_db()
    assert propose.etat == "transmis"


def test_personne_a_verifier_et_offre_close(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    Contact.objects.update(injoignable_le=timezone.now())
    with pytest.raises(actions.PersonneAVerifier):
        actions.demander(distribution.tuteur.contexte, tenue.offre_id)
    close = offre_en_etat(distribution, "close")
    with pytest.raises(TransitionRefusee, match="rien à vérifier"):
        actions.demander(distribution.acheteur.contexte, close.pk)


# --- The company's page ----------------------------------------------------------------------------


@pytest.mark.parametrize("commence", [False, True])
def test_oui_c_est_toujours_moi(distribution: Distribution, commence: bool) -> None:
    tenue = reservation(distribution)
    if commence:
        prepare(distribution, tenue)
    actions.demander(distribution.tuteur.contexte, tenue.offre_id)
    adresse = lien_contact(distribution.referent)
    page = Client().get(adresse).content.decode()
    assert "Ce à quoi l’entreprise s’est engagée" in page and "2026-042" in page and "jamais confirmé" in page
    assert Contact.objects.get(pk=distribution.referent.pk).verifie_le is None  # a robot has looked
    page = Client().post(adresse, {"geste": "oui"}, follow=True).content.decode()
    assert "vous restez notre contact" in page and "confirmé aujourd’hui par l’entreprise" in page
    assert "Vous êtes notre contact" in page and "Oui, c’est toujours moi" not in page
    assert [m.courriel for m in messages_de("contact_confirme")] == [distribution.tuteur.utilisateur.courriel]


def test_ce_n_est_plus_moi_remplace_partout(distribution: Distribution) -> None:
    une, autre = distribution.offre_publiee(), reservation(distribution).offre
    adresse = lien_contact(distribution.referent)
    assert (
        "c’est confié"
        in Client()
        .post(
            f"{adresse}confier/", {"nom": "Karim", "fonction": "", "courriel": "karim@essai.example", "telephone": ""}
        )
        .content.decode()
    )
    for offre in (une, autre):
        offre.refresh_from_db()
        assert offre.referent.nom == "Karim"
    karim = offre.referent
    page = Client().post(lien_contact(karim), {"geste": "oui"}, follow=True).content.decode()
    assert "confirmé aujourd’hui" in page


def test_corriger_son_adresse(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    marquer_injoignable(distribution.referent.pk, "inconnu")
    assert Attente.objects.ouvertes().filter(code="trouver_contact", objet_id=offre.pk).exists()
    adresse = lien_contact(distribution.referent)
    saisie = {"geste": "corriger", "moi-courriel": "neuf@essai.example", "moi-telephone": "0601020304"}
    assert "à jour" in Client().post(adresse, saisie, follow=True).content.decode()
    lu = Contact.objects.get(pk=distribution.referent.pk)
    assert (lu.courriel, lu.telephone, lu.injoignable_le) == ("neuf@essai.example", "+33601020304", None)
    assert not Attente.objects.ouvertes().filter(code="trouver_contact").exists()
    deja = {"geste": "corriger", "moi-courriel": distribution.rrh.courriel, "moi-telephone": ""}
    reponse = Client().post(adresse, deja)
    assert reponse.status_code == 422 and "collègue déjà connu" in reponse.content.decode()


@pytest.mark.parametrize(
    ("saisie", "mots"),
    [
        ({"geste": "corriger", "moi-courriel": "", "moi-telephone": ""}, "au moins un courriel"),
        ({"geste": "corriger", "moi-courriel": "pas une adresse"}, "adresse"),
        ({"geste": "corriger", "moi-telephone": "12"}, "numéro"),
        ({"geste": "second", "second-nom": "", "second-courriel": "x@essai.example"}, "Nom et prénom"),
        ({"geste": "second", "second-nom": "A" * 5000, "second-courriel": "x@essai.example"}, "trop long"),
        ({"geste": "second", "second-nom": "Zoé"}, "au moins un courriel"),
    ],
)
def test_saisies_refusees_en_mots(distribution: Distribution, saisie: dict[str, str], mots: str) -> None:
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(rrh=None)
    reponse = Client().post(lien_contact(distribution.referent), saisie)
    assert reponse.status_code == 422 and mots in reponse.content.decode()


def test_une_offre_ancienne_est_interrogee_sur_son_second_contact(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(rrh=None)
    adresse = lien_contact(distribution.referent)
    assert "Il manque un second contact" in Client().get(adresse).content.decode()
    lui_meme = {"geste": "second", "second-nom": "Moi", "second-courriel": distribution.referent.courriel}
    assert "quelqu&#x27;un d&#x27;autre" in Client().post(adresse, lui_meme).content.decode()
    autre = {"geste": "second", "second-nom": "Zoé", "second-courriel": "zoe@essai.example"}
    assert "si vous êtes absent" in Client().post(adresse, autre, follow=True).content.decode()
    offre.refresh_from_db()
    assert offre.rrh.nom == "Zoé"


def test_publier_demande_deux_contacts(distribution: Distribution) -> None:
    offre = distribution.offre_a_confirmer(rrh=None)
    with pytest.raises(TransitionRefusee, match="un second contact"):
        fiche.confirmer(distribution.contexte_referent, offre.pk)
    meme = distribution.offre_a_confirmer(rrh=distribution.referent)
    with pytest.raises(TransitionRefusee, match="un second contact"):
        fiche.confirmer(distribution.contexte_referent, meme.pk)


@pytest.mark.parametrize("etat", ["close", "retiree", "a_confirmer", "en_cours", "brouillon"])
def test_plus_rien_n_est_demande(distribution: Distribution, etat: str) -> None:
    """Neither by the round nor on the page: the property over every state where nobody waits for a check."""
    offre_en_etat(distribution, etat)
    for jours in range(0, 400, 20):
        with time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False):
            actions.verifier_les_anciens()
    assert messages_de("verifier_contact") == []
    assert "Plus rien ne vous est demandé" in Client().get(lien_contact(distribution.referent)).content.decode()


# --- Every three months ----------------------------------------------------------------------------


def test_tous_les_trois_mois_une_fois(distribution: Distribution) -> None:
    distribution.offre_publiee()
    distribution.offre_publiee()
    Contact.objects.filter(pk=distribution.referent.pk).update(verifie_le=timezone.now())
    recus = []
    for jours in range(0, 200, 2):
        with time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False):
            actions.verifier_les_anciens()
            recus += [(jours, m.courriel) for m in messages_de("verifier_contact")]
            Message.objects.all().delete()
    assert [jours for jours, qui in recus if qui == distribution.rrh.courriel] == [0, 92, 182]
    assert [jours for jours, qui in recus if qui == distribution.referent.courriel] == [92, 182]


def test_qui_doit_deja_une_reponse_n_est_pas_interroge(distribution: Distribution) -> None:
    transmis(distribution)
    actions.verifier_les_anciens()
    assert [m.courriel for m in messages_de("verifier_contact")] == [distribution.rrh.courriel]


# --- Nothing arrives any more ----------------------------------------------------------------------


def test_l_acheteur_trouve_une_autre_adresse(distribution: Distribution) -> None:
    """Told once, on 'Ma journée', with a screen; whoever is named is asked what waits, and only that."""
    positionnement = transmis(distribution)
    offre = positionnement.offre
    marquer_injoignable(distribution.referent.pk, "boite_pleine")
    marquer_injoignable(distribution.referent.pk, "boite_pleine")
    attente = Attente.objects.ouvertes().get(code="trouver_contact")
    assert attente.organisation_id == distribution.acheteur.organisation.pk
    (message,) = messages_de("adresse_a_trouver")
    assert (
        message.courriel == distribution.acheteur.utilisateur.courriel
        and f"/offres/{offre.pk}/contacts/" in message.corps
    )
    client = distribution.acheteur.client()
    assert "Trouver une autre adresse" in client.get("/ma-journee/").content.decode()
    page = client.get(f"/offres/{offre.pk}/contacts/").content.decode()
    assert "un message est revenu aujourd’hui" in page and distribution.referent.courriel in page
    Message.objects.all().delete()
    saisie = {"place": "referent", "nom": distribution.referent.nom, "courriel": "neuve@essai.example"}
    page = client.post(f"/offres/{offre.pk}/contacts/", saisie, follow=True).content.decode()
    assert "nous écrivons tout de suite" in page
    assert [m.courriel for m in messages_de("profil_entreprise")] == ["neuve@essai.example"]
    assert messages_de("verifier_contact") == []
    assert not Attente.objects.ouvertes().filter(code="trouver_contact").exists()
    lu = Contact.objects.get(pk=distribution.referent.pk)
    assert (lu.courriel, lu.injoignable_le) == ("neuve@essai.example", None)


def test_sans_contrat_le_tuteur(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    Offre.objects.filter(pk=tenue.offre_id).update(engagement=None)
    marquer_injoignable(distribution.rrh.pk, "inconnu")
    assert Attente.objects.ouvertes().get(code="trouver_contact").utilisateur_id == distribution.tuteur.utilisateur.pk
    client = distribution.tuteur.client()
    autre = {"place": "rrh", "nom": "Zoé Martin", "courriel": "zoe@essai.example"}
    client.post(f"/offres/{tenue.offre_id}/contacts/", autre)
    offre = Offre.objects.get(pk=tenue.offre_id)
    assert offre.rrh is not None and offre.rrh.nom == "Zoé Martin"
    assert [m.courriel for m in messages_de("verifier_contact")] == ["zoe@essai.example"]
    assert not Attente.objects.ouvertes().filter(code="trouver_contact").exists()


def test_l_acheteur_sans_compte_par_son_lien(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    assert offre.engagement is not None
    marche = offre.engagement.marche
    alix = contact(marche.acheteur)
    marche.suivi_par, marche.contact = None, alix
    marche.save()
    marquer_injoignable(distribution.referent.pk, "inconnu")
    (message,) = messages_de("adresse_a_trouver")
    assert message.courriel == alix.courriel and f"?contacts={offre.pk}" in message.corps
    adresse = "/lien/" + lien_du_marche(marche, alix).split("/lien/")[1] + f"?contacts={offre.pk}"
    assert "À qui écrire" in Client().get(adresse).content.decode()
    Client().post(adresse, {"place": "referent", "nom": "Zoé", "courriel": "zoe@essai.example"})
    offre.refresh_from_db()
    assert offre.referent.nom == "Zoé"


def test_on_ecrit_a_qui_recoit_et_on_ne_propose_pas_a_personne(distribution: Distribution) -> None:
    propose = prepare(distribution)
    marquer_injoignable(distribution.referent.pk, "inconnu")
    propositions.transmettre(distribution.tuteur.contexte, propose.pk)
    assert [m.courriel for m in messages_de("profil_entreprise")] == [distribution.rrh.courriel]
    autre = prepare(distribution)
    marquer_injoignable(distribution.rrh.pk, "inconnu")
    with pytest.raises(TransitionRefusee, match="une autre adresse"):
        propositions.transmettre(distribution.tuteur.contexte, autre.pk)


def test_le_message_revient_le_suivant_est_prevenu_le_jour_meme(distribution: Distribution) -> None:
    """The ladder does not wait for its fifth day at a dead address; the second dead too, the buyer is called."""
    d, propose = distribution, transmis(distribution)
    attente = Attente.objects.get(code="repondre", objet_id=propose.pk)
    marquer_injoignable(d.referent.pk, "550")
    assert [m.courriel for m in messages_de("reponse_relance")] == [d.rrh.courriel]
    assert "rrh" in set(attente.rappels.values_list("echelon", flat=True)) and not messages_de("reponse_silence")
    actions.chercher_les_adresses_mortes()
    assert len(messages_de("reponse_relance")) == 1, "le soir, personne n'est prévenu une seconde fois"
    with time_machine.travel(il_y_a(-5), tick=False):
        relever()
    assert len(messages_de("reponse_relance")) == 1, "rien ne part plus vers l'adresse morte"
    marquer_injoignable(d.rrh.pk, "550")
    assert [m.courriel for m in messages_de("reponse_silence")] == [d.acheteur.utilisateur.courriel]
    actions.chercher_les_adresses_mortes()
    assert not attente.rappels.filter(echelon="courrier").exists(), "la lettre attend l'échéance"
    attente.refresh_from_db()
    assert attente.close_le is None


@pytest.mark.parametrize("comment", ["pause", "reponse", "autre"])
def test_un_message_revenu_ne_reveille_ni_une_pause_ni_une_reponse(distribution: Distribution, comment: str) -> None:
    d, propose = distribution, transmis(distribution)
    attente = Attente.objects.get(code="repondre", objet_id=propose.pk)
    if comment == "pause":
        jour = timezone.localdate() + dt.timedelta(days=9)
        mettre_en_pause(d.tuteur.contexte, attente.pk, jusqu_au=jour, raison="fermé pour congés")
    elif comment == "reponse":
        propositions.refuser(d.contexte_referent, propose.pk, motif="dates", precisions="Non.")
    marquer_injoignable(d.rrh.pk if comment == "autre" else d.referent.pk, "550")
    assert not messages_de("reponse_relance"), comment


def test_personne_ne_trouve_la_coordination_l_apprend(distribution: Distribution) -> None:
    distribution.offre_publiee()
    marquer_injoignable(distribution.referent.pk, "inconnu")
    for jours in (1, 5, 10, 30):
        with time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False):
            relever()
    assert [m.courriel for m in messages_de("adresse_relais")] == [distribution.coordonnateur.utilisateur.courriel]


def test_une_marque_posee_ailleurs_est_rattrapee_le_soir(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    Contact.objects.filter(pk=distribution.rrh.pk).update(injoignable_le=timezone.now())
    actions.chercher_les_adresses_mortes()
    actions.chercher_les_adresses_mortes()
    assert Attente.objects.filter(code="trouver_contact", objet_id=offre.pk).count() == 1
    assert len(messages_de("adresse_a_trouver")) == 1


@pytest.mark.parametrize(
    ("saisie", "mots"),
    [
        ({}, "Quel contact"),
        ({"place": "ailleurs"}, "liste"),
        ({"courriel": "x"}, "adresse"),
        ({"nom": "é" * 5000}, "trop long"),
        ({"nom": "a\x00b"}, "invisible"),
        ({"courriel": "MEME"}, "quelqu&#x27;un d&#x27;autre"),
    ],
)
def test_donner_un_contact_impossible(distribution: Distribution, saisie: dict[str, str], mots: str) -> None:
    offre = distribution.offre_publiee()
    base = {"place": "referent", "nom": "Zoé", "courriel": "z@essai.example"} if saisie else {"nom": ""}
    envoi = {cle: distribution.rrh.courriel if valeur == "MEME" else valeur for cle, valeur in (base | saisie).items()}
    reponse = distribution.acheteur.client().post(f"/offres/{offre.pk}/contacts/", envoi)
    assert reponse.status_code == 422 and mots in reponse.content.decode()


# --- Handed over, taken back -----------------------------------------------------------------------


def confier(adresse: str, **champs: str) -> Any:
    saisie = {"nom": "Karim", "fonction": "", "courriel": "karim@essai.example", "telephone": ""} | champs
    return Client().post(f"{adresse}confier/", saisie)


def test_reprendre_ce_que_l_on_a_confie(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    adresse = (
        "/lien/"
        + liens.creer_pour_contact("parcours.repondre", positionnement.pk, distribution.referent).split("/lien/")[1]
    )
    page = confier(adresse).content.decode()
    assert "Vous pouvez reprendre jusqu’à" in page
    offre = Offre.objects.get(pk=positionnement.offre.pk)
    assert offre.referent.nom == "Karim"
    (recu,) = Message.objects.filter(code="comptes.lien_passe")
    assert f"{adresse}reprendre/" in recu.corps and recu.courriel == distribution.referent.courriel
    assert "c’est confié" in Client().get(f"{adresse}reprendre/").content.decode()
    mort = Client().get(adresse).content.decode()
    assert "Vous l’avez confié à un collègue" in mort and f"{adresse}reprendre/" in mort
    page = Client().post(f"{adresse}reprendre/", follow=True).content.decode()
    assert "C’est repris" in page and "Choisissez un moment" in page
    offre.refresh_from_db()
    assert offre.referent_id == distribution.referent.pk
    assert Attente.objects.ouvertes().get(code="repondre").contact_id == distribution.referent.pk
    (dit,) = Message.objects.filter(code="comptes.lien_repris")
    assert dit.courriel == "karim@essai.example"
    assert not LienAction.objects.filter(contact=Contact.objects.get(nom="Karim"), revoque_le=None).exists()
    assert Client().post(f"{adresse}reprendre/").status_code == 302  # a second click changes nothing
    assert Message.objects.filter(code="comptes.lien_repris").count() == 1


def test_une_heure_apres_on_ne_reprend_plus(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    adresse = (
        "/lien/"
        + liens.creer_pour_contact("parcours.repondre", positionnement.pk, distribution.referent).split("/lien/")[1]
    )
    confier(adresse)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61), tick=False):
        assert "Demandez-lui de vous le confier" in Client().post(f"{adresse}reprendre/", follow=True).content.decode()
    assert Offre.objects.get(pk=positionnement.offre.pk).referent.nom == "Karim"


def test_un_collegue_deja_connu_ne_se_reprend_pas(distribution: Distribution) -> None:
    """He may already stand elsewhere on the offer: what would come back is not certain, so nothing does."""
    positionnement = transmis(distribution)
    adresse = (
        "/lien/"
        + liens.creer_pour_contact("parcours.repondre", positionnement.pk, distribution.referent).split("/lien/")[1]
    )
    page = confier(adresse, courriel=distribution.rrh.courriel).content.decode()
    assert "reprendre jusqu’à" not in page and "Demandez à votre collègue" in page
