"""Whose meetings a calendar reads, by its secret address."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from raccord.comptes.liens import empreinte
from raccord.parcours.models import AdresseAgenda, RendezVous

# What is older is in the files; a calendar that is read four times an hour needs no more.
MEMOIRE = dt.timedelta(days=90)


def adresse_de(utilisateur_id: UUID) -> AdresseAgenda | None:
    """Theirs, if they made one."""
    return AdresseAgenda.objects.filter(utilisateur_id=utilisateur_id).first()


def adresse_du_jeton(jeton: str) -> AdresseAgenda | None:
    """The address behind the secret, as long as its owner has an account."""
    return AdresseAgenda.objects.filter(empreinte=empreinte(jeton), utilisateur__is_active=True).first()


def rendez_vous_de(utilisateur_id: UUID) -> list[RendezVous]:
    """This person's meetings, those that were cancelled too: a calendar has to take them out."""
    return list(
        RendezVous.objects.filter(tuteur_id=utilisateur_id, fin__gt=timezone.now() - MEMOIRE)
        .select_related("offre__entreprise", "tuteur")
        .order_by("debut", "pk")
    )
