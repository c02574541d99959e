import io
import signal
import socket
import time
import urllib.error
import urllib.request

import pytest
from django.core.management import CommandError, call_command

from raccord.comptes.models import Organisation
from raccord.demo import serveur
from raccord.demo.serveur import DemarrageRate, Groupe, PortPris, verifier_port

# Processes are real, their patience too.
pytestmark = pytest.mark.horloge_reelle
DORMIR = ["http.server", "0", "--bind", "127.0.0.1"]


@pytest.fixture
def groupe():
    anciens = {numero: signal.getsignal(numero) for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    groupe = Groupe()
    yield groupe
    groupe.arreter()
    for numero, ancien in anciens.items():
        signal.signal(numero, ancien)


@pytest.fixture
def occupe():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        yield prise.getsockname()[1]


def test_port_libre_ou_pris(occupe):
    with pytest.raises(PortPris):
        verifier_port("127.0.0.1", occupe)
    verifier_port("127.0.0.1", 0)


@pytest.mark.django_db
def test_un_port_pris_se_dit_avant_tout_travail(occupe):
    with pytest.raises(CommandError, match=f"{occupe} est déjà pris.*PORT={occupe + 1}"):
        call_command("demo", port=occupe, stdout=io.StringIO())
    assert not Organisation.objects.exists()


def test_un_signal_arrete_tout_le_monde(groupe):
    processus = [groupe.lancer(nom, DORMIR) for nom in ("un", "deux")]
    groupe.ecouter_les_signaux()
    signal.raise_signal(signal.SIGTERM)
    assert groupe.surveiller(print) == 0
    groupe.arreter()
    groupe.arreter()
    assert [p.returncode for p in processus] == [-signal.SIGTERM, -signal.SIGTERM]


def test_un_processus_qui_tombe_arrete_l_autre_et_se_dit(groupe):
    dits = []
    autre = groupe.lancer("autre", DORMIR)
    groupe.lancer("fragile", ["this_module_is_not_there"])
    assert groupe.surveiller(dits.append) == 1
    assert "fragile" in dits[0]
    groupe.arreter()
    assert autre.returncode is not None


def test_une_recherche_de_10_000_caracteres_a_sa_phrase(groupe, db):
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    groupe.environnement = serveur.environnement(f"http://127.0.0.1:{port}")
    groupe.lancer_serveur("127.0.0.1", port, ouvriers=1)
    with pytest.raises(urllib.error.HTTPError) as refus:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/rien-ici/?q={'%C3%A9' * 10_000}")
    assert refus.value.code == 404 and "introuvable" in refus.value.read().decode()
    refus.value.close()


def test_un_serveur_qui_ne_demarre_pas(groupe, monkeypatch):
    monkeypatch.setattr(serveur, "PATIENCE", 5)
    mort = groupe.lancer("serveur", ["this_module_is_not_there"])
    debut = time.monotonic()
    with pytest.raises(DemarrageRate):
        groupe._attendre(mort, "http://127.0.0.1:9/")
    assert time.monotonic() - debut < 5
