"""Asking ClamAV's daemon about a file, by its own INSTREAM exchange (man clamd). Our bytes go in, a verdict comes out.

Not configured, nothing is asked in the demo and nothing is accepted in production: a file that could not be looked
at is refused, never let through.
"""

import logging
import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

from raccord.documents.exceptions import AnalyseImpossible, FichierDangereux

TRACES = logging.getLogger("raccord.antivirus")
PATIENCE = 20.0  # seconds
MORCEAU = 64 * 1024
REPONSE_MAXIMALE = 4096


def analyser(octets: bytes) -> None:
    """Raise FichierDangereux on a known malware, AnalyseImpossible when the daemon cannot be asked."""
    if not settings.CLAMD:
        if settings.DEMO:
            return
        TRACES.error("aucun antivirus n'est indiqué (RACCORD_CLAMD) : le dépôt est refusé")
        raise AnalyseImpossible
    try:
        verdict = _demander(octets)
    except OSError as erreur:
        TRACES.error("antivirus injoignable", extra={"faits": {"cause": type(erreur).__name__}})
        raise AnalyseImpossible from erreur
    if verdict.endswith("OK"):
        return
    if verdict.endswith("FOUND"):
        raise FichierDangereux
    TRACES.error("l'antivirus n'a pas su répondre")
    raise AnalyseImpossible


def _demander(octets: bytes) -> str:
    """The daemon's answer: 'stream: OK', 'stream: Nom FOUND' or an error in its own words."""
    with _joindre() as prise:
        prise.sendall(b"zINSTREAM\0")
        for debut in range(0, len(octets), MORCEAU):
            morceau = octets[debut : debut + MORCEAU]
            prise.sendall(struct.pack(">I", len(morceau)) + morceau)
        prise.sendall(struct.pack(">I", 0))
        reponse = b""
        while not reponse.endswith(b"\0") and len(reponse) < REPONSE_MAXIMALE:
            recu = prise.recv(REPONSE_MAXIMALE)
            if not recu:
                break
            reponse += recu
    return reponse.rstrip(b"\0").decode(errors="replace").strip()


def _joindre() -> socket.socket:
    """`tcp://machine:3310`, or the path of a local socket."""
    adresse = urlsplit(settings.CLAMD)
    if adresse.scheme == "tcp":
        return socket.create_connection((adresse.hostname or "localhost", adresse.port or 3310), timeout=PATIENCE)
    prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    prise.settimeout(PATIENCE)
    try:
        prise.connect(settings.CLAMD)
    except OSError:
        prise.close()
        raise
    return prise
