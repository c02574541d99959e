"""The outbox before a local SMTP sink, beside the bare smtplib loop that sends the same letters on one connection."""

import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from django.conf import settings
from django.utils import timezone

from outils.bench.mesure import Mesure
from raccord.echeances.facteur import expedier
from raccord.echeances.models import Message

LETTRES = 300
TOURS = 3
RAPPORT_MINIMAL = 0.5
CORPS = "Bonjour,\n\nUn jeune attend votre réponse.\nhttps://raccord.example/lien/0123456789abcdef/\n" * 8


def mesurer(hote: str, port: int) -> Mesure:
    """Both in turn, three times, the sink in a process of its own; the medians are compared."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = hote, port
    nus, notres = [], []
    with _puits(hote, port):
        for tour in range(TOURS):
            nus.append(LETTRES / _boucle_nue(hote, port))
            notres.append(LETTRES / _boite(tour))
    nu, notre = statistics.median(nus), statistics.median(notres)
    rapport = round(notre / nu, 2)
    return Mesure(
        "boîte d'envoi",
        f"au moins {RAPPORT_MINIMAL} fois une boucle smtplib nue",
        rapport >= RAPPORT_MINIMAL,
        {
            "lettres": LETTRES,
            "lettres_par_s": round(notre),
            "smtplib_par_s": round(nu),
            "rapport": rapport,
        },
    )


def _boucle_nue(hote: str, port: int) -> float:
    debut = time.perf_counter()
    with smtplib.SMTP(hote, port) as connexion:
        for n in range(LETTRES):
            lettre = EmailMessage()
            lettre["From"], lettre["To"] = settings.DEFAULT_FROM_EMAIL, f"a{n}@essai.example"
            lettre["Subject"], lettre["Message-ID"] = "Un sujet", f"<{n}@essai.example>"
            lettre.set_content(CORPS)
            connexion.send_message(lettre)
    return time.perf_counter() - debut


def _boite(tour: int) -> float:
    maintenant = timezone.now()
    Message.objects.bulk_create(
        Message(code="essai", sujet="Un sujet", corps=CORPS, courriel=f"a{tour}.{n}@essai.example", cree_le=maintenant)
        for n in range(LETTRES)
    )
    debut = time.perf_counter()
    envoyes = expedier().envoyes
    duree = time.perf_counter() - debut
    if envoyes != LETTRES:
        raise RuntimeError(f"{envoyes} lettres parties sur {LETTRES}")
    return duree


@contextmanager
def _puits(hote: str, port: int) -> Iterator[None]:
    commande = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"{hote}:{port}", "-c", "aiosmtpd.handlers.Sink"]
    processus = subprocess.Popen(commande, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                smtplib.SMTP(hote, port).quit()
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        processus.terminate()
        processus.wait()
