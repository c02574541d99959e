"""The doors to the one database: the owner migrates, the application owns nothing, statistics read counts alone."""

import hashlib
import hmac
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from raccord.config import base_locale

ROLE_APPLICATION, ROLE_STATISTIQUES = "raccord_application", "raccord_statistiques"
BASE_LOCALE = "raccord"


def _lire(url: str) -> dict[str, Any]:
    """Django settings from a postgresql:// address; options after `?` are libpq's."""
    morceaux = urlsplit(url)
    if morceaux.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL doit commencer par postgresql://, Raccord ne connaît que PostgreSQL.")
    options = dict(parse_qsl(morceaux.query))
    return {
        "NAME": unquote(morceaux.path.lstrip("/")) or BASE_LOCALE,
        "USER": unquote(morceaux.username or ""),
        "PASSWORD": unquote(morceaux.password or ""),
        "HOST": options.pop("host", "") or unquote(morceaux.hostname or ""),
        "PORT": str(morceaux.port or ""),
        "OPTIONS": options,
    }


def mot_de_passe(role: str, cle_secrete: str) -> str:
    """A role's password follows the secret key, so that nothing else is to be kept."""
    return hmac.new(cle_secrete.encode(), role.encode(), hashlib.sha256).hexdigest()


def statistiques(url: str, *, cle_secrete: str, url_statistiques: str) -> dict[str, str]:
    """How the role of statistics signs in, on the same database: derived, unless `url_statistiques` names a login."""
    if url_statistiques:
        return {cle: _lire(url_statistiques)[cle] for cle in ("USER", "PASSWORD")}
    return {"USER": ROLE_STATISTIQUES, "PASSWORD": mot_de_passe(ROLE_STATISTIQUES, cle_secrete) if url else ""}


def bases(
    url: str, *, cle_secrete: str, dossier_local: Path, url_application: str, durable: bool
) -> dict[str, dict[str, Any]]:
    """Settings of `default` (application role) and `proprietaire` (owner) for the same database.

    Without `url` the embedded server is started. `url_application` replaces the derived login,
    where a managed server forbids the owner to create roles.
    """
    local = not url
    if local:
        url = base_locale.adresse(base_locale.demarrer(dossier_local, durable=durable), BASE_LOCALE, "postgres")
    # Whichever the door, a transaction says in whose name it runs, and why: `socle.identite`.
    proprietaire = {"ENGINE": "raccord.socle.moteur", **_lire(url)}
    application = {**proprietaire, "OPTIONS": dict(proprietaire["OPTIONS"])}
    if url_application:
        application |= _lire(url_application)
    else:
        application |= {
            "USER": ROLE_APPLICATION,
            "PASSWORD": "" if local else mot_de_passe(ROLE_APPLICATION, cle_secrete),
        }
    # A view is one transaction, in the name of who asks.
    application["ATOMIC_REQUESTS"] = True
    # A thread keeps its connection: opening one cost more than the queries of most pages (measured: 10 ms of 17).
    application |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return {"default": application, "proprietaire": proprietaire}
