"""The second factor: a code shown by a telephone, after the mail link, for those whose account opens much.

The codes are TOTP (RFC 6238, django-otp): each serves once. Recovery codes stand in for a lost telephone; only a
keyed hash of them is kept. Every try is counted (`limite_code`), the row of the telephone is locked while it is
looked at.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Callable

import segno
from django.conf import settings
from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from raccord.comptes import messages
from raccord.comptes.actions import fermer_sessions
from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, Telephone, Utilisateur
from raccord.comptes.requete import Requete
from raccord.socle import courrier, journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier

NOMBRE_DE_CODES = 10
LONGUEURS = CHIFFRES_DU_TELEPHONE, CHIFFRES_DE_SECOURS = 6, 12
ROLES_A_CONFIRMER = frozenset({Role.COORDONNATEUR, Role.NATIONAL})
# Sessions that are let in without it. Only the demonstration adds one, for its fictitious accounts.
DISPENSES: list[Callable[[Requete], bool]] = []


class CodeRefuse(ErreurMetier):
    """Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis recopiez-le."""


def doit_confirmer(adhesion: Adhesion) -> bool:
    """Whether acting under that membership asks for the second factor."""
    return adhesion.role in ROLES_A_CONFIRMER or adhesion.administrateur


def confirmee(request: Requete) -> bool:
    """Whether this session has given its code; a telephone taken away takes that back at once."""
    return any(dispense(request) for dispense in DISPENSES) or bool(request.user.is_verified())


def telephone_de(utilisateur: Utilisateur) -> Telephone | None:
    """The telephone in use."""
    return Telephone.objects.filter(user=utilisateur, confirmed=True).order_by("pk").first()


def codes_restants(utilisateur: Utilisateur) -> int:
    """How many recovery codes have not served."""
    return int(StaticToken.objects.filter(device__user=utilisateur).count())


def preparer(utilisateur: Utilisateur) -> Telephone:
    """The secret to enter into a telephone, the same until its first code is given."""
    attendu = Telephone.objects.filter(user=utilisateur, confirmed=False).order_by("pk").first()
    return attendu or Telephone.objects.creer(utilisateur)


def image(telephone: Telephone) -> str:
    """The QR code, as an address that `img` takes; its own white ground, whatever the theme."""
    return str(segno.make(telephone.config_url, error="m").svg_data_uri(scale=5, light="#fff", dark="#000"))


def secret_lisible(telephone: Telephone) -> str:
    """The secret by groups of four, to be typed."""
    texte = b32encode(telephone.bin_key).decode()
    return " ".join(texte[i : i + 4] for i in range(0, len(texte), 4))


@transaction.atomic
def activer(contexte: Contexte, adhesion: Adhesion, *, code: str) -> tuple[Telephone, list[str]]:
    """The first code proves the telephone: it replaces any other. Returns it with recovery codes, shown once.

    Raises CodeRefuse.
    """
    utilisateur = adhesion.utilisateur
    telephone = Telephone.objects.select_for_update().get(pk=preparer(utilisateur).pk)
    if not telephone.verify_token(code):
        raise CodeRefuse(champ="code")
    Telephone.objects.filter(user=utilisateur).exclude(pk=telephone.pk).delete()
    telephone.confirmed = True
    telephone.save(update_fields=["confirmed"])
    journal.inscrire(
        contexte, adhesion.organisation, "compte.telephone", "a enregistré un téléphone pour confirmer ses entrées"
    )
    _prevenir(utilisateur, "un téléphone vient d’être enregistré pour confirmer vos entrées")
    return telephone, _nouveaux_codes(utilisateur)


@transaction.atomic
def confirmer(contexte: Contexte, adhesion: Adhesion, *, code: str) -> Device:
    """The telephone or the recovery device that accepts the code. Raises CodeRefuse."""
    utilisateur = adhesion.utilisateur
    if len(code) == CHIFFRES_DU_TELEPHONE:
        appareil = Telephone.objects.select_for_update().filter(user=utilisateur, confirmed=True).first()
        if appareil is not None and appareil.verify_token(code):
            return appareil
        raise CodeRefuse(champ="code")
    secours = StaticDevice.objects.select_for_update().filter(user=utilisateur).first()
    if secours is None or not secours.verify_token(_empreinte(code)):
        raise CodeRefuse(champ="code")
    journal.inscrire(contexte, adhesion.organisation, "compte.secours", "est entré avec un code de secours")
    _prevenir(utilisateur, "un code de secours vient de servir pour entrer")
    return secours


@transaction.atomic
def refaire_codes(contexte: Contexte, adhesion: Adhesion) -> list[str]:
    """New recovery codes; the former ones do not serve any more."""
    journal.inscrire(contexte, adhesion.organisation, "compte.codes", "a refait ses codes de secours")
    _prevenir(adhesion.utilisateur, "vos codes de secours viennent d’être refaits")
    return _nouveaux_codes(adhesion.utilisateur)


@transaction.atomic
def retirer(contexte: Contexte, utilisateur: Utilisateur) -> bool:
    """Take the telephone and the recovery codes away, end the sessions: the next entry registers another telephone.

    Returns whether there was one. Done on the machine, for somebody whom one has recognised.
    """
    Telephone.objects.select_for_update().filter(user=utilisateur).first()
    retires, _ = Telephone.objects.filter(user=utilisateur).delete()
    StaticDevice.objects.filter(user=utilisateur).delete()
    fermer_sessions(utilisateur)
    for adhesion in utilisateur.adhesions.filter(fin__isnull=True).select_related("organisation").order_by("debut"):
        journal.inscrire(
            contexte,
            adhesion.organisation,
            "compte.retirer_telephone",
            "a retiré, sur la machine, le téléphone de confirmation d'un membre",
            faits={"utilisateur": str(utilisateur.pk)},
        )
    _prevenir(utilisateur, "votre téléphone de confirmation a été retiré, à votre demande")
    return bool(retires)


def _nouveaux_codes(utilisateur: Utilisateur) -> list[str]:
    Utilisateur.objects.select_for_update(no_key=True).get(pk=utilisateur.pk)  # one set, even for a double click
    secours, _ = StaticDevice.objects.get_or_create(user=utilisateur, defaults={"name": "Codes de secours"})
    secours.token_set.all().delete()
    codes = ["".join(secrets.choice("0123456789") for _ in range(CHIFFRES_DE_SECOURS)) for _ in range(NOMBRE_DE_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=secours, token=_empreinte(code)) for code in codes)
    return [" ".join(code[i : i + 4] for i in range(0, len(code), 4)) for code in codes]


def _empreinte(code: str) -> str:
    """What is kept of a recovery code, in the 16 characters that the table has."""
    return hmac.new(settings.SECRET_KEY.encode(), code.encode(), hashlib.sha256).hexdigest()[:16]


def _prevenir(utilisateur: Utilisateur, quoi: str) -> None:
    """Whoever did not do it learns it by mail."""
    courrier.envoyer(messages.CONFIRMATION_CHANGEE, [utilisateur.destinataire()], {"quoi": quoi})
