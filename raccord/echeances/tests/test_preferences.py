"""How each person wants to be written to."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.echeances.facteur import expedier
from raccord.echeances.models import Message, Preference
from raccord.echeances.preferences import apres_le_silence, decider
from raccord.socle import calendrier
from raccord.socle.courrier import LECTEURS, REGISTRE, Destinataire, a_couper, envoyer
from tests import coulisses
from tests.distribution import Distribution
from tests.fabriques_positionnement import lien_de, transmis

ICI = "/mon-compte/preferences/"
MUTABLE = "parcours.refus_tuteur"


def tout_expedier() -> int:
    with coulisses.fermees():
        expedier()
    return len(mail.outbox)


def formulaire(**champs: object) -> dict[str, object]:
    return {
        "canal": "courriel",
        "rythme": "un_par_un",
        "silence_de": "",
        "silence_a": "",
        "fuseau": "Europe/Paris",
        "recus": [un.code for un in a_couper(Role.TUTEUR)],
    } | champs


def deposer(code: str, qui: Destinataire, fois: int = 1) -> list[Message]:
    """Real types, with the words of the digest's own template: any will do."""
    avant = set(Message.objects.values_list("pk", flat=True))
    donnees = {
        "entreprise": "Menuiserie", "raison": "dates", "marche": "", "reference": "", "page": "https://ici.example/p/1",
        "commune": "Lille", "intitule": "Atelier",
    }  # fmt: skip
    with transaction.atomic():
        for _ in range(fois):
            envoyer(REGISTRE[code], [qui], donnees)
    return list(Message.objects.exclude(pk__in=avant).order_by("cree_le"))


def test_chaque_message_a_couper_a_ses_lecteurs() -> None:
    """Add yours to parcours/messages/lecteurs.py: somebody must be able to do without it."""
    mutables = {code for code, un in REGISTRE.items() if not un.contractuel and code.split(".")[0] != "essai"}
    assert mutables == set(LECTEURS)


def test_la_page_dit_ce_qui_se_coupe_et_pourquoi_le_reste_non(distribution: Distribution) -> None:
    client = distribution.tuteur.client()
    page = client.get(ICI).content.decode()
    assert "dit non" in page and "Votre titulaire" not in page, "les siens seulement"
    assert "Certains messages arrivent toujours" in page and "contrat" in page
    assert "Choisir mes messages" in client.get("/mon-compte/").content.decode()
    envoi = formulaire(
        recus=["parcours.rencontre_demain"], rythme="recapitulatif", silence_de="21:00", silence_a="07:00"
    )
    assert client.post(ICI, envoi).status_code == 302
    preference = Preference.objects.get()
    assert MUTABLE in preference.coupes and "parcours.rencontre_demain" not in preference.coupes
    assert (preference.rythme, preference.silence_de) == ("recapitulatif", dt.time(21))
    page = client.get(ICI).content.decode()
    assert page.count("checked") >= 3 and 'value="21:00"' in page
    client.post(ICI, formulaire())
    assert Preference.objects.get().coupes == []


@pytest.mark.parametrize(
    "champs",
    [
        {"silence_de": "21:00"},
        {"silence_a": "07:00"},
        {"silence_de": "08:00", "silence_a": "08:00"},
        {"silence_de": "25:00", "silence_a": "7"},
        {"canal": "pigeon"},
        {"fuseau": "Mars/Olympe"},
        {"recus": ["parcours.profil_entreprise"]},
    ],
)
def test_mauvaises_saisies(distribution: Distribution, champs: dict[str, object]) -> None:
    reponse = distribution.tuteur.client().post(ICI, formulaire(**champs))
    assert reponse.status_code == 422 and not Preference.objects.exists()


def test_par_son_lien(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    lien = lien_de(positionnement, distribution.referent)
    client = Client()
    assert f"{lien}preferences/" in client.get(lien).content.decode()
    page = client.get(f"{lien}preferences/").content.decode()
    assert "votre contrat prévoit cette clause" in page and "Rappel de la rencontre, la veille" in page
    assert client.post(f"{lien}preferences/", formulaire(recus=[])).status_code == 302
    assert Preference.objects.get().contact_id == distribution.referent.pk
    assert "parcours.rencontre_demain_entreprise" in Preference.objects.get().coupes
    du_jeune = (
        "/" + liens.creer_pour_jeune("parcours.jeune", positionnement.pk, positionnement.jeune.pk).split("/", 3)[3]
    )
    page = client.get(f"{du_jeune}preferences/").content.decode()
    assert "vos droits" in page and "Votre rencontre est fixée" in page and "titulaire" not in page
    assert client.post(f"{du_jeune}preferences/", formulaire(canal="sms", recus=[])).status_code == 302
    assert Preference.objects.get(jeune_id=positionnement.jeune.pk).canal == "sms"
    assert client.get("/lien/inconnu/preferences/").status_code == 404


def test_le_contractuel_ne_se_coupe_pas(distribution: Distribution) -> None:
    qui = distribution.tuteur.utilisateur.destinataire()
    Preference.objects.create(
        utilisateur_id=qui.utilisateur_id, coupes=[MUTABLE, "parcours.passation"], rythme="recapitulatif"
    )
    maintenant = timezone.now()
    assert decider(REGISTRE["parcours.passation"], qui, maintenant).envoi == "seul"
    (coupe,) = deposer(MUTABLE, qui)
    assert coupe.envoi == "coupe" and tout_expedier() == 0
    coupe.refresh_from_db()
    assert coupe.envoye_le is None, "gardé, marqué, jamais parti"


def test_un_recapitulatif_par_jour(distribution: Distribution) -> None:
    qui, autre = distribution.tuteur.utilisateur.destinataire(), distribution.tuteur_collegue.utilisateur.destinataire()
    for un in (qui, autre):
        Preference.objects.create(utilisateur_id=un.utilisateur_id, rythme="recapitulatif")
    deposer(MUTABLE, qui, 3)
    deposer(MUTABLE, autre)
    assert tout_expedier() == 0
    with time_machine.travel(dt.datetime(2026, 10, 7, 8, 1, tzinfo=calendrier.PARIS), tick=False):
        assert tout_expedier() == 2
        assert tout_expedier() == 2, "une fois"
    (le_mien,) = [un for un in mail.outbox if un.to == [qui.courriel]]
    assert "3\xa0nouvelles" in le_mien.subject and le_mien.body.count("https://ici.example/p/1") == 3
    assert "Bonjour,\n\nBonjour" not in le_mien.body
    recap = Message.objects.get(code="echeances.recapitulatif", courriel=qui.courriel)
    assert recap.reunis.count() == 3 and not recap.reunis.filter(envoye_le=None).exists(), "repris : partis avec lui"


def test_une_boucle_arretee_trois_jours_n_en_ecrit_qu_un(distribution: Distribution) -> None:
    qui = distribution.tuteur.utilisateur.destinataire()
    Preference.objects.create(utilisateur_id=qui.utilisateur_id, rythme="recapitulatif")
    for jours in range(3):
        with time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False):
            deposer(MUTABLE, qui)
    with time_machine.travel(timezone.now() + dt.timedelta(days=4), tick=False):
        assert tout_expedier() == 1


@pytest.mark.parametrize(
    ("heure", "attendu"),
    [
        ("2026-10-06T20:59", "2026-10-06T20:59"),
        ("2026-10-06T21:00", "2026-10-07T07:00"),
        ("2026-10-07T02:00", "2026-10-07T07:00"),
        ("2026-10-07T07:00", "2026-10-07T07:00"),
        ("2026-10-24T23:30", "2026-10-25T07:00"),  # the long night
        ("2027-03-27T23:30", "2027-03-28T07:00"),  # the short one
    ],
)
def test_les_heures_de_silence(heure: str, attendu: str) -> None:
    preference = Preference(silence_de=dt.time(21), silence_a=dt.time(7))
    moment = dt.datetime.fromisoformat(heure).replace(tzinfo=calendrier.PARIS)
    assert apres_le_silence(preference, moment) == dt.datetime.fromisoformat(attendu).replace(tzinfo=calendrier.PARIS)


@pytest.mark.parametrize("fin", ["02:30", "03:30"])
def test_un_silence_qui_finit_a_une_heure_qui_n_existe_pas(fin: str) -> None:
    preference = Preference(silence_de=dt.time(23), silence_a=dt.time.fromisoformat(fin))
    moment = dt.datetime(2027, 3, 28, 1, 0, tzinfo=calendrier.PARIS)
    sorti = apres_le_silence(preference, moment)
    assert moment < sorti <= moment + dt.timedelta(hours=3)


def test_ce_qu_on_attend_devant_l_ecran_part_la_nuit(distribution: Distribution) -> None:
    qui = distribution.tuteur.utilisateur.destinataire()
    Preference.objects.create(utilisateur_id=qui.utilisateur_id, silence_de=dt.time(0), silence_a=dt.time(23))
    maintenant = timezone.now()
    assert decider(REGISTRE["comptes.connexion"], qui, maintenant).le == maintenant
    assert decider(REGISTRE["parcours.passation"], qui, maintenant).le > maintenant


@pytest.mark.django_db
def test_le_canal_est_celui_qu_il_y_a() -> None:
    type_message = REGISTRE[MUTABLE]
    for courriel, telephone, canal in (("a@b.example", "", "courriel"), ("", "+33600000000", "sms")):
        destinataire = Destinataire(courriel=courriel, telephone=telephone)
        with coulisses.fermees():
            assert decider(type_message, destinataire, timezone.now()).canal == canal


@pytest.mark.parametrize("role", Role)
def test_chaque_message_est_nomme_pour_qui_le_recoit(role: Role) -> None:
    """Not as the team tells them apart: « …, aux représentants légaux d'un mineur », to a mother."""
    for type_message in a_couper(role):
        assert not re.search(r"(, à l'|, au |, aux |, à la |: au |: à )", type_message.description)
