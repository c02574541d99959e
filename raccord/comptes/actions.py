"""Signing in by mail."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from sesame.utils import get_token

from raccord.comptes import messages
from raccord.comptes.models import Utilisateur
from raccord.socle import courrier


@transaction.atomic
def envoyer_lien_connexion(courriel: str) -> None:
    """Write the sign-in message when the account exists; say nothing either way (no account can be guessed)."""
    utilisateur = Utilisateur.objects.filter(courriel=courriel, is_active=True).first()
    if utilisateur is None:
        return
    lien = settings.ADRESSE_PUBLIQUE + reverse("comptes:entrer", args=[get_token(utilisateur)])
    courrier.envoyer(messages.CONNEXION, [utilisateur.destinataire()], {"lien": lien})
