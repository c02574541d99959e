"""Fifteen days, a ladder, an owner: nobody answers, and each rung falls once, on its day."""

import datetime as dt
import re
from collections import Counter

import time_machine
from django.core import mail
from django.test import Client

from raccord.comptes import liens
from raccord.echeances.echelle import relever
from raccord.echeances.facteur import expedier
from raccord.echeances.models import Attente, Message, Rappel
from raccord.parcours.actions import contacts, reponse
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.models import Offre
from raccord.socle.models import Journal
from tests.distribution import Distribution, contact
from tests.fabriques_positionnement import jour, lien_de, messages_de, transmis

DEPART = dt.datetime(2026, 10, 6, 10, 0, tzinfo=dt.UTC)


def apres(jours: float) -> int:
    with time_machine.travel(DEPART + dt.timedelta(days=jours), tick=False):
        return relever()


def test_l_echelle_jour_apres_jour(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    Message.objects.all().delete()
    barreaux = {}
    for jours in range(25):
        apres(jours)
        for rappel in Rappel.objects.filter(attente__code="repondre"):
            barreaux.setdefault(rappel.echelon, jours)
    # No second contact: human resources are told the same day. The 15th day is the company's, whole.
    assert barreaux == {"referent": 0, "second": 3, "rrh": 3, "acheteur": 7, "courrier": 16}
    assert {rappel.echelon: rappel.issue for rappel in Rappel.objects.filter(attente__code="repondre")} == {
        "referent": "dit",
        "second": "absent",
        "rrh": "dit",
        "acheteur": "dit",
        "courrier": "dit",
    }
    assert {message.courriel for message in messages_de("reponse_relance")} == {
        distribution.referent.courriel,
        distribution.rrh.courriel,
    }
    assert [m.courriel for m in messages_de("reponse_silence")] == [distribution.acheteur.utilisateur.courriel]
    assert {m.courriel for m in messages_de("reponse_depassee")} == {
        distribution.tuteur.utilisateur.courriel,
        distribution.coordonnateur.utilisateur.courriel,
    }
    assert len(messages_de("reponse_depassee_acheteur")) == 1
    (au_jeune,) = messages_de("retard_jeune")
    assert au_jeune.jeune_id == positionnement.jeune.pk and "ne vient pas de vous" in au_jeune.corps
    positionnement.refresh_from_db()
    attente = Attente.objects.ouvertes().get(objet_id=positionnement.pk, code="repondre")
    assert positionnement.etat == "transmis" and attente.proprietaire == "Menuiserie Dubois"
    with time_machine.travel(DEPART + dt.timedelta(days=17), tick=False):
        assert attente.en_retard
    textes = [ligne.texte for ligne in Journal.objects.du_fil(positionnement.pk).filter(acteur_genre="systeme")]
    assert len(textes) == 6, textes  # five rungs, and the letter that the buyer did not send
    assert "a prévenu l'acheteur" in textes


def test_chaque_relance_a_son_lien(distribution: Distribution) -> None:
    transmis(distribution)
    apres(3)
    corps = [message.corps for message in messages_de("reponse_relance")]
    secrets = [set(re.findall(r"/lien/([^/\s]+)/", texte)) for texte in corps]
    assert [len(secret) for secret in secrets] == [1, 1] and secrets[0] != secrets[1]


def test_la_page_du_jeune_dit_la_verite_a_chaque_date(distribution: Distribution) -> None:
    """Waiting, late, in contact: the dated words, and whom to call."""
    positionnement = transmis(distribution)
    page = liens.creer_pour_jeune("parcours.jeune", positionnement.pk, positionnement.jeune.pk).split("/lien/")[1]
    assert "répond au plus tard le mercredi 21 octobre 2026" in Client().get(f"/lien/{page}").content.decode()
    with time_machine.travel(DEPART + dt.timedelta(days=17), tick=False):
        lu = Client().get(f"/lien/{page}").content.decode()
        assert "ne l’a pas fait. Cela ne vient pas de vous" in lu and distribution.tuteur.utilisateur.nom in lu
    actions.contre_proposer(distribution.contexte_referent, positionnement.pk, creneaux=[jour(6)])
    reponse.acter(positionnement.pk)
    assert "sont en contact" in Client().get(f"/lien/{page}").content.decode()


def test_une_reponse_arrete_l_echelle(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    actions.contre_proposer(distribution.contexte_referent, positionnement.pk, creneaux=[jour(6)])
    assert apres(30) >= 0
    assert messages_de("reponse_relance") == [] and messages_de("reponse_depassee") == []


def test_de_nouveaux_creneaux_ne_rendent_pas_de_jours(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    avant = Attente.objects.ouvertes().get(code="repondre")
    with time_machine.travel(DEPART + dt.timedelta(days=8), tick=False):
        actions.reproposer(distribution.tuteur.contexte, positionnement.pk, creneaux=[jour(2), jour(3)], lieu="Ici")
    apres_ = Attente.objects.ouvertes().get(code="repondre")
    assert (apres_.pk, apres_.echeance) == (avant.pk, avant.echeance)
    assert len(messages_de("creneaux_nouveaux")) == 1


def test_le_compte_a_rebours_est_vu_de_tous(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    adresse = f"/propositions/{positionnement.pk}/"
    apres(3)
    for nom in ("tuteur", "tuteur_collegue", "coordonnateur", "acheteur", "national"):
        with time_machine.travel(DEPART + dt.timedelta(days=6), tick=False):
            page = getattr(distribution, nom).client().get(adresse).content.decode()
            assert "il reste 9\u00a0jours" in page and "En attente de <strong>Menuiserie Dubois</strong>" in page, nom
            assert "Depuis 6\u00a0jours · 2\u00a0rappels, le dernier vendredi · prochain demain" in page, nom
            assert "Prévenu le 9 octobre 2026 : le second contact" in page, nom
            assert "À prévenir le 13 octobre 2026 : l&#x27;acheteur" in page, nom
            assert (distribution.rrh.nom in page) == (nom in ("tuteur", "acheteur", "national")), nom
        with time_machine.travel(DEPART + dt.timedelta(days=18), tick=False):
            page = getattr(distribution, nom).client().get(adresse).content.decode()
            assert "en retard de 3\u00a0jours" in page, nom


def test_une_offre_sans_marche_a_quelqu_un_quand_meme(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    Offre.objects.filter(pk=positionnement.offre.pk).update(engagement=None)
    apres(11)
    assert messages_de("reponse_silence") == []
    assert [m.courriel for m in messages_de("reponse_silence_programme")] == [
        distribution.coordonnateur.utilisateur.courriel
    ]
    assert Rappel.objects.get(echelon="acheteur").prevenus == [distribution.coordonnateur.utilisateur.pk]


# --- Bad days --------------------------------------------------------------------------------------


def test_un_contact_change_d_adresse_entre_deux_echelons(distribution: Distribution) -> None:
    """The next rung writes to the present address; the link of the first message still opens."""
    contact(distribution.entreprise, verifie_le=DEPART)
    positionnement = transmis(distribution)
    ancien = lien_de(positionnement, distribution.referent)
    with time_machine.travel(DEPART + dt.timedelta(days=1), tick=False):
        contacts.corriger(distribution.contexte_referent, courriel="neuve@essai.example", telephone="")
    apres(3)
    assert "neuve@essai.example" in {message.courriel for message in messages_de("reponse_relance")}
    assert distribution.referent.courriel not in {message.courriel for message in messages_de("reponse_relance")}
    assert Client().get(ancien).status_code == 200


def test_arretee_un_long_week_end_la_boucle_n_inonde_personne(distribution: Distribution) -> None:
    """Six silences fell due meanwhile: each person receives one mail that carries them all."""
    for _ in range(6):
        transmis(distribution)
    expedier()
    mail.outbox.clear()
    assert apres(17) > 6
    with time_machine.travel(DEPART + dt.timedelta(days=17, minutes=3), tick=False):
        expedier()
    recus = Counter(lettre.to[0] for lettre in mail.outbox)
    assert set(recus.values()) == {1}, recus
    du_tuteur = next(lettre for lettre in mail.outbox if lettre.to == [distribution.tuteur.utilisateur.courriel])
    assert "6\xa0messages pour vous" in du_tuteur.subject
