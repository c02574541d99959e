"""The traps themselves can fail: each is shown something bad."""

import datetime as dt
import socket

import pytest
from django.http import HttpResponse
from django.template import engines
from django.utils import timezone
from pytest_socket import SocketConnectBlockedError

from raccord.comptes.models import Organisation
from tests.distribution import Distribution
from tests.pieges import PageDefectueuse, verifier_page

PAGE = "<!doctype html><html><head><title>x</title></head><body><h1>x</h1>{}</body></html>"


@pytest.mark.parametrize(
    "corps",
    [
        "<form method='post'><button>Envoyer</button></form>",
        "<script>alert(1)</script>",
        "<p style='color:red'>x</p>",
        "<button onclick='x()'>x</button>",
        "<h1>Un deuxième titre</h1>",
    ],
)
def test_page_defectueuse(corps: str) -> None:
    with pytest.raises(PageDefectueuse):
        verifier_page(HttpResponse(PAGE.format(corps)))


def test_page_saine() -> None:
    verifier_page(HttpResponse(PAGE.format("<form method='post'><input name='csrfmiddlewaretoken'></form>")))


def test_variable_absente(rf) -> None:
    gabarit = engines["django"].get_template("echeances/modifier_echelle.html")
    with pytest.raises(PageDefectueuse, match=r"form\.media"):
        gabarit.render({}, rf.get("/"))


def test_liste_sans_ordre(db: None) -> None:
    gabarit = engines["django"].from_string("{% for o in liste %}{{ o }}{% endfor %}")
    with pytest.raises(PageDefectueuse, match="Organisation"):
        gabarit.render({"liste": Organisation.objects.all()})
    gabarit.render({"liste": Organisation.objects.order_by("nom")})


def test_liste_sans_ordre_faite_par_la_vue(distribution: Distribution) -> None:
    gabarit = engines["django"].from_string("{% for o in liste %}{{ o }}{% endfor %}")
    with pytest.raises(PageDefectueuse, match="Organisation"):
        gabarit.render({"liste": list(Organisation.objects.order_by())})
    gabarit.render({"liste": list(Organisation.objects.order_by("nom"))})
    seule = Organisation.objects.order_by().get(pk=distribution.entreprise.pk)
    gabarit.render({"liste": [seule, *Organisation.objects.in_bulk([seule.pk]).values()]})


def test_horloge_arretee() -> None:
    assert timezone.now() == dt.datetime(2026, 10, 6, 8, tzinfo=dt.UTC)


def test_reseau_ferme() -> None:
    with pytest.raises((SocketConnectBlockedError, UserWarning)), socket.socket() as prise:
        prise.connect(("192.0.2.1", 80))
