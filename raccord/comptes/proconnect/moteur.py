"""From a code brought back by the browser to an account. mozilla-django-oidc asks; what it does not verify is here.

It checks a signature and a nonce. Not the issuer, the audience, the level, who userinfo speaks of, nor that userinfo
is signed at all, nor that both tokens go together.
"""

import base64
from typing import Any

import jwt
import requests
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from raccord.comptes.models import CompteProConnect, Utilisateur
from raccord.comptes.proconnect import reglages
from raccord.comptes.proconnect.refus import Inconnu, Refus

TOLERANCE = 30  # seconds between the provider's clock and ours
# An answer that is not what it should be: unreachable, unreadable, unsigned, signed by another, without a field.
DEFAUTS = (requests.RequestException, jwt.PyJWTError, SuspiciousOperation, LookupError, TypeError, ValueError)


class MoteurProConnect(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library has no types
    """One sign-in. `jeton_identite` is kept for the way out."""

    jeton_identite = ""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Ours, never Django's global ones."""
        return reglages.lire(attr, *args)

    def authenticate(self, request: HttpRequest, **kwargs: Any) -> Utilisateur:
        """The open account of that person. Raises Refus, Inconnu among them."""
        try:
            utilisateur: Utilisateur | None = super().authenticate(request, **kwargs)
        except DEFAUTS as erreur:
            raise Refus(type(erreur).__name__) from erreur
        if utilisateur is None:
            raise Refus("sans code")
        return utilisateur

    def get_token(self, payload: dict[str, Any]) -> dict[str, str]:
        """The provider's answer to the code."""
        jetons = super().get_token(payload)
        if not isinstance(jetons, dict) or not all(
            isinstance(jetons.get(nom), str) for nom in ("id_token", "access_token")
        ):
            raise Refus("jetons absents")
        return jetons

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """The identity token: signed, for us, of now, answering our own question, at a level we accept."""
        contenu = self._lire(token, exiges=("exp", "iat"))
        nonce = kwargs.get("nonce")
        if not nonce or contenu.get("nonce") != nonce:
            raise Refus("nonce")
        if contenu.get("acr") not in reglages.en_vigueur().acr:
            raise Refus("niveau")
        return contenu

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What the provider says of the person: signed as the token was, and of the same person."""
        at_hash = payload.get("at_hash")  # optional in this flow; signed, hence not to be taken away
        if at_hash is not None and not constant_time_compare(at_hash, _empreinte(access_token, id_token)):
            raise Refus("jeton d'un autre")
        reponse = requests.get(
            self.OIDC_OP_USER_ENDPOINT,
            headers={"Authorization": f"Bearer {access_token}"},
            timeout=reglages.SECONDES,
        )
        reponse.raise_for_status()
        if not reponse.headers.get("content-type", "").lower().startswith("application/jwt"):
            raise Refus("personne non signée")
        personne = self._lire(reponse.text.strip(), exiges=())
        if personne["sub"] != payload["sub"]:
            raise Refus("autre personne")
        return personne

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> Utilisateur:
        """Who is already linked, else who has that address. Nobody is created: ProConnect gives no account."""
        personne = self.get_userinfo(access_token, id_token, payload)
        lien = CompteProConnect.objects.select_related("utilisateur").filter(
            emetteur=payload["iss"], sub=payload["sub"]
        )
        compte = lien.first()
        utilisateur = compte.utilisateur if compte else self._a_cette_adresse(personne)
        if utilisateur is None or not utilisateur.is_active:
            raise Inconnu
        if compte is None:
            CompteProConnect.objects.get_or_create(
                emetteur=payload["iss"], sub=payload["sub"], defaults={"utilisateur": utilisateur}
            )
        return utilisateur

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Nothing enters a session before the person is known."""
        self.jeton_identite = id_token

    def _a_cette_adresse(self, personne: dict[str, Any]) -> Utilisateur | None:
        """ProConnect only gives addresses that it has verified; a provider that says otherwise is believed."""
        courriel = personne.get("email")
        if not isinstance(courriel, str) or personne.get("email_verified", True) is not True:
            raise Refus("adresse non vérifiée")
        return Utilisateur.objects.filter(courriel=courriel.strip().lower()).first()

    def _lire(self, jeton: str, *, exiges: tuple[str, ...]) -> dict[str, Any]:
        """What a token says, once its signature, issuer, audience and dates are verified."""
        reglage = reglages.en_vigueur()
        contenu: dict[str, Any] = jwt.decode(
            jeton,
            self.retrieve_matching_jwk(jeton),
            algorithms=reglage.algorithmes,
            audience=reglage.client,
            issuer=reglage.emetteur,
            leeway=TOLERANCE,
            options={"require": ["iss", "aud", "sub", *exiges]},
        )
        if contenu["aud"] not in (reglage.client, [reglage.client]):
            raise Refus("plusieurs destinataires")
        return contenu


def _empreinte(acces: str, jeton: str) -> str:
    """What `at_hash` must be: which access token comes with that identity token (OpenID Connect Core, 3.1.3.6)."""
    algorithme = jwt.get_algorithm_by_name(jwt.get_unverified_header(jeton)["alg"])
    condense = algorithme.compute_hash_digest(acces.encode())
    return base64.urlsafe_b64encode(condense[: len(condense) // 2]).decode().rstrip("=")
