"""The crash matrix: a real worker is killed between any two steps, another one finishes. Nothing is lost, nothing is
said twice but the one thing whose acceptance nobody could write down, and that under the same name.
"""

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from raccord.echeances.facteur import BAIL, RECAPITULATIF
from raccord.echeances.models import Attente, Message, Rappel
from tests.distribution import Distribution
from tests.fabriques_positionnement import transmis
from tests.postes import Comptoir, Guichet, comptoir, guichet

pytestmark = pytest.mark.django_db(transaction=True)

RACINE = Path(__file__).resolve().parents[3]
JOUR_DE_RELANCE = dt.timedelta(days=3)
# One turn, then two others: after the lease of the dead one, and when the grey list is over.
SUITES = (BAIL + dt.timedelta(minutes=1), dt.timedelta(hours=6))
POINTS = (
    "personne", "echelon_fait_pas_ecrit", "echelon_ecrit", "avant_de_prendre", "reunis_pas_ecrits", "pris", "connecte",
    "accepte", "note_pas_ecrit", "note", "au_deuxieme", "accepte_au_troisieme", "remis_a_plus_tard",
    "abandon_pas_ecrit", "abandonne", "sms_accepte", "en_rendant",
)  # fmt: skip


def adresse_base(porte: str) -> str:
    """The test's own database, as an address that a process of its own can open."""
    base = settings.DATABASES[porte]
    qui = quote(base["USER"], safe="") + (f":{quote(base['PASSWORD'], safe='')}" if base["PASSWORD"] else "")
    port = f":{base['PORT']}" if base["PORT"] else ""
    return f"postgresql://{qui}@{port}/{base['NAME']}?host={quote(base['HOST'], safe='')}"


def environnement(poste: Comptoir, sms: Guichet) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "raccord.config.settings",
        "DATABASE_URL": adresse_base("proprietaire"),
        "DATABASE_URL_APPLICATION": adresse_base("default"),
        "RACCORD_SMTP_HOTE": "127.0.0.1",
        "RACCORD_SMTP_PORT": str(poste.port),
        "RACCORD_SMTP_DELAI": "5",
        "RACCORD_SMS_URL": sms.adresse,
        "RACCORD_NIVEAU_TRACES": "CRITICAL",
    }


class Pepiniere:
    """Orders given to `tests.pepiniere`."""

    def __init__(self, env: dict[str, str]) -> None:
        commande = [sys.executable, "-m", "tests.pepiniere"]
        self.processus = subprocess.Popen(
            commande, cwd=RACINE, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def lancer(self, *points: str, dans: dt.timedelta = dt.timedelta(0)) -> list[int]:
        """One worker per point, together; how each ended."""
        instant = (timezone.now() + JOUR_DE_RELANCE + dans).isoformat()
        assert self.processus.stdin and self.processus.stdout
        self.processus.stdin.write(json.dumps([{"point": point, "instant": instant} for point in points]) + "\n")
        self.processus.stdin.flush()
        statuts: list[int] = json.loads(self.processus.stdout.readline())
        return statuts


@pytest.fixture(scope="module")
def poste() -> Iterator[Comptoir]:
    with comptoir() as poste:
        yield poste


@pytest.fixture(scope="module")
def sms() -> Iterator[Guichet]:
    with guichet() as sms:
        yield sms


@pytest.fixture(scope="module")
def pepiniere(django_db_setup: None, poste: Comptoir, sms: Guichet) -> Iterator[Pepiniere]:
    pepiniere = Pepiniere(environnement(poste, sms))
    yield pepiniere
    assert pepiniere.processus.stdin
    pepiniere.processus.stdin.close()
    assert pepiniere.processus.wait() == 0
    assert pepiniere.processus.stdout
    pepiniere.processus.stdout.close()


def ecrire(courriel: str = "", **champs: Any) -> Message:
    return Message.objects.create(code="essai", sujet="Un sujet", corps="…\n", courriel=courriel, **champs)


@pytest.fixture
def monde(poste: Comptoir, sms: Guichet, transactional_db: None) -> Distribution:
    """Letters of every kind wait, and a ladder whose first rung falls that day."""
    distribution = Distribution()
    transmis(distribution)
    Message.objects.all().delete()
    poste.recus.clear()
    poste.grises.clear()
    poste.refus_general = ""
    sms.demandes.clear()
    for courriel in ("a@essai.example", "b@essai.example", "gris@essai.example", "refuse@essai.example"):
        ecrire(courriel)
    for _ in range(4):
        ecrire("tuteur@essai.example", objet_id=uuid4())
    ecrire(telephone="+33600000000")
    return distribution


@pytest.mark.parametrize("point", POINTS)
def test_tue_puis_repris(point: str, monde: Distribution, pepiniere: Pepiniere, poste: Comptoir, sms: Guichet) -> None:
    if point == "en_rendant":
        poste.refus_general = "451 not now"
    attendu = [0] if point == "personne" else [-9]
    assert pepiniere.lancer(point) == attendu
    poste.refus_general = ""
    for suite in SUITES:
        assert pepiniere.lancer("personne", dans=suite) == [0]

    assert not Message.objects.en_file().exists(), "rien ne reste"
    copies = Counter((a, identifiant) for a, identifiant, _ in poste.recus)
    relances = {monde.referent.courriel, monde.rrh.courriel}
    envoyes = {"a@essai.example", "b@essai.example", "gris@essai.example", "tuteur@essai.example"} | relances
    assert {a for a, _ in copies} == envoyes, "rien n'est perdu"
    assert len(copies) == len(envoyes), "une seconde copie porte le même nom"
    doubles = sum(copies.values()) - len(copies)
    doubles_sms = len(sms.demandes) - 1
    permis = point in {"accepte", "note_pas_ecrit", "accepte_au_troisieme", "sms_accepte"}
    assert doubles + doubles_sms <= permis
    assert len({entetes["Idempotency-Key"] for entetes, _ in sms.demandes}) == 1
    montes = Rappel.objects.filter(attente__code="repondre").order_by("echelon").values_list("echelon", "issue")
    assert list(montes) == [("referent", "passe"), ("rrh", "dit"), ("second", "absent")]
    assert Message.objects.filter(code=RECAPITULATIF).count() == 1
    assert Message.objects.filter(echec_le__isnull=False).get().courriel == "refuse@essai.example"
    assert Attente.objects.ouvertes().filter(code="trouver_adresse").count() == 1


def test_deux_ouvriers_a_la_fois(monde: Distribution, pepiniere: Pepiniere, poste: Comptoir) -> None:
    """Each letter once, each rung once, one digest, whoever takes them."""
    for n in range(60):
        ecrire(f"n{n}@essai.example")
    poste.lenteur = 0.005
    try:
        assert pepiniere.lancer("personne", "personne", "personne") == [0, 0, 0]
        pepiniere.lancer("personne", "personne", dans=dt.timedelta(hours=1))
    finally:
        poste.lenteur = 0.0
    assert not Message.objects.en_file().exists()
    assert {fois for fois in Counter(a for a, _, _ in poste.recus).values()} == {1}
    assert len(poste.recus) == 60 + 4 + 2
    assert sorted(Rappel.objects.values_list("echelon", flat=True)) == ["referent", "rrh", "second"], "chacun une fois"


def test_deux_ouvriers_dont_l_un_meurt(monde: Distribution, pepiniere: Pepiniere, poste: Comptoir) -> None:
    for n in range(60):
        ecrire(f"n{n}@essai.example")
    statuts = pepiniere.lancer("accepte", "personne")
    assert statuts[1] == 0
    for suite in SUITES:
        pepiniere.lancer("personne", dans=suite)
    copies = Counter((a, identifiant) for a, identifiant, _ in poste.recus)
    assert len(copies) == 60 + 4 + 2 and sum(copies.values()) <= len(copies) + 1
    assert not Message.objects.en_file().exists()
