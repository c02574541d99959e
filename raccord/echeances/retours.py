"""What comes back: delivery reports (RFC 3464) about our own messages. Everything else is left where it is.

A report is known by the Message-ID of what it returns, else by its recipient. Nothing that a mail holds is logged.
"""

import datetime as dt
import email
import email.policy
import imaplib
import logging
import mailbox
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import Message as Courrier
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from raccord.echeances import adresses
from raccord.echeances.courriel import domaine
from raccord.echeances.models import Message
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME

TRACES = logging.getLogger("raccord.retours")
TAILLE = 1024 * 1024  # what is read of one mail: a report says its all at the beginning
DELAI = 30
MEMOIRE = dt.timedelta(days=30)  # a report without Message-ID is about what was sent to that address lately
STATUT = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
ILLISIBLE = (OSError, imaplib.IMAP4.error, mailbox.Error)
UUID_ = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Rapport:
    """What a server says of one recipient."""

    message_id: UUID | None
    destinataire: str
    definitif: bool
    cause: str


class Boite(Protocol):
    """A mailbox: what was not read yet, and marking what was treated."""

    def non_lus(self) -> Iterator[tuple[str, bytes]]:
        """Key and beginning of each."""

    def marquer(self, cle: str) -> None:
        """It is read; the mail stays."""


class BoiteMaildir:
    """A folder on this machine."""

    def __init__(self, chemin: str) -> None:
        self.boite = mailbox.Maildir(chemin, create=False)

    def non_lus(self) -> Iterator[tuple[str, bytes]]:
        """Those without the flag 'seen', oldest name first."""
        for cle in sorted(self.boite.keys()):
            with suppress(KeyError, OSError):  # another reader has moved it
                chemin = Path(str(self.boite._path), self.boite._lookup(cle))  # type: ignore[attr-defined]  # untyped; no public way
                if "S" not in chemin.name.rpartition(":2,")[2] or ":2," not in chemin.name:
                    with chemin.open("rb") as fichier:
                        yield cle, fichier.read(TAILLE)

    def marquer(self, cle: str) -> None:
        """Renamed only: a mail that cannot be written again is marked too."""
        with suppress(KeyError, OSError):
            avant = Path(str(self.boite._path), self.boite._lookup(cle))  # type: ignore[attr-defined]  # untyped; no public way
            drapeaux = set(avant.name.rpartition(":2,")[2]) if ":2," in avant.name else set()
            nom = avant.name.split(":2,")[0] + ":2," + "".join(sorted(drapeaux | {"S"}))
            avant.rename(avant.parents[1] / "cur" / nom)

    def close(self) -> None:
        """Nothing is held open."""
        self.boite.close()


class BoiteImap:
    """A mailbox of a server: imaps://utilisateur:mot-de-passe@serveur/Dossier."""

    def __init__(self, adresse: str) -> None:
        morceaux = urlsplit(adresse)
        classe = imaplib.IMAP4_SSL if morceaux.scheme == "imaps" else imaplib.IMAP4
        port = morceaux.port or (993 if morceaux.scheme == "imaps" else 143)
        self.imap = classe(morceaux.hostname or "localhost", port, timeout=DELAI)
        self.imap.login(unquote(morceaux.username or ""), unquote(morceaux.password or ""))
        self.imap.select(f'"{unquote(morceaux.path.strip("/")) or "INBOX"}"')

    def non_lus(self) -> Iterator[tuple[str, bytes]]:
        """By UID: a number that does not move when others leave."""
        _, (liste, *_reste) = self.imap.uid("SEARCH", "UNSEEN")
        for uid in (liste or b"").decode("ascii", "ignore").split():
            _, morceaux = self.imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{TAILLE}>)")
            corps = next((partie[1] for partie in morceaux if isinstance(partie, tuple)), b"")
            yield uid, corps

    def marquer(self, cle: str) -> None:
        """Seen, as a reader would."""
        self.imap.uid("STORE", cle, "+FLAGS", "(\\Seen)")

    def close(self) -> None:
        """Signs out."""
        with suppress(OSError, imaplib.IMAP4.error):
            self.imap.logout()


def ouvrir_boite(adresse: str) -> BoiteMaildir | BoiteImap:
    """The mailbox named in the settings: an imap(s):// address, or the path of a Maildir."""
    return BoiteImap(adresse) if adresse.startswith(("imap://", "imaps://")) else BoiteMaildir(adresse)


def lire() -> Counter[str]:
    """Treat every report that was not read. Returns how many of each kind. Twice is once."""
    if not settings.BOITE_RETOURS:
        return Counter()
    compte: Counter[str] = Counter()
    with closing(ouvrir_boite(settings.BOITE_RETOURS)) as boite:
        for cle, octets in boite.non_lus():
            compte[_traiter(boite, cle, octets)] += 1
    return compte


def _traiter(boite: Boite, cle: str, octets: bytes) -> str:
    try:
        rapports = lire_rapports(octets)
    except Exception:  # whatever a stranger may send: the others are read
        TRACES.warning("courrier illisible")
        return "illisibles"
    if rapports is None:
        return "autres"
    reconnus = [appliquer(rapport) for rapport in rapports]
    boite.marquer(cle)
    return "retours" if any(reconnus) else "inconnus"


def lire_rapports(octets: bytes) -> list[Rapport] | None:
    """What the mail reports, one per recipient; None when it is no delivery report."""
    courrier = email.message_from_bytes(octets, policy=email.policy.compat32)
    if courrier.get_content_type() != "multipart/report":
        return None
    if "delivery-status" not in str(courrier.get_param("report-type", "")).lower():
        return None
    message_id = _message_id(octets)
    blocs = [bloc for partie in courrier.walk() for bloc in _blocs(partie)]
    return [rapport for bloc in blocs if (rapport := _rapport(bloc, message_id)) is not None]


def _blocs(partie: Courrier) -> "list[Courrier]":
    if partie.get_content_type() != "message/delivery-status" or not isinstance(partie.get_payload(), list):
        return []
    return [bloc for bloc in partie.get_payload() if isinstance(bloc, Courrier)]


def _rapport(bloc: Courrier, message_id: UUID | None) -> Rapport | None:
    """`failed` and `delayed` are news; the rest is not."""
    action = str(bloc.get("Action", "")).strip().lower()
    statut = STATUT.search(str(bloc.get("Status", "")))
    if action not in {"failed", "delayed"}:
        return None
    adresse = str(bloc.get("Original-Recipient") or bloc.get("Final-Recipient") or "").rpartition(";")[2]
    return Rapport(
        message_id=message_id,
        destinataire=adresse.strip().strip("<>").lower()[:254],
        definitif=action == "failed",  # even by 4.4.7: that server tries no more
        cause=f"retour {statut[0] if statut else action}",
    )


def _message_id(octets: bytes) -> UUID | None:
    """Of the message that comes back: the only one in the mail that is ours."""
    motif = rf"message-id:\s*<({UUID_})@{re.escape(domaine())}>".encode()
    trouve = re.search(motif, octets, re.IGNORECASE)
    return UUID(trouve[1].decode()) if trouve else None


def appliquer(rapport: Rapport) -> bool:
    """Mark the message and its address. Whether it was ours; the same report twice changes nothing."""
    with identite.agir(SYSTEME, motif="lire_retours"), transaction.atomic():
        message = _trouver(rapport)
        if message is None:
            return False
        if message.retour_le is not None and (message.echec_le is not None or not rapport.definitif):
            return True
        message.retour_le, message.cause = timezone.now(), rapport.cause
        if rapport.definitif:
            message.echec_le = message.retour_le
            adresses.signaler(message, rapport.cause)
        message.save(update_fields=["retour_le", "cause", "echec_le"])
        TRACES.info("retour", extra={"faits": {"message": str(message.pk), "cause": rapport.cause}})
        return True


def _trouver(rapport: Rapport) -> Message | None:
    """The Message-ID decides: a mailbox may forward elsewhere. Without it, the last one sent to that recipient."""
    messages = Message.objects.select_for_update().exclude(courriel="")
    if rapport.message_id is not None:
        return messages.filter(pk=rapport.message_id).first()
    if not rapport.destinataire:
        return None
    recents = messages.filter(courriel__iexact=rapport.destinataire, envoye_le__gt=timezone.now() - MEMOIRE)
    return recents.order_by("-envoye_le").first()
