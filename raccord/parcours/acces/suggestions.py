"""Offers for one young person, near home first. Offers are ranked, by rules anybody can read; people never are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from django.db.models import BooleanField, Case, F, IntegerField, Q, Value, When

from raccord.comptes.enums import Domaine
from raccord.jeunes.enums import DureeSouhaitee
from raccord.jeunes.models import Jeune
from raccord.parcours.enums import EtatPositionnement, MotifAbandon
from raccord.parcours.models import Offre, Positionnement
from raccord.parcours.models.offre import OffreQuerySet, qui_dure
from raccord.socle import calendrier
from raccord.socle.mots import date_fr, heures, liste_fr
from raccord.socle.mots import distance_km as en_mots
from raccord.socle.parametres import regle
from raccord.territoires.distances import avec_distance, dans_un_rayon

# Beyond what is accepted, still worth showing: twice as far, and at least this (kilometres).
AU_DELA_MINIMUM = 60
AU_DELA_FACTEUR = 2
HEURES_PAR_SEMAINE = 35
JOURS_PAR_SEMAINE = 7


@dataclass(frozen=True, kw_only=True)
class OffreSuggeree:
    """Level 1 of an offer, nothing else was fetched."""

    pk: UUID
    intitule: str
    entreprise: str
    lieu: str
    duree: str
    domaines: list[str]
    date_debut: dt.date
    date_fin: dt.date


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One offer, why it is here (`raisons`) and what to look at before (`reserves`). No score exists."""

    offre: OffreSuggeree
    distance_km: float | None
    raisons: list[str]
    reserves: list[str]

    @property
    def au_dela(self) -> bool:
        """Farther than the young person accepts."""
        return any(reserve.startswith("au-delà") for reserve in self.reserves)


def suggerer(jeune: Jeune, limite: int = 10) -> list[Suggestion]:
    """Published offers for this young person, in this order: the first half of the accepted distance, the second,
    then beyond; inside each, a wished domain first, then a wished length, then dates that leave time for all the
    hours, then a company that said it is ready; among equals the nearest, then the one that ends first.

    Offers where this young person was refused, or which they declined, are left out. Name, sex and date of entry
    play no part. Territory borders play no part either: they are only said. Three queries.
    """
    position = _position(jeune)
    requete = Offre.objects.publiques().exclude(pk__in=_ecartees(jeune))
    if position:
        loin = max(AU_DELA_MINIMUM, AU_DELA_FACTEUR * jeune.rayon_km)
        requete = avec_distance(dans_un_rayon(requete, *position, loin, prefixe="commune__"), *position, "commune__")
    else:
        requete = requete.annotate(distance_km=Value(None, output_field=IntegerField()))
    requete = _classer(requete, jeune).select_related("entreprise", "commune__departement__academie")
    ages = range(regle("age_minimum").valeur, regle("age_maximum").valeur + 1)
    return [_suggestion(jeune, offre, ages) for offre in requete[:limite]]


def _position(jeune: Jeune) -> tuple[float, float] | None:
    commune = jeune.commune
    if commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude


def _ecartees(jeune: Jeune) -> "Sequence[UUID]":
    """Offers where the company said no to this young person, or to which they said no themselves."""
    non = Q(etat=EtatPositionnement.REFUSE) | Q(
        etat=EtatPositionnement.ABANDONNE,
        motif_abandon__in=[MotifAbandon.JEUNE_RENONCE, MotifAbandon.RENCONTRE_SANS_SUITE],
    )
    return Positionnement.objects.filter(non, reservation__jeune=jeune).values("reservation__offre_id")  # type: ignore[return-value]


def _classer(requete: OffreQuerySet, jeune: Jeune) -> OffreQuerySet:
    """The order of the docstring, as PostgreSQL sorts: False before True."""
    moitie = jeune.rayon_km / 2
    bande = Case(
        When(distance_km__lte=moitie, then=0),
        When(distance_km__lte=jeune.rayon_km, then=1),
        default=2,
        output_field=IntegerField(),
    )
    requete = requete.annotate(_bande=bande)
    ordre: list[str] = ["_bande"]
    if jeune.domaines:
        requete = requete.annotate(_autre_domaine=_non(Q(domaines__overlap=jeune.domaines)))
        ordre.append("_autre_domaine")
    if jeune.heures_souhaitees:
        requete = requete.annotate(_autre_duree=_non(qui_dure([jeune.heures_souhaitees])))
        ordre.append("_autre_duree")
    depart = _depart(jeune)
    tient = Q()
    for duree in DureeSouhaitee.values:
        longueur = _longueur(duree)
        tient |= qui_dure([duree]) & Q(date_fin__gte=depart + longueur, date_debut__lte=F("date_fin") - longueur)
    requete = requete.annotate(
        _trop_court=Case(When(tient, then=False), default=True, output_field=BooleanField()),
        _pas_prete=Case(When(prete_le__isnull=False, then=False), default=True, output_field=BooleanField()),
    )
    ordre += ["_trop_court", "_pas_prete"]
    return requete.order_by(*ordre, F("distance_km").asc(nulls_last=True), "date_fin", "intitule", "pk")


def _non(condition: Q) -> Case:
    return Case(When(condition, then=False), default=True, output_field=BooleanField())


def _depart(jeune: Jeune) -> dt.date:
    """The first day the young person can come."""
    return max(jeune.disponible_du or calendrier.aujourdhui(), calendrier.aujourdhui())


def _longueur(duree: int) -> dt.timedelta:
    """Calendar time of that many hours at 35 a week, a week begun being a whole one."""
    return dt.timedelta(days=-(-duree // HEURES_PAR_SEMAINE) * JOURS_PAR_SEMAINE)


def _suggestion(jeune: Jeune, offre: Offre, ages: range) -> Suggestion:
    distance: float | None = offre.distance_km  # type: ignore[attr-defined]  # annotated above
    return Suggestion(
        offre=OffreSuggeree(
            pk=offre.pk,
            intitule=offre.intitule,
            entreprise=offre.entreprise.nom,
            lieu=f"{offre.commune.nom} ({offre.commune.departement_id})",
            duree=offre.duree_dite,
            domaines=[str(Domaine(domaine).label) for domaine in offre.domaines],
            date_debut=offre.date_debut,
            date_fin=offre.date_fin,
        ),
        distance_km=distance,
        raisons=_raisons(jeune, offre, distance),
        reserves=_reserves(jeune, offre, distance, ages),
    )


def _raisons(jeune: Jeune, offre: Offre, distance: float | None) -> list[str]:
    raisons = []
    if distance is not None:
        raisons.append("dans sa commune" if distance < 1 else f"à {en_mots(distance)}")
    communs = [str(Domaine(domaine).label) for domaine in offre.domaines if domaine in jeune.domaines]
    if communs:
        raisons.append(f"domaine souhaité : {liste_fr(communs)}")
    if jeune.heures_souhaitees == offre.heures_a_faire:
        raisons.append(f"durée souhaitée : {heures(offre.heures_a_faire)}")
    depart = max(_depart(jeune), offre.date_debut)
    if offre.date_fin >= depart + _longueur(ceil(offre.heures_a_faire)):
        quand = f"le {date_fr(depart)}" if depart > calendrier.aujourdhui() else "maintenant"
        raisons.append(f"possible dès {quand}")
    if offre.prete_le:
        raisons.append("l’entreprise s’est dite prête")
    chez_lui, la_bas = jeune.commune.departement, offre.commune.departement
    if la_bas.academie_id != chez_lui.academie_id:
        raisons.append(f"autre académie : {la_bas.academie.nom}" if la_bas.academie else f"ailleurs : {la_bas.nom}")
    elif la_bas.pk != chez_lui.pk:
        raisons.append(f"autre département : {la_bas.nom}")
    return raisons


def _reserves(jeune: Jeune, offre: Offre, distance: float | None, ages: range) -> list[str]:
    reserves = []
    if distance is None:
        reserves.append("distance inconnue : vérifiez le trajet")
    elif distance > jeune.rayon_km:
        reserves.append(f"au-delà des {jeune.rayon_km} km acceptés")
    if jeune.heures_souhaitees and offre.heures_a_faire > jeune.heures_souhaitees:
        reserves.append(f"plus long que souhaité : {heures(offre.heures_a_faire)}")
    depart = max(_depart(jeune), offre.date_debut)
    if offre.date_fin < depart + _longueur(ceil(offre.heures_a_faire)):
        reserves.append(
            f"à finir avant le {date_fr(offre.date_fin)} : il manque du temps pour {heures(offre.heures_a_faire)}"
        )
    if jeune.age(depart) not in ages:
        reserves.append(f"{jeune.age(depart)} ans au début du parcours : hors des âges prévus")
    return reserves
