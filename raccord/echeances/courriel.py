"""Handing a message over to the SMTP server: one connection for a batch."""

import smtplib
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from raccord.echeances.calendriers import joindre_calendrier
from raccord.echeances.models import Message
from raccord.echeances.refus import Coupure, Definitif, Injoignable, Temporaire

PREMIER_DEFINITIF, SERVICE_FERME = 500, 421


class Bureau:
    """The server, reached at the first message and left at the end."""

    def __init__(self) -> None:
        self.connexion: Any = None

    def remettre(self, message: Message, corps: str) -> None:
        """Returns once the server has accepted. Raises a `Refus`."""
        self._joindre()
        try:
            _lettre(message, corps, self.connexion).send()
        except smtplib.SMTPRecipientsRefused as refus:
            code, texte = next(iter(refus.recipients.values()))
            self._juger(code, texte)
        except smtplib.SMTPDataError as refus:
            self._juger(refus.smtp_code, refus.smtp_error)
        except smtplib.SMTPSenderRefused as refus:  # it is us that it refuses
            self.partir()
            raise Injoignable(f"expéditeur refusé, {refus.smtp_code}") from None
        except OSError as erreur:  # smtplib's own included
            self.partir()
            raise Coupure(_cause(erreur)) from None
        except ValueError:  # an address or a subject that no mail can carry
            raise Definitif("adresse illisible") from None

    def partir(self) -> None:
        """Hang up, politely if the server still listens."""
        if self.connexion is not None:
            self.connexion.fail_silently = True
            self.connexion.close()
            self.connexion = None

    def _joindre(self) -> None:
        if self.connexion is not None:
            return
        connexion = get_connection(timeout=settings.EMAIL_TIMEOUT)
        try:
            connexion.open()
        except OSError as erreur:
            raise Injoignable(_cause(erreur)) from None
        self.connexion = connexion

    def _juger(self, code: int, texte: bytes | str) -> None:
        if code == SERVICE_FERME:
            self.partir()
            raise Injoignable(str(code)) from None
        cause = f"{code} {_etendu(texte)}".strip()
        raise (Definitif(cause) if code >= PREMIER_DEFINITIF else Temporaire(cause)) from None


def identifiant(message: Message) -> str:
    """The Message-ID: the same for every copy that a crash may cause."""
    return f"<{message.pk}@{domaine()}>"


def domaine() -> str:
    """Ours, as mails carry it."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()


def _lettre(message: Message, corps: str, connexion: Any) -> EmailMultiAlternatives:
    lettre = EmailMultiAlternatives(
        subject=message.sujet,
        body=corps,
        from_email=settings.ADRESSE_RETOURS,  # the envelope: where a server sends back what it cannot deliver
        to=[message.courriel],
        connection=connexion,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": identifiant(message),
            "Auto-Submitted": "auto-generated",
        },
    )
    joindre_calendrier(lettre, message)
    return lettre


def _cause(erreur: OSError) -> str:
    code = getattr(erreur, "smtp_code", None)
    if code:
        return f"{type(erreur).__name__} {code}"
    return "délai dépassé" if isinstance(erreur, TimeoutError) else type(erreur).__name__


def _etendu(texte: bytes | str) -> str:
    """The enhanced code of the answer (RFC 3463), if there is one; the rest of it may name somebody."""
    mot = (texte.decode("ascii", "replace") if isinstance(texte, bytes) else texte).split(" ", 1)[0]
    return mot if mot.count(".") == 2 and mot.replace(".", "").isdigit() else ""
