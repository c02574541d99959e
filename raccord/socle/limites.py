"""Not too many tries: what is limited is counted in PostgreSQL, under a keyed hash that says nothing of anybody.

A limit is a dated parameter `limite_<name>`: how many, in how many minutes. One row per thing that is limited, its
window beginning with the first try. The row stays locked until the transaction of the try ends, so that any number
of simultaneous requests count one after the other.
"""

import datetime as dt
import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from raccord.socle.exceptions import TropDEssais
from raccord.socle.models import Essai
from raccord.socle.parametres import valeur

COMPTER = """
INSERT INTO socle_essai AS essai (cle, nombre, fin) VALUES (%(cle)s, 1, %(fin)s)
ON CONFLICT (cle) DO UPDATE SET
    nombre = CASE WHEN essai.fin <= %(instant)s THEN 1 ELSE essai.nombre + 1 END,
    fin = CASE WHEN essai.fin <= %(instant)s THEN excluded.fin ELSE essai.fin END
RETURNING nombre, fin
"""
PREFIXE_IPV6 = 64  # what one subscriber is given


def compter(limite: str, quoi: object) -> None:
    """Count one try of `quoi`. Raises TropDEssais beyond the limit; what follows must not be done then.

    Somebody who counts two things counts them in the same order everywhere: their rows are locked.
    """
    permis, minutes = valeur(f"limite_{limite}")
    instant = timezone.now()
    valeurs: dict[str, str | dt.datetime] = {
        "cle": _cle(limite, quoi),
        "instant": instant,
        "fin": instant + dt.timedelta(minutes=minutes),
    }
    with connection.cursor() as curseur:
        curseur.execute(COMPTER, valeurs)
        nombre, fin = curseur.fetchone()
    if nombre > permis:
        raise TropDEssais(fin - instant)


def verifier(limite: str, quoi: object) -> None:
    """Count nothing. Raises TropDEssais when the limit is already reached."""
    instant = timezone.now()
    essai = Essai.objects.filter(cle=_cle(limite, quoi), fin__gt=instant).first()
    if essai is not None and essai.nombre >= valeur(f"limite_{limite}")[0]:
        raise TropDEssais(essai.fin - instant)


def oublier(limite: str, quoi: object) -> None:
    """It succeeded: the tries before do not count any more."""
    Essai.objects.filter(cle=_cle(limite, quoi)).delete()


def nettoyer() -> int:
    """Remove the rows whose window is over. Returns how many."""
    return Essai.objects.filter(fin__lte=timezone.now()).delete()[0]


def reseau(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the IPv6 network of one subscriber.

    Behind our proxy, the last address of X-Forwarded-For: the one that the proxy itself saw and added.
    """
    adresse = str(request.META.get("REMOTE_ADDR", ""))
    if settings.DERRIERE_PROXY:
        adresse = request.headers.get("X-Forwarded-For", adresse).rsplit(",", 1)[-1].strip()
    try:
        ip = ipaddress.ip_address(adresse)
    except ValueError:
        return "inconnu"
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(ip), PREFIXE_IPV6), strict=False))
    return str(ip)


def _cle(limite: str, quoi: object) -> str:
    texte = f"{limite}|{quoi}"
    return hmac.new(settings.SECRET_KEY.encode(), texte.encode(), hashlib.sha256).hexdigest()
