"""Text messages: the short words of a message, and whoever carries them.

The provider is asked by HTTP: `POST RACCORD_SMS_URL`, `Authorization: Bearer RACCORD_SMS_JETON`, `Idempotency-Key`, and
a JSON body `{"from": …, "to": "+33600000000", "text": …}`. Any 2xx is an acceptance. The contract is ours: a provider
that speaks otherwise stands behind a few lines of gateway, or a class beside this one named in `SMS_FOURNISSEUR`.
"""

import re
import unicodedata
from http import HTTPStatus
from typing import Protocol

import requests
from django.conf import settings
from django.utils.module_loading import import_string

from raccord.echeances.models import Message
from raccord.echeances.refus import Definitif, Injoignable, Temporaire

UN_SMS, DEUX_SMS = 160, 306
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
ETENDUS = frozenset("^{}\\[~]|€")  # two places each
TYPOGRAPHIE = str.maketrans({"’": "'", "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE"})
GUILLEMETS = re.compile(r"«\s?|\s?»")
ADRESSE = re.compile(r"https?://\S*[^\s.,;:!?)]")
# The server refuses us, or too many at once: not this number's fault.
CONTRE_NOUS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
PLUS_TARD = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class Fournisseur(Protocol):
    """Whoever carries text messages."""

    def envoyer(self, telephone: str, texte: str, cle: str) -> None:
        """Returns once accepted; the same `cle` twice is one message. Raises a `Refus`."""


class Http:
    """The real one."""

    def envoyer(self, telephone: str, texte: str, cle: str) -> None:
        """One request, without redirection: a token is not to be carried elsewhere."""
        if not settings.SMS_URL:
            raise Definitif("aucun service de SMS")
        try:
            reponse = requests.post(
                settings.SMS_URL,
                json={"from": settings.SMS_EXPEDITEUR, "to": telephone, "text": texte},
                headers={"Authorization": f"Bearer {settings.SMS_JETON}", "Idempotency-Key": cle},
                timeout=settings.EMAIL_TIMEOUT,
                allow_redirects=False,
            )
        except requests.ConnectionError:
            raise Injoignable("service de SMS injoignable") from None
        except requests.RequestException as erreur:
            raise Temporaire(type(erreur).__name__) from None
        self._juger(reponse.status_code)

    def _juger(self, statut: int) -> None:
        if statut in CONTRE_NOUS or HTTPStatus.MULTIPLE_CHOICES <= statut < HTTPStatus.BAD_REQUEST:
            raise Injoignable(f"service de SMS, {statut}")
        if statut in PLUS_TARD or statut >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Temporaire(str(statut))
        if statut >= HTTPStatus.BAD_REQUEST:
            raise Definitif(str(statut))


class Enregistre:
    """The one of the tests: keeps what it was given."""

    envoyes: list[tuple[str, str, str]] = []

    def envoyer(self, telephone: str, texte: str, cle: str) -> None:
        """Accepts everything."""
        self.envoyes.append((telephone, texte, cle))


def fournisseur() -> Fournisseur:
    """The one in force."""
    choisi: Fournisseur = import_string(settings.SMS_FOURNISSEUR)()
    return choisi


def texte_court(message: Message) -> str:
    """What the telephone shows: the subject, and the link where everything else is. Two SMS at most, one if it fits.

    The subject names nobody (a rule of the house); the body may say more than a locked screen should show.
    """
    lien = ADRESSE.search(message.corps)
    fin = f"\n{lien.group()}" if lien else ""
    debut = _gsm7(f"Raccord : {message.sujet}")
    place = (UN_SMS if _longueur(debut + fin) <= UN_SMS else DEUX_SMS) - _longueur(fin)
    return (debut if _longueur(debut) <= place else _couper(debut, place)) + fin


def _couper(texte: str, place: int) -> str:
    while texte and _longueur(texte) > place - 3:
        texte = texte[:-1]
    return f"{texte.rstrip()}..."


def _longueur(texte: str) -> int:
    return len(texte) + sum(1 for signe in texte if signe in ETENDUS)


def _gsm7(texte: str) -> str:
    """In the alphabet of telephones: a letter that is not in it loses its accent rather than doubling the price."""
    serre = GUILLEMETS.sub('"', texte).translate(TYPOGRAPHIE)
    return "".join(map(_signe, unicodedata.normalize("NFC", serre)))


def _signe(signe: str) -> str:
    if signe in GSM7 or signe in ETENDUS:
        return signe
    if signe.isspace():
        return " "
    nu = unicodedata.normalize("NFD", signe)[0]
    return nu if nu in GSM7 else "?"
