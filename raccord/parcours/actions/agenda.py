"""The private address by which somebody's own calendar reads their meetings."""

import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from raccord.comptes.liens import OCTETS_DU_SECRET, empreinte
from raccord.parcours.acces.agenda import adresse_de
from raccord.parcours.models import AdresseAgenda
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import RoleRefuse


@transaction.atomic
def creer_adresse(contexte: Contexte) -> str:
    """A new secret address; the former one stops at once. It is returned here and never again."""
    if contexte.utilisateur_id is None:
        raise RoleRefuse
    jeton = secrets.token_urlsafe(OCTETS_DU_SECRET)
    AdresseAgenda.objects.filter(utilisateur_id=contexte.utilisateur_id).delete()
    adresse = AdresseAgenda.objects.create(utilisateur_id=contexte.utilisateur_id, empreinte=empreinte(jeton))
    journal.inscrire(contexte, adresse, "agenda.creer", "a créé une adresse privée de son agenda")
    return settings.ADRESSE_PUBLIQUE + reverse("parcours:flux", args=[jeton])


@transaction.atomic
def retirer_adresse(contexte: Contexte) -> bool:
    """The address answers nothing more. False when there was none."""
    adresse = adresse_de(contexte.utilisateur_id) if contexte.utilisateur_id else None
    if adresse is None:
        return False
    journal.inscrire(contexte, adresse, "agenda.retirer", "a retiré l'adresse privée de son agenda")
    adresse.delete()
    return True
