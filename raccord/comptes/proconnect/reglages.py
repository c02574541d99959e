"""What is set for ProConnect, and what its provider publishes of itself."""

from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from raccord.comptes.proconnect.refus import Refus
from raccord.socle import environnement as env

# Signed with the provider's private key. Neither `none` nor HS*, whose key would be the public one.
ALGORITHMES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
SECONDES = 5  # given to the provider for each answer
SECONDES_DE_DECOUVERTE = 3600
# What mozilla-django-oidc asks its settings → what the provider publishes.
POINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}
SORTIE = "end_session_endpoint"


@dataclass(frozen=True)
class Reglages:
    """One provider, one client."""

    emetteur: str
    client: str
    secret: str
    # The levels that are accepted, the lowest first; the provider is asked for one of them.
    acr: tuple[str, ...] = ("eidas1", "eidas2", "eidas3")
    algorithmes: tuple[str, ...] = ("RS256", "ES256")
    pkce: bool = True

    def __post_init__(self) -> None:
        if not (self.client and self.secret and self.acr and self.algorithmes):
            raise ImproperlyConfigured(
                "ProConnect est réglé à moitié : RACCORD_PROCONNECT_CLIENT, _SECRET, _ACR et _ALGORITHMES sont tous "
                "nécessaires, ou laissez RACCORD_PROCONNECT_EMETTEUR vide."
            )
        if interdits := sorted(set(self.algorithmes) - ALGORITHMES):
            raise ImproperlyConfigured(
                f"RACCORD_PROCONNECT_ALGORITHMES : {', '.join(interdits)} n'est pas accepté. "
                f"Choisissez parmi {', '.join(sorted(ALGORITHMES))}."
            )


def depuis_environnement(*, demo: bool) -> Reglages | None:
    """The settings, None when no provider is named. Outside the demo it is only spoken to by https."""
    emetteur = env.texte("RACCORD_PROCONNECT_EMETTEUR")
    if not emetteur:
        return None
    if not demo and not emetteur.startswith("https://"):
        raise ImproperlyConfigured("RACCORD_PROCONNECT_EMETTEUR doit commencer par https://.")
    return Reglages(
        emetteur=emetteur,
        client=env.texte("RACCORD_PROCONNECT_CLIENT"),
        secret=env.texte("RACCORD_PROCONNECT_SECRET"),
        acr=tuple(env.liste("RACCORD_PROCONNECT_ACR", ",".join(Reglages.acr))),
        algorithmes=tuple(env.liste("RACCORD_PROCONNECT_ALGORITHMES", ",".join(Reglages.algorithmes))),
        pkce=env.booleen("RACCORD_PROCONNECT_PKCE", True),
    )


def en_vigueur() -> Reglages:
    """The settings. Raises Refus when ProConnect is not offered here."""
    reglages: Reglages | None = settings.PROCONNECT
    if reglages is None:
        raise Refus("absent")
    return reglages


def point(nom: str) -> str:
    """The address that the provider publishes under that name. Raises Refus."""
    adresse = _decouvrir(en_vigueur().emetteur).get(nom)
    if not isinstance(adresse, str):
        raise Refus("decouverte")
    return adresse


def _decouvrir(emetteur: str) -> dict[str, Any]:
    cle = f"proconnect:{emetteur}"
    publie: dict[str, Any] | None = cache.get(cle)
    if publie is None:
        try:
            reponse = requests.get(f"{emetteur.rstrip('/')}/.well-known/openid-configuration", timeout=SECONDES)
            reponse.raise_for_status()
            publie = _controler(emetteur, reponse.json())
        except requests.RequestException as erreur:
            raise Refus("decouverte") from erreur
        cache.set(cle, publie, SECONDES_DE_DECOUVERTE)
    return publie


def _controler(emetteur: str, publie: object) -> dict[str, Any]:
    """It speaks in its own name, and no address of it is less protected than the issuer's own."""
    if not isinstance(publie, dict) or publie.get("issuer") != emetteur:
        raise Refus("decouverte")
    protocole = emetteur.split("//")[0]
    points = [publie.get(nom) for nom in (*POINTS.values(), SORTIE)]
    if not all(isinstance(adresse, str) and adresse.startswith((protocole, "https:")) for adresse in points):
        raise Refus("decouverte")
    return publie


def lire(nom: str, *defaut: Any) -> Any:
    """A setting, by the name that mozilla-django-oidc gives it."""
    if nom in POINTS:
        return point(POINTS[nom])
    reglages = en_vigueur()
    valeurs = {
        "OIDC_RP_CLIENT_ID": reglages.client,
        "OIDC_RP_CLIENT_SECRET": reglages.secret,
        "OIDC_RP_SIGN_ALGO": reglages.algorithmes[0],
        "OIDC_RP_SCOPES": "openid email",
        "OIDC_USE_PKCE": reglages.pkce,
        "OIDC_TIMEOUT": SECONDES,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "comptes:proconnect_retour",
    }
    return valeurs[nom] if nom in valeurs else defaut[0]
