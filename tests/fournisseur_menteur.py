"""A provider on this machine that tells the truth until asked to lie: real HTTP, real signatures."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from raccord.comptes.proconnect.reglages import Reglages

CLE, AUTRE_CLE = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CLE_PUBLIQUE = CLE.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
Contenu = dict[str, Any]


def signer(contenu: Contenu, *, cle: Any = CLE, algorithme: str = "RS256", kid: str | None = "une-cle") -> str:
    """A token as a good provider makes it."""
    return jwt.encode(contenu, cle, algorithm=algorithme, headers={"kid": kid} if kid else None)


def signer_en_hs256(contenu: Contenu) -> str:
    """The old trick: the public key, known to all, as the secret of a symmetrical signature. By hand: PyJWT refuses."""
    parties = [{"alg": "HS256", "typ": "JWT", "kid": "une-cle"}, contenu]
    corps = ".".join(_base64(json.dumps(partie).encode()) for partie in parties)
    return f"{corps}.{_base64(hmac.digest(CLE_PUBLIQUE, corps.encode(), 'sha256'))}"


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def sans_signature(contenu: Contenu) -> str:
    """alg: none."""
    return jwt.encode(contenu, None, algorithm="none", headers={"kid": "une-cle"})


@dataclass
class Fournisseur:
    """What it answers. Each lie replaces one thing."""

    adresse: str = ""
    client: str = "raccord-essai"
    secret: str = "secret-essai"
    sub: str = "sub-de-la-personne"
    courriel: str = ""
    nonce: str = ""
    # Lies: over the identity token, over userinfo, how each is signed, what a whole address answers.
    jeton: Contenu = field(default_factory=dict)
    personne: Contenu = field(default_factory=dict)
    decouverte: Contenu = field(default_factory=dict)
    signer_jeton: Callable[[Contenu], str] = signer
    signer_personne: Callable[[Contenu], str] = signer
    type_personne: str = "application/jwt"
    reponses: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    lenteurs: dict[str, float] = field(default_factory=dict)
    envois: list[dict[str, str]] = field(default_factory=list)

    @property
    def reglages(self) -> Reglages:
        return Reglages(emetteur=self.adresse, client=self.client, secret=self.secret)

    def contenu_jeton(self) -> Contenu:
        maintenant = int(timezone.now().timestamp())
        vrai = {
            "iss": self.adresse,
            "aud": self.client,
            "sub": self.sub,
            "nonce": self.nonce,
            "acr": "eidas1",
            "at_hash": _base64(hashlib.sha256(b"acces").digest()[:16]),
            "iat": maintenant,
            "exp": maintenant + 60,
        }
        return _mentir(vrai, self.jeton)

    def contenu_personne(self) -> Contenu:
        vrai = {"iss": self.adresse, "aud": self.client, "sub": self.sub, "email": self.courriel}
        return _mentir(vrai, self.personne)

    def repondre(self, chemin: str, envoi: dict[str, str]) -> tuple[int, str, str]:
        """Status, type, body."""
        if chemin in self.lenteurs:
            time.sleep(self.lenteurs[chemin])
        if chemin in self.reponses:
            return self.reponses[chemin]
        json_ = "application/json"
        if chemin == "/.well-known/openid-configuration":
            publie = {
                "issuer": self.adresse,
                "authorization_endpoint": f"{self.adresse}/autoriser",
                "token_endpoint": f"{self.adresse}/jeton",
                "userinfo_endpoint": f"{self.adresse}/personne",
                "jwks_uri": f"{self.adresse}/cles",
                "end_session_endpoint": f"{self.adresse}/sortie",
            }
            return 200, json_, json.dumps(_mentir(publie, self.decouverte))
        if chemin == "/cles":
            publique = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(CLE.public_key()))
            return 200, json_, json.dumps({"keys": [publique | {"kid": "une-cle", "alg": "RS256", "use": "sig"}]})
        if chemin == "/jeton":
            self.envois.append(envoi)
            jeton = self.signer_jeton(self.contenu_jeton())
            return 200, json_, json.dumps({"access_token": "acces", "token_type": "Bearer", "id_token": jeton})
        if chemin == "/personne":
            return 200, self.type_personne, self.signer_personne(self.contenu_personne())
        return 404, json_, "{}"


ABSENT = object()


def _mentir(vrai: Contenu, mensonge: Contenu) -> Contenu:
    return {nom: valeur for nom, valeur in (vrai | mensonge).items() if valeur is not ABSENT}


@contextmanager
def fournisseur_en_service() -> Iterator[Fournisseur]:
    """Served on a free port until the end."""
    fournisseur = Fournisseur()

    class Guichet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._servir({})

        def do_POST(self) -> None:
            longueur = int(self.headers.get("Content-Length", 0))
            self._servir(dict(parse_qsl(self.rfile.read(longueur).decode())))

        def _servir(self, envoi: dict[str, str]) -> None:
            statut, genre, corps = fournisseur.repondre(urlsplit(self.path).path, envoi)
            try:
                self.send_response(statut)
                self.send_header("Content-Type", genre)
                self.end_headers()
                self.wfile.write(corps.encode())
            except OSError:
                pass  # the application did not wait

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
    fournisseur.adresse = f"http://127.0.0.1:{serveur.server_port}"
    fil = Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.02})
    fil.start()
    try:
        yield fournisseur
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join()
