"""What comes back: delivery reports, and everything that only looks like one."""

import io
import logging
import mailbox
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from raccord.echeances import retours
from raccord.echeances.models import AdresseEnEchec, Attente, Message
from tests.distribution import Distribution

RAPPORT = """From: MAILER-DAEMON@relais.example
To: ne-pas-repondre@raccord.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="ici"

--ici
Content-Type: text/plain

I'm sorry to have to inform you that Camille Roy...
--ici
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; {adresse}
Action: {action}
Status: {statut}
Diagnostic-Code: smtp; 550 no such user Camille Roy

--ici
Content-Type: text/rfc822-headers

{entete}
Subject: Votre rencontre
--ici--
"""
VACANCES = """From: someone@essai.example
Subject: Absent du bureau
Auto-Submitted: auto-replied
In-Reply-To: <{cle}@raccord.example>
Content-Type: text/plain

Je suis absent. Message-ID: <{cle}@raccord.example>
"""


def rapport(
    message: Message | None, *, action: str = "failed", statut: str = "5.1.1", adresse: str = "a@essai.example"
):
    entete = f"Message-ID: <{message.pk}@raccord.example>" if message else "X-Rien: rien"
    return RAPPORT.format(adresse=adresse, action=action, statut=statut, entete=entete).encode()


@pytest.fixture
def boite(tmp_path: Path, settings: Any, distribution: Distribution) -> mailbox.Maildir:
    settings.BOITE_RETOURS = str(tmp_path / "retours")
    return mailbox.Maildir(settings.BOITE_RETOURS, create=True)


def parti(courriel: str = "a@essai.example") -> Message:
    return Message.objects.create(code="essai", sujet="s", corps="c", courriel=courriel, envoye_le=timezone.now())


def relire(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_un_retour_definitif_marque_le_message_et_l_adresse_une_fois(boite: mailbox.Maildir) -> None:
    message = parti()
    boite.add(rapport(message))
    assert retours.lire() == {"retours": 1}
    assert relire(message).cause == "retour 5.1.1" and message.echec_le == message.retour_le is not None
    assert AdresseEnEchec.objects.get().adresse == "a@essai.example"
    assert Attente.objects.ouvertes().filter(code="trouver_adresse").count() == 1
    assert retours.lire() == {}
    boite.add(rapport(message))  # the server repeats itself after somebody has settled it
    Attente.objects.update(close_le=timezone.now())
    assert retours.lire() == {"retours": 1}
    assert not Attente.objects.ouvertes().exists()


@pytest.mark.parametrize(
    ("action", "statut", "abandonne"),
    [("failed", "5.2.2", True), ("failed", "4.4.7", True), ("delayed", "4.4.1", False), ("failed", "bizarre", True)],
)
def test_definitif_ou_passager(boite: mailbox.Maildir, action: str, statut: str, abandonne: bool) -> None:
    """`failed` with 4.4.7: the relay has given up after days; nobody will deliver it any more."""
    message = parti()
    boite.add(rapport(message, action=action, statut=statut))
    retours.lire()
    assert relire(message).retour_le is not None
    assert (message.echec_le is not None) == abandonne
    assert AdresseEnEchec.objects.exists() == abandonne


def test_sans_identifiant_le_destinataire_decide(boite: mailbox.Maildir) -> None:
    parti()
    dernier, autre = parti(), parti("b@essai.example")
    Message.objects.filter(pk=dernier.pk).update(envoye_le=timezone.now() + timezone.timedelta(seconds=1))
    boite.add(rapport(None, adresse="A@Essai.example"))
    assert retours.lire() == {"retours": 1}
    assert relire(dernier).echec_le and not relire(autre).echec_le


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_une_bonne_nouvelle_ne_marque_rien(boite: mailbox.Maildir, action: str) -> None:
    message = parti()
    boite.add(rapport(message, action=action, statut="2.0.0"))
    assert retours.lire() == {"inconnus": 1}
    assert relire(message).retour_le is None


def test_tout_le_reste_est_laisse_et_compte(boite: mailbox.Maildir, caplog: pytest.LogCaptureFixture) -> None:
    message = parti()
    boite.add(VACANCES.format(cle=message.pk).encode())
    boite.add(b"")
    boite.add(b"\xff\xfe\x00" * 1000)
    boite.add(b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nrien")
    boite.add(rapport(Message(pk=uuid4()), adresse="inconnu@essai.example"))
    sortie = io.StringIO()
    with caplog.at_level(logging.DEBUG):
        call_command("lire_retours", stdout=sortie)
    assert sortie.getvalue() == "0 retour(s), 2 d'un message inconnu, 3 autre(s) courrier(s), 0 illisible(s).\n"
    assert relire(message).retour_le is None
    assert retours.lire() == {"autres": 3}, "laissés non lus, pour une personne"
    assert not any(secret in str(trace.__dict__) for trace in caplog.records for secret in ("Camille", "Absent"))


def test_un_courrier_qui_casse_ne_retient_pas_les_autres(
    boite: mailbox.Maildir, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = parti()
    boite.add(b"Subject: piege\r\n\r\n")
    boite.add(rapport(message))
    lire = retours.lire_rapports

    def casser(octets: bytes) -> Any:
        if b"piege" in octets:
            raise RecursionError
        return lire(octets)

    monkeypatch.setattr(retours, "lire_rapports", casser)
    assert retours.lire() == {"illisibles": 1, "retours": 1}


def test_une_poupee_russe_de_mille_etages(boite: mailbox.Maildir) -> None:
    etages = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000))
    boite.add(b"Content-Type: multipart/report; report-type=delivery-status; boundary=z\r\n\r\n--z\r\n" + etages)
    assert retours.lire().total() == 1


@given(st.binary(max_size=600))
def test_n_importe_quels_octets_derriere_un_en_tete_de_rapport(octets: bytes) -> None:
    entete = b'Content-Type: multipart/report; report-type=delivery-status; boundary="ici"\r\n\r\n--ici\r\n'
    for debut in (b"", entete, entete + b"Content-Type: message/delivery-status\r\n\r\n"):
        retours.lire_rapports(debut + octets)


def test_boite_fermee_ou_pas_nommee(settings: Any, tmp_path: Path, db: None) -> None:
    settings.BOITE_RETOURS = ""
    assert retours.lire() == {}
    with pytest.raises(CommandError, match="RACCORD_BOITE_RETOURS"):
        call_command("lire_retours")
    settings.BOITE_RETOURS = str(tmp_path / "absente")
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        call_command("lire_retours")


# --- IMAP ------------------------------------------------------------------------------------------------


@contextmanager
def serveur_imap(courriers: dict[str, bytes], vus: set[str], dits: list[str]) -> Iterator[int]:
    """As little of IMAP4rev1 as one reader needs, on loopback."""

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK IMAP4rev1\r\n")
            while ligne := self.rfile.readline().decode().strip():
                etiquette, ordre = ligne.split(" ", 1)
                dits.append(ordre)
                self.wfile.write(self.repondre(ordre) + f"{etiquette} OK fini\r\n".encode())

        def repondre(self, ordre: str) -> bytes:
            mots = ordre.split()
            if mots[0] == "CAPABILITY":
                return b"* CAPABILITY IMAP4rev1\r\n"
            if mots[0] == "SELECT":
                return b"* %d EXISTS\r\n" % len(courriers)
            if mots[:2] == ["UID", "SEARCH"]:
                return f"* SEARCH {' '.join(sorted(set(courriers) - vus))}\r\n".encode()
            if mots[:2] == ["UID", "FETCH"]:
                octets = courriers[mots[2]]
                return b"* 1 FETCH (UID %s BODY[]<0> {%d}\r\n%s)\r\n" % (mots[2].encode(), len(octets), octets)
            if mots[:2] == ["UID", "STORE"]:
                vus.add(mots[2])
            return b"* BYE\r\n" if mots[0] == "LOGOUT" else b""

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as serveur:
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        yield serveur.server_address[1]
        serveur.shutdown()


def test_par_imap(settings: Any, distribution: Distribution) -> None:
    message, vus, dits = parti(), set(), []
    courriers = {"7": rapport(message).replace(b"\n", b"\r\n"), "9": VACANCES.format(cle=message.pk).encode()}
    with serveur_imap(courriers, vus, dits) as port:
        settings.BOITE_RETOURS = f"imap://retours%40raccord.example:mot%2Fde%20passe@127.0.0.1:{port}/Retours"
        assert retours.lire() == {"retours": 1, "autres": 1}
        assert retours.lire() == {"autres": 1}
    assert relire(message).echec_le is not None and vus == {"7"}
    assert dits[1] == 'LOGIN retours@raccord.example "mot/de passe"' and 'SELECT "Retours"' in dits[2]
