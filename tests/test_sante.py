import datetime as dt
import io
import logging
import shutil
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from raccord.echeances.models import Message
from raccord.echeances.sante import marquer_passage
from raccord.socle import sante
from raccord.socle.traces import LigneJson

pytestmark = pytest.mark.django_db


@pytest.fixture
def en_production(settings):
    settings.DEMO = False


def message(il_y_a, **champs):
    prochain = timezone.now() - il_y_a
    return Message.objects.create(code="essai", sujet="Bonjour", corps="…", prochain_essai=prochain, **champs)


def demander():
    reponse = Client().get("/sante/")
    assert "no-cache" in reponse["Cache-Control"]
    assert not reponse.cookies
    return reponse.status_code, reponse.json()


def test_tout_va_bien():
    call_command("travailler", "--une-fois", "--sans-envoi", stdout=io.StringIO())
    statut, corps = demander()
    assert statut == 200
    assert corps["ok"]
    assert set(corps) == {"ok", "base", "disque", "file", "boucle"}
    assert corps["boucle"]["dernier_tour_s"] == 0


def test_la_boucle_n_a_jamais_tourne():
    statut, corps = demander()
    assert statut == 503
    assert [nom for nom, mesure in corps.items() if nom != "ok" and not mesure["ok"]] == ["boucle"]


def test_la_boucle_s_est_arretee():
    marquer_passage()
    assert demander()[0] == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16), tick=False):
        statut, corps = demander()
    assert statut == 503
    assert corps["boucle"] == {"ok": False, "dernier_tour_s": 960}


def test_un_message_du_attend_depuis_trop_longtemps(en_production):
    marquer_passage()
    message(dt.timedelta(minutes=14), courriel="a@essai.example")
    assert demander()[0] == 200
    message(dt.timedelta(minutes=16), courriel="b@essai.example")
    statut, corps = demander()
    assert (statut, corps["file"]) == (503, {"ok": False, "en_file": 2, "plus_ancien_s": 960})


def test_rien_ne_part_malgre_des_essais(en_production):
    """Each failure moves the next try ahead: no message is ever late, yet none goes."""
    marquer_passage()
    ecrit_le, plus_tard = timezone.now() - dt.timedelta(minutes=20), timezone.now() + dt.timedelta(hours=1)
    Message.objects.create(
        code="essai",
        corps="…",
        courriel="a@essai.example",
        cree_le=ecrit_le,
        essais=3,
        prochain_essai=plus_tard,
    )
    statut, corps = demander()
    assert (statut, corps["file"]) == (503, {"ok": False, "en_file": 1, "plus_ancien_s": 1200})
    # Another one has gone since: the address is wrong, the queue moves.
    message(dt.timedelta(0), courriel="b@essai.example", envoye_le=timezone.now())
    assert demander()[0] == 200


def test_messages_abandonnes_ou_deja_partis(en_production):
    marquer_passage()
    message(dt.timedelta(days=3), courriel="a@essai.example", echec_le=timezone.now())
    message(dt.timedelta(days=3), courriel="a@essai.example", envoye_le=timezone.now())
    assert demander()[0] == 200
    message(dt.timedelta(days=3), telephone="+33600000000")
    assert demander()[0] == 503  # a text message waits as a mail does


def test_la_demonstration_garde_ses_messages():
    marquer_passage()
    message(dt.timedelta(days=3), courriel="a@essai.example")
    assert demander()[0] == 200


def test_base_absente(monkeypatch):
    def couper(*_args, **_options):
        raise OperationalError("could not connect to server Camille")

    marquer_passage()
    monkeypatch.setattr(connection, "cursor", couper)
    statut, corps = demander()
    assert statut == 503
    assert corps["base"] == corps["file"] == corps["boucle"] == {"ok": False}
    assert corps["disque"]["ok"]


def test_disque_plein(monkeypatch):
    marquer_passage()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000, total=100_000_000))
    statut, corps = demander()
    assert (statut, corps["disque"]) == (503, {"ok": False, "libre_pour_cent": 1})


def test_rien_que_get_et_sans_compte():
    assert Client().post("/sante/").status_code == 405


def test_une_panne_laisse_sa_pile_sans_ce_qui_etait_ecrit(monkeypatch, caplog):
    def casser():
        raise ValueError("Camille Essai")

    monkeypatch.setattr(sante, "etat", casser)
    with caplog.at_level(logging.ERROR, logger="raccord.requetes"):
        reponse = Client(raise_request_exception=False).get("/sante/")
    assert reponse.status_code == 500
    [ligne] = [LigneJson().format(trace) for trace in caplog.records if trace.name == "raccord.requetes"]
    assert "Camille" not in ligne
    assert "ValueError" in ligne
    assert "socle/sante.py" in ligne
    assert reponse["X-Requete"] in ligne
    assert reponse["X-Requete"] in reponse.content.decode()
