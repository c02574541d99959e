"""The other end of the postman: the mail servers of the territory, as the real postman and the real mailbox see them.

A dead address is refused at once by its server, or accepted by a relay that sends back a report (RFC 3464), left in a
Maildir for `retours`. Everybody else receives.
"""

import logging
import mailbox
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test.utils import override_settings

RAPPORT = """From: MAILER-DAEMON@relais.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limite"

--limite
Content-Type: text/plain

This mail could not be delivered.
--limite
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; {adresse}
Action: failed
Status: 5.1.1

--limite
Content-Type: text/rfc822-headers

Message-ID: {message_id}
--limite--
"""


@dataclass
class Poste:
    """Whose addresses are dead, and where reports come back."""

    retours: mailbox.Maildir
    refusees: set[str] = field(default_factory=set)
    perdues: set[str] = field(default_factory=set)
    revenus: int = 0

    def porter(self, lettre: EmailMessage) -> None:
        """Raises as smtplib does when the recipient's server says no."""
        [adresse] = lettre.to
        if adresse.lower() in self.refusees:
            raise smtplib.SMTPRecipientsRefused({adresse: (550, b"5.1.1 unknown")})
        if adresse.lower() in self.perdues:
            message_id = lettre.extra_headers["Message-ID"]
            self.retours.add(RAPPORT.format(adresse=adresse, message_id=message_id))
            self.revenus += 1


_ouverte: list[Poste] = []


class Serveur(BaseEmailBackend):
    """What the postman believes to be its SMTP server."""

    def send_messages(self, email_messages: "Sequence[EmailMessage]") -> int:
        """One by one."""
        for lettre in email_messages:
            _ouverte[-1].porter(lettre)
        return len(email_messages)


class Telephones:
    """Every text message arrives."""

    def envoyer(self, *_: Any) -> None:
        """Accepted."""


@contextmanager
def ouverte() -> Iterator[Poste]:
    """Everything that leaves meanwhile goes through it, and nothing outside."""
    with TemporaryDirectory() as dossier:
        boite = str(Path(dossier, "retours"))
        reglages = {
            "EMAIL_BACKEND": f"{__name__}.Serveur",
            "BOITE_RETOURS": boite,
            "SMS_FOURNISSEUR": f"{__name__}.Telephones",
        }
        _ouverte.append(Poste(mailbox.Maildir(boite)))
        traces = logging.getLogger("raccord")
        niveau = traces.level
        traces.setLevel(logging.ERROR)  # dead addresses are part of the story
        try:
            with override_settings(**reglages):
                yield _ouverte[-1]
        finally:
            traces.setLevel(niveau)
            _ouverte.pop().retours.close()
