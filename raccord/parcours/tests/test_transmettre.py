"""Sending: the clock starts, each is told what is theirs, nothing by which the young person could be recognised."""

import datetime as dt

import pytest
import time_machine

from raccord.documents.models import Document
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.models import Offre, Reservation
from raccord.socle.exceptions import DejaFait, TransitionRefusee
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.fabriques_positionnement import jour, messages_de, prepare, reservation, transmis


def test_transmettre(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    assert positionnement.etat == "transmis" and positionnement.transmis_le is not None
    (attente,) = Attente.objects.ouvertes().filter(objet_id=positionnement.pk)
    assert (attente.code, attente.contact_id) == ("repondre", distribution.referent.pk)
    assert attente.proprietaire == "Menuiserie Dubois"
    assert (attente.echeance - attente.ouverte_le).days == 15
    assert not Attente.objects.ouvertes().filter(code="agir_reservation").exists()


def test_qui_est_prevenu(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    offre = positionnement.offre
    (entreprise,) = messages_de("profil_entreprise")
    assert entreprise.courriel == distribution.referent.courriel
    for mot in ("2026-042", "Ville de Lille", "choisissez un moment", "21 octobre 2026", "/lien/", "Ce n'est pas vous"):
        assert mot in entreprise.corps + entreprise.sujet, mot
    (acheteur,) = messages_de("profil_acheteur")
    assert acheteur.courriel == distribution.acheteur.utilisateur.courriel
    assert "21 octobre 2026" in acheteur.corps and offre.entreprise.nom in acheteur.sujet
    assert {message.courriel for message in messages_de("profil_territoire")} == {
        distribution.coordonnateur.utilisateur.courriel
    }
    (jeune,) = messages_de("profil_jeune")
    assert jeune.jeune_id == positionnement.jeune.pk and "/lien/" in jeune.corps


def test_sans_referent_les_ressources_humaines(distribution: Distribution) -> None:
    tenue = reservation(distribution)
    Offre.objects.filter(pk=tenue.offre_id).update(referent=None)
    actions.transmettre(distribution.tuteur.contexte, prepare(distribution, tenue).pk)
    assert [message.courriel for message in messages_de("profil_entreprise")] == [distribution.rrh.courriel]


def test_un_jeune_sans_adresse(distribution: Distribution) -> None:
    tenue = reservation(distribution, courriel="", telephone="")
    actions.transmettre(distribution.tuteur.contexte, prepare(distribution, tenue).pk)
    assert messages_de("profil_jeune") == []
    tenue = reservation(distribution, courriel="", telephone="+33611111111")
    actions.transmettre(distribution.tuteur.contexte, prepare(distribution, tenue).pk)
    assert [message.telephone for message in messages_de("profil_jeune")] == ["+33611111111"]


def test_aucun_message_ne_nomme_le_jeune(distribution: Distribution) -> None:
    """The whole life of a proposal, every kind of message: neither name, nor age, nor the profile's words."""
    tenue = reservation(distribution, prenom="Zoélie", nom="Quintrand")
    positionnement = prepare(distribution, tenue, presentation="Aime la zoologie marine.")
    moi, elle = distribution.tuteur.contexte, distribution.contexte_referent
    actions.transmettre(moi, positionnement.pk)
    for jours in (6, 11, 16):
        with time_machine.travel(jour(0, 9) + dt.timedelta(days=jours), tick=False):
            relever()
    actions.reproposer(moi, positionnement.pk, creneaux=[jour(20)], lieu="Là")
    actions.contre_proposer(elle, positionnement.pk, creneaux=[jour(21)])
    actions.choisir(moi, positionnement.pk, creneau_id=positionnement.creneaux.get(propose_par="entreprise").pk)
    actions.refuser(elle, positionnement.pk, motif="autre", precisions="Zoélie ?", apres_accord=True)
    actions.annoncer(moi, positionnement.pk)
    textes = {message.code: message.sujet + message.corps for message in Message.objects.order_by("pk")}
    assert len({code for code in textes if "profil" in code or "re" in code}) >= 15
    for code, texte in textes.items():
        for secret in ("Zoélie", "Quintrand", "17 ans", "zoologie"):
            assert secret not in texte, f"{secret} dans {code}"
    for ligne in Journal.objects.order_by("pk"):
        assert not any(secret in ligne.texte + str(ligne.faits) for secret in ("Zoélie", "Quintrand", "zoologie"))


def test_deux_clics(distribution: Distribution) -> None:
    positionnement = prepare(distribution)
    client = distribution.tuteur.client()
    adresse = f"/propositions/{positionnement.pk}/apercu/"
    assert client.post(adresse).status_code == 302
    reponse = client.post(adresse, follow=True)
    assert "C&#x27;est déjà fait" in reponse.content.decode() or "déjà" in reponse.content.decode()
    assert len(messages_de("profil_entreprise")) == 1


def test_qui_ne_peut_pas_envoyer(distribution: Distribution) -> None:
    positionnement = prepare(distribution)
    for personne in (distribution.tuteur_collegue, distribution.tuteur_etranger):
        with pytest.raises(TransitionRefusee):
            actions.transmettre(personne.contexte, positionnement.pk)
    Reservation.objects.filter(pk=positionnement.reservation_id).update(etat="caduque")
    with pytest.raises(TransitionRefusee, match="n'est plus réservée"):
        actions.transmettre(distribution.tuteur.contexte, positionnement.pk)


def test_sans_profil_ni_creneau(distribution: Distribution) -> None:
    positionnement = prepare(distribution)
    Document.objects.filter(objet_id=positionnement.pk).delete()
    positionnement.presentation = " \n"
    positionnement.save()
    with pytest.raises(TransitionRefusee, match="quelques lignes"):
        actions.transmettre(distribution.tuteur.contexte, positionnement.pk)
    positionnement.presentation = "Voilà."
    positionnement.save()
    with time_machine.travel(jour(9), tick=False), pytest.raises(TransitionRefusee, match="créneau à venir"):
        actions.transmettre(distribution.tuteur.contexte, positionnement.pk)


def test_deja_transmis(distribution: Distribution) -> None:
    with pytest.raises(DejaFait):
        actions.transmettre(distribution.tuteur.contexte, transmis(distribution).pk)
