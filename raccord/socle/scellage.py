"""Sealing: AES-256-GCM, the document's identity bound to its bytes.

A sealed content is `header | nonce | ciphertext and tag`. The header says the format and which key:
a key can then be changed without guessing. What is bound (document id, owner, kind) is authenticated
with the bytes: a content moved under another document does not open. Files, texts and secrets are sealed alike.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from raccord.socle.exceptions import CleInconnue, ScellementRompu

FORMAT = b"RCD1"
OCTETS_CLE = 32
OCTETS_ID_CLE = 8
OCTETS_NONCE = 12  # the size GCM is made for
OCTETS_TAG = 16
OCTETS_ENTETE = len(FORMAT) + OCTETS_ID_CLE


def _deriver(secret: str, usage: bytes, longueur: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=longueur, salt=None, info=b"raccord.documents/1/" + usage).derive(
        secret.encode()
    )


@lru_cache(maxsize=16)
def _cle(secret: str) -> tuple[bytes, AESGCM]:
    """The key's public id (another derivation: it says nothing of the key) and the cipher."""
    return _deriver(secret, b"identifiant", OCTETS_ID_CLE), AESGCM(_deriver(secret, b"chiffrement", OCTETS_CLE))


def entete() -> bytes:
    """What begins everything that the present key seals."""
    return FORMAT + _cle(settings.CLE_DOCUMENTS)[0]


def sceller(octets: bytes, associe: bytes) -> bytes:
    """Encrypt with the present key and bind. The nonce is random: two sealings of the same bytes never look alike."""
    debut, nonce = entete(), os.urandom(OCTETS_NONCE)
    chiffre = _cle(settings.CLE_DOCUMENTS)[1]
    return debut + nonce + chiffre.encrypt(nonce, octets, debut + associe)


def desceller(scelle: bytes, associe: bytes) -> bytes:
    """The bytes that were sealed, by the present key or a former one that is kept (the ring).

    Raises ScellementRompu when one bit moved, CleInconnue for a key outside the ring.
    """
    if len(scelle) < OCTETS_ENTETE + OCTETS_NONCE + OCTETS_TAG or not scelle.startswith(FORMAT):
        raise ScellementRompu
    debut, nonce = scelle[:OCTETS_ENTETE], scelle[OCTETS_ENTETE : OCTETS_ENTETE + OCTETS_NONCE]
    trousseau = dict(map(_cle, (settings.CLE_DOCUMENTS, *settings.ANCIENNES_CLES_DOCUMENTS)))
    chiffre = trousseau.get(debut[len(FORMAT) :])
    if chiffre is None:
        raise CleInconnue
    try:
        return chiffre.decrypt(nonce, scelle[OCTETS_ENTETE + OCTETS_NONCE :], debut + associe)
    except InvalidTag:
        raise ScellementRompu from None
