"""Real servers on loopback: an SMTP server that behaves as the recipient's name says, a provider of text messages."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


def port_libre() -> int:
    """One that nobody listens to."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@dataclass
class Comptoir:
    """What the SMTP server accepted, in order; `refus_general` is its answer to whoever writes, if set."""

    port: int = 0
    recus: list[tuple[str, str, str]] = field(default_factory=list)  # recipient, Message-ID, whole mail
    grises: set[str] = field(default_factory=set)
    connexions: int = 0
    refus_general: str = ""
    lenteur: float = 0.0

    def identifiants(self, courriel: str) -> list[str]:
        """The Message-ID of each copy that somebody received."""
        return [identifiant for a, identifiant, _ in self.recus if a == courriel]

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, reponses: Any) -> Any:
        self.connexions += 1
        session.host_name = hostname
        return reponses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, adresse: str, options: Any) -> str:
        if self.refus_general:
            return self.refus_general
        envelope.mail_from = adresse
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, adresse: str, options: Any) -> str:
        if adresse.startswith("refuse"):
            return "550 5.1.1 Camille Roy does not exist here"
        if adresse.startswith("gris") and adresse not in self.grises:
            self.grises.add(adresse)
            return "450 4.2.0 come back later"
        envelope.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        [adresse] = envelope.rcpt_tos
        if adresse.startswith("lent"):
            await asyncio.sleep(3600)
        if adresse.startswith("pourriel"):
            return "554 5.7.1 spam"
        await asyncio.sleep(self.lenteur)
        self.recus.append((adresse, message_from_bytes(envelope.content)["Message-ID"], envelope.content.decode()))
        if adresse.startswith("coupe"):
            server.transport.abort()
        return "250 OK"


@contextmanager
def comptoir() -> Iterator[Comptoir]:
    """An SMTP server for the length of a test."""
    poste = Comptoir(port=port_libre())
    serveur = Controller(poste, hostname="127.0.0.1", port=poste.port)
    serveur.start()
    try:
        yield poste
    finally:
        serveur.stop()


@contextmanager
def bureau_de_poste(settings: Any) -> Iterator[Comptoir]:
    """The same, where our mail goes."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 2
    with comptoir() as poste:
        settings.EMAIL_PORT = poste.port
        yield poste


@dataclass
class Guichet:
    """What the provider of text messages was asked, and what it answers."""

    adresse: str = ""
    demandes: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)
    statut: int = 202


@contextmanager
def guichet() -> Iterator[Guichet]:
    """A provider of text messages, by HTTP, for the length of a test."""
    poste = Guichet()

    class Reponse(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            corps = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            poste.demandes.append((dict(self.headers), corps))
            self.send_response(poste.statut)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing to say."""

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Reponse)
    poste.adresse = f"http://127.0.0.1:{serveur.server_port}/messages"
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    try:
        yield poste
    finally:
        serveur.shutdown()
        serveur.server_close()
