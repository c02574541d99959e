"""Signing in by mail, and out of everywhere."""

import base64
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from sesame.packers import packer
from sesame.utils import get_token, get_user

from raccord.comptes import messages
from raccord.comptes.models import Utilisateur
from raccord.socle import courrier

# In whose name the message is written when there is no account: never saved, never sent.
PERSONNE = Utilisateur(courriel="personne@raccord.invalid", prenom="Personne", nom="Personne")
PERSONNE.set_unusable_password()


def adresse_d_entree(utilisateur: Utilisateur, suite: str = "") -> str:
    """The whole address of a sign-in link; `suite` is where it leads afterwards, checked again when it is used."""
    chemin = reverse("comptes:entrer", args=[get_token(utilisateur)])
    return settings.ADRESSE_PUBLIQUE + chemin + (f"?{urlencode({'next': suite})}" if suite else "")


@transaction.atomic
def envoyer_lien_connexion(utilisateur: Utilisateur | None, *, suite: str = "") -> None:
    """Write the sign-in message; without account the same work is done, and taken back (no account can be guessed)."""
    retour = transaction.savepoint()
    lien = adresse_d_entree(utilisateur or PERSONNE, suite)
    courrier.envoyer(messages.CONNEXION, [(utilisateur or PERSONNE).destinataire()], {"lien": lien})
    if utilisateur is None:
        transaction.savepoint_rollback(retour)
    else:
        transaction.savepoint_commit(retour)


@transaction.atomic
def utiliser_lien(jeton: str) -> Utilisateur | None:
    """Whom the link signs in; None when it is wrong, expired or used. Of two simultaneous uses one succeeds."""
    lu: Utilisateur | None = get_user(jeton, update_last_login=False)
    if lu is None:
        return None
    Utilisateur.objects.select_for_update(no_key=True).get(pk=lu.pk)
    utilisateur: Utilisateur | None = get_user(jeton)  # read again under the lock: another may have used it
    return utilisateur


def compte_du_jeton(jeton: str) -> UUID | None:
    """Whose a link was, even expired or used. It is not proved: what comes of it goes to that account's mailbox."""
    try:
        octets = base64.urlsafe_b64decode(jeton + "=" * (-len(jeton) % 4))
        compte, reste = packer.unpack_pk(octets)
    except ValueError:  # what is no base64, what is too short
        return None
    return compte if reste else None


def fermer_sessions(utilisateur: Utilisateur) -> None:
    """End every session of that person and void every link on its way: both are tied to the unusable password.

    A role that ends does the same by itself (`Adhesion.Meta.triggers`).
    """
    Utilisateur.objects.filter(pk=utilisateur.pk).update(password=make_password(None))
