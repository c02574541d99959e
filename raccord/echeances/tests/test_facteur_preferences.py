"""The postman and each one's preferences: by which road, in which digest, with what a calendar reads."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from raccord.echeances.boite import retirer
from raccord.echeances.facteur import RECAPITULATIF, expedier
from raccord.echeances.models import Message, Preference
from raccord.echeances.sms import Enregistre
from raccord.socle import calendrier
from raccord.socle.courrier import REGISTRE, Destinataire, envoyer
from raccord.socle.models import ObjetSuivi
from tests.distribution import Distribution

MUTABLE, CONTRACTUEL = "parcours.refus_tuteur", "comptes.confirmation_changee"
DEMAIN_MATIN = dt.datetime(2026, 10, 7, 8, 1, tzinfo=calendrier.PARIS)
AGENDA = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nPRODID:-//essai//FR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def offre(distribution: Distribution) -> ObjetSuivi:
    offre = distribution.offre_publiee()
    Message.objects.all().delete()
    Enregistre.envoyes.clear()
    return offre


@pytest.fixture
def qui(distribution: Distribution) -> Destinataire:
    return Destinataire(
        courriel="tuteur@essai.example",
        telephone="+33600000000",
        utilisateur_id=distribution.tuteur.utilisateur.pk,
        organisation_id=distribution.tuteur.organisation.pk,
    )


def prefere(qui: Destinataire, **choix: Any) -> None:
    Preference.objects.create(utilisateur_id=qui.utilisateur_id, **choix)


def deposer(qui: Destinataire, objet: ObjetSuivi, fois: int = 1, code: str = MUTABLE, **donnees: Any) -> list[Message]:
    avant = set(Message.objects.values_list("pk", flat=True))
    mots = {
        "entreprise": "Menuiserie", "raison": "dates", "marche": "", "reference": "", "page": "https://ici.example/p/1",
        "commune": "Lille", "intitule": "Atelier", "quoi": "le téléphone a changé",
    }  # fmt: skip
    with transaction.atomic():
        for _ in range(fois):
            envoyer(REGISTRE[code], [qui], mots | donnees, objet=objet)
    return list(Message.objects.exclude(pk__in=avant).order_by("cree_le"))


@pytest.mark.parametrize(("canal", "lettres", "courts"), [("courriel", 1, 0), ("sms", 0, 1), ("deux", 1, 1)])
def test_par_le_chemin_choisi(offre: ObjetSuivi, qui: Destinataire, canal: str, lettres: int, courts: int) -> None:
    """One line for each road: what one of them refuses is not sent twice by the other."""
    prefere(qui, canal=canal)
    assert len(deposer(qui, offre)) == lettres + courts
    assert expedier().envoyes == lettres + courts
    assert (len(mail.outbox), len(Enregistre.envoyes)) == (lettres, courts)


def test_un_message_coupe_ne_part_jamais(offre: ObjetSuivi, qui: Destinataire) -> None:
    """Not alone, nor in a digest with others."""
    prefere(qui, coupes=[MUTABLE])
    (coupe,) = deposer(qui, offre)
    for _ in range(3):
        Message.objects.create(
            code="essai", sujet="s", corps="c", courriel=qui.courriel, utilisateur_id=qui.utilisateur_id,
            organisation_id=qui.organisation_id, objet_id=uuid4(),
        )  # fmt: skip
    assert expedier().envoyes == 1
    coupe.refresh_from_db()
    assert coupe.envoye_le is None and coupe.reuni_dans is None and coupe.sujet not in mail.outbox[0].body


def test_une_invitation_n_est_reunie_a_rien(offre: ObjetSuivi, qui: Destinataire) -> None:
    """Neither in the digest that was chosen nor in the one of too many at once: a calendar would lose it."""
    prefere(qui, rythme="recapitulatif")
    deposer(qui, offre, 2, calendrier=lambda _: AGENDA)
    assert expedier().envoyes == 2, "aussitôt : pas demain matin"
    Preference.objects.all().delete()
    deposer(qui, offre, 4, calendrier=lambda _: AGENDA)
    assert expedier().envoyes == 4
    for lettre in mail.outbox:
        (partie,) = [p for p in lettre.message().walk() if p.get_content_type() == "text/calendar"]
        assert partie.get_param("method") == "REQUEST"


def test_une_ligne_n_est_que_d_un_recapitulatif(offre: ObjetSuivi, qui: Destinataire) -> None:
    """What is wanted once a day waits for its hour; what is too much at once is gathered now, without it."""
    prefere(qui, rythme="recapitulatif")
    du_jour = deposer(qui, offre, 2)
    contractuels = deposer(qui, offre, 3, code=CONTRACTUEL)
    assert expedier().envoyes == 1 and "3\xa0messages pour vous" in mail.outbox[0].subject
    with time_machine.travel(DEMAIN_MATIN, tick=False):
        deposer(qui, offre, 2, code=CONTRACTUEL)
        assert expedier().envoyes == 3
    (recap,) = [lettre for lettre in mail.outbox if "récapitulatif" in lettre.subject]
    assert "2\xa0nouvelles" in recap.subject and recap.body.count("https://ici.example/p/1") == 2
    recueils = {message.pk: set(message.reunis.all()) for message in Message.objects.filter(code=RECAPITULATIF)}
    assert sorted(map(len, recueils.values())) == [2, 3] and set(du_jour) | set(contractuels) == set.union(
        *recueils.values()
    )


def test_ce_qui_attend_la_meme_heure_part_dans_l_ordre(offre: ObjetSuivi, qui: Destinataire) -> None:
    """The invitation, then its cancellation, when both waited for the end of the quiet hours."""
    prefere(qui, silence_de=dt.time(0), silence_a=dt.time(23, 59))
    ecrits = []
    for rang in range(12):
        with time_machine.travel(timezone.now() + dt.timedelta(seconds=rang), tick=False):
            ecrits += deposer(qui, offre, calendrier=lambda _: AGENDA)
    fin = max(message.prochain_essai for message in ecrits)
    assert expedier().envoyes == 0
    Message.objects.update(prochain_essai=fin)
    with time_machine.travel(fin + dt.timedelta(seconds=1), tick=False):
        assert expedier().envoyes == 12
    identifiants = [lettre.extra_headers["Message-ID"].strip("<>").split("@")[0] for lettre in mail.outbox]
    assert identifiants == [str(message.pk) for message in ecrits]


def test_un_recueil_vide_ne_part_pas(offre: ObjetSuivi, qui: Destinataire) -> None:
    """Its messages were withdrawn between two tries."""
    ecrits = deposer(qui, offre, 3)
    recueil = Message.objects.create(code=RECAPITULATIF, sujet="3 messages", courriel=qui.courriel)
    Message.objects.filter(pk__in=[message.pk for message in ecrits]).update(reuni_dans=recueil)
    assert retirer([MUTABLE], offre) == 3
    assert expedier().envoyes == 0 and not mail.outbox
    assert not Message.objects.en_file().exists()
