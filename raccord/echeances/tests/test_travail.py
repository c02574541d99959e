"""The worker as `make demo` and production run it: a process that hears the outbox and stops when asked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, transaction

from raccord.echeances import retours, travail
from raccord.echeances.models import Message, Passage
from raccord.echeances.sante import BOUCLE
from raccord.echeances.tests.test_kill import RACINE, ecrire, environnement
from tests.postes import Comptoir, comptoir, guichet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.horloge_reelle]
LONGTEMPS = 60.0


def attendre(vrai: Callable[[], Any]) -> None:
    """Until it is so; nothing is measured."""
    fin = time.monotonic() + LONGTEMPS
    while not vrai():
        assert time.monotonic() < fin, "rien n'est venu"
        time.sleep(0.05)


@pytest.fixture
def poste() -> Iterator[Comptoir]:
    with comptoir() as poste:
        yield poste


@pytest.fixture
def lancer(poste: Comptoir) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """`raccord travailler`, as often as asked."""
    processus: list[subprocess.Popen[bytes]] = []
    with guichet() as sms:

        def lancer(*options: str) -> "subprocess.Popen[bytes]":
            commande = [sys.executable, "-m", "raccord", "travailler", *options]
            processus.append(subprocess.Popen(commande, cwd=RACINE, env=environnement(poste, sms)))
            return processus[-1]

        yield lancer
    for lance in processus:
        if lance.poll() is None:
            lance.kill()
            lance.wait()


def test_il_entend_la_boite_et_s_arrete_quand_on_le_demande(
    poste: Comptoir, lancer: Callable[..., "subprocess.Popen[bytes]"]
) -> None:
    ouvrier = lancer()
    attendre(lambda: Passage.objects.filter(nom=BOUCLE).exists())
    with transaction.atomic():
        ecrire("annule@essai.example")
        transaction.set_rollback(True)
    for n in range(3):  # well within the minute after which it would look by itself
        ecrire(f"e{n}@essai.example")
        attendre(lambda n=n: poste.identifiants(f"e{n}@essai.example"))
    assert len(poste.recus) == 3
    ouvrier.send_signal(signal.SIGTERM)
    assert ouvrier.wait(LONGTEMPS) == 0
    assert not Message.objects.en_file().exists()


def test_arrete_en_plein_envoi_il_finit_la_lettre_et_rend_les_autres(
    poste: Comptoir, lancer: Callable[..., "subprocess.Popen[bytes]"]
) -> None:
    poste.lenteur = 0.5
    for n in range(20):
        ecrire(f"f{n}@essai.example")
    ouvrier = lancer()
    attendre(lambda: poste.recus)
    ouvrier.send_signal(signal.SIGTERM)
    assert ouvrier.wait(LONGTEMPS) == 0
    recus = {a for a, _, _ in poste.recus}
    assert 0 < len(recus) == len(poste.recus) < 20
    file = Message.objects.en_file()
    assert {message.courriel for message in file} | recus == {f"f{n}@essai.example" for n in range(20)}
    assert not file.filter(essais__gt=0).exists(), "rendus comme ils étaient"


def test_sans_envoi_rien_ne_part(poste: Comptoir, lancer: Callable[..., "subprocess.Popen[bytes]"]) -> None:
    ecrire("a@essai.example")
    ouvrier = lancer("--sans-envoi")
    attendre(lambda: Passage.objects.filter(nom=BOUCLE).exists())
    os.kill(ouvrier.pid, signal.SIGINT)
    assert ouvrier.wait(LONGTEMPS) == 0
    assert poste.recus == [] and Message.objects.en_file().count() == 1


def test_une_panne_n_arrete_pas_l_ouvrier(monkeypatch: pytest.MonkeyPatch) -> None:
    ouvrier, tours = travail.Ouvrier(sans_envoi=True), []
    monkeypatch.setattr(travail, "TOUR_HORLOGE", 0)

    def tour() -> tuple[float, bool]:
        tours.append(1)
        if len(tours) == 3:
            ouvrier.arret.set()
            return 0, True
        raise OperationalError

    ouvrier._tourner("essai", tour)
    assert len(tours) == 3


def test_une_boite_de_retours_fermee_ne_retient_rien(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fermee() -> None:
        raise retours.imaplib.IMAP4.error

    monkeypatch.setattr(retours, "lire", fermee)
    assert travail.un_tour(sans_envoi=True)[0] == 0
    assert Passage.objects.filter(nom=BOUCLE).exists()
