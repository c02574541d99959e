"""Keys made at start, codes and tokens. Codes are signed, not kept: two server processes share nothing else."""

import base64
import hashlib
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from raccord.comptes.models import Utilisateur

if not settings.DEMO:
    raise ImproperlyConfigured("Le fournisseur d'identité de démonstration n'existe pas hors de la démonstration.")

ALGORITHME = "ES256"
CLIENT, SECRET = "raccord-demonstration", "secret-de-demonstration-connu-de-tous"
DUREE_CODE, DUREE_JETON = 30, 60  # seconds, as ProConnect's
SEL_CODE, SEL_ACCES = "demo.proconnect.code", "demo.proconnect.acces"
# Made when the process starts, before the server divides: its children sign with the same.
CLE = ec.generate_private_key(ec.SECP256R1())
IDENTIFIANT_CLE = "demonstration"
INCONNU = "personne.inconnue@ailleurs.example"


def cles_publiques() -> dict[str, Any]:
    """The JWKS."""
    publique = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(CLE.public_key()))
    return {"keys": [publique | {"kid": IDENTIFIANT_CLE, "alg": ALGORITHME, "use": "sig"}]}


def emettre_code(courriel: str, demande: dict[str, str]) -> str:
    """A code for that person, bound to what was asked."""
    gardes = ("client_id", "redirect_uri", "nonce", "code_challenge")
    return signing.dumps({"courriel": courriel} | {nom: demande.get(nom, "") for nom in gardes}, salt=SEL_CODE)


def echanger(emetteur: str, envoi: dict[str, str]) -> dict[str, Any] | None:
    """Tokens for a code, its secret and its verifier; None if anything differs."""
    try:
        code = signing.loads(envoi.get("code", ""), salt=SEL_CODE, max_age=DUREE_CODE)
    except signing.BadSignature:
        return None
    preuve = hashlib.sha256(envoi.get("code_verifier", "").encode()).digest()
    justes = (
        (envoi.get("client_id", ""), CLIENT),
        (envoi.get("client_secret", ""), SECRET),
        (envoi.get("redirect_uri", ""), code["redirect_uri"]),
        (base64.urlsafe_b64encode(preuve).decode().rstrip("="), code["code_challenge"]),
    )
    if not all(constant_time_compare(recu, attendu) for recu, attendu in justes):
        return None
    acces = signing.dumps(code["courriel"], salt=SEL_ACCES)
    at_hash = base64.urlsafe_b64encode(hashlib.sha256(acces.encode()).digest()[:16]).decode().rstrip("=")
    return {
        "access_token": acces,
        "token_type": "Bearer",
        "expires_in": DUREE_JETON,
        "id_token": _signer(emetteur, code["courriel"], nonce=code["nonce"], acr="eidas1", at_hash=at_hash),
    }


def personne(emetteur: str, acces: str) -> str | None:
    """Userinfo as a signed token; None without a live access token."""
    try:
        courriel = signing.loads(acces, salt=SEL_ACCES, max_age=DUREE_JETON)
    except signing.BadSignature:
        return None
    connu = Utilisateur.objects.filter(courriel=courriel).first()
    noms = {"given_name": connu.prenom, "usual_name": connu.nom} if connu else {}
    return _signer(emetteur, courriel, email=courriel, **noms)


def _signer(emetteur: str, courriel: str, **contenu: str) -> str:
    maintenant = int(timezone.now().timestamp())
    return jwt.encode(
        {
            "iss": emetteur,
            "aud": CLIENT,
            "sub": hashlib.sha256(courriel.encode()).hexdigest(),
            "iat": maintenant,
            "exp": maintenant + DUREE_JETON,
            **contenu,
        },
        CLE,
        algorithm=ALGORITHME,
        headers={"kid": IDENTIFIANT_CLE},
    )


def emis_ici(jeton: str) -> bool:
    """Whether an identity token, even expired, is one of ours."""
    options = {"verify_exp": False, "verify_aud": False}
    try:
        jwt.decode(jeton, CLE.public_key(), algorithms=[ALGORITHME], options=options)  # type: ignore[arg-type]  # a plain dict, as its documentation says
    except jwt.PyJWTError:
        return False
    return True
