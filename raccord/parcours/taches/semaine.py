"""Once a week: what waits, where, for whom, to the coordinations and to the national team."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Organisation
from raccord.echeances.models import Attente, Passage
from raccord.echeances.tournees import tournee
from raccord.parcours.acces.destinataires import coordonnateurs_de
from raccord.parcours.messages.parcours import equipe_nationale
from raccord.socle import calendrier, identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.courrier import definir, destiner, envoyer

SEMAINE = definir("parcours.semaine", "Ce qui attend sur mon territoire, une fois par semaine")
for role in (Role.COORDONNATEUR, Role.NATIONAL):
    destiner(role, SEMAINE)
LIGNES = 15


@dataclass(frozen=True, kw_only=True)
class Retenue:
    """What one owner has to do, and since when: counts, never a file."""

    qui: str
    nombre: int
    retards: int
    depuis: dt.datetime


@tournee("ce_qui_attend")
def ecrire_ce_qui_attend() -> int:
    """On Monday, or the first day the loop turns that week. Returns how many were written to."""
    try:
        with identite.agir(SYSTEME), transaction.atomic():
            Passage.objects.create(nom=f"semaine-{calendrier.lundi(calendrier.aujourdhui())}", le=timezone.now())
            return _ecrire()
    except IntegrityError:  # this week's has left, from here or from another loop
        return 0


def _ecrire() -> int:
    ecrits = 0
    for mlds in Organisation.objects.filter(genre=GenreOrganisation.MLDS).order_by("nom", "pk"):
        qui = coordonnateurs_de(mlds)
        departements = list(Organisation.objects.filter(pk=mlds.pk).values_list("academie__departements", flat=True))
        retenues = _retenues(Q(departement__in=departements) | Q(organisation_id=mlds.pk)) if qui else []
        if retenues:
            ecrits += envoyer(SEMAINE, qui, _donnees(mlds.nom, retenues))
    retenues = _retenues(Q())
    return ecrits + (envoyer(SEMAINE, equipe_nationale(), _donnees("toute la France", retenues)) if retenues else 0)


def _retenues(ou: Q) -> list[Retenue]:
    """By owner, oldest first: an organisation, or a role when there is none."""
    maintenant = timezone.now()
    groupes = (
        Attente.objects.filter(ou, close_le__isnull=True, jeune_id__isnull=True)
        .values("proprietaire", "organisation_id", "role")
        .annotate(nombre=Count("pk"), retards=Count("pk", Q(echeance__lt=maintenant)), depuis=Min("ouverte_le"))
        .order_by("depuis", "proprietaire")
    )
    return [
        Retenue(qui=g["proprietaire"], nombre=g["nombre"], retards=g["retards"], depuis=g["depuis"]) for g in groupes
    ]


def _donnees(ou: str, retenues: list[Retenue]) -> dict[str, object]:
    return {
        "ou": ou,
        "retenues": retenues[:LIGNES],
        "autres": len(retenues[LIGNES:]),
        "nombre": sum(retenue.nombre for retenue in retenues),
        "retards": sum(retenue.retards for retenue in retenues),
        "run": settings.ADRESSE_PUBLIQUE + reverse("parcours:run"),
        "journee": settings.ADRESSE_PUBLIQUE + reverse("echeances:ma_journee"),
    }
