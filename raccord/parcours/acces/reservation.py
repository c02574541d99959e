"""The only road to reservations, and to the young people an offer may be held for."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from raccord.comptes.enums import Role
from raccord.jeunes.acces import jeunes_de
from raccord.jeunes.models import Jeune
from raccord.parcours.acces.territoire import de_mon_academie
from raccord.parcours.enums import ETATS_PARCOURS_OUVERTS, EtatReservation
from raccord.parcours.models import Offre, Parcours, Positionnement, Reservation
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_404
from raccord.socle.parametres import regle
from raccord.territoires.distances import distance_km

FAMILLE = (
    "offre__entreprise",
    "offre__commune__departement__academie",
    "offre__engagement__marche__acheteur",
    "offre__engagement__marche__suivi_par",
    "jeune",
    "tuteur",
    "organisation",
)


def reservation_visible(contexte: Contexte, reservation_id: UUID) -> Reservation:
    """The reservation for the MLDS that holds it, the coordinators of both territories and the national team.

    Seeing it opens neither the young person's name (`jeunes.acces.designation`) nor level 2 (`acces.offres`).
    Raises Http404 for the others.
    """
    return ou_404(Reservation.objects.filter(mienne(contexte), pk=reservation_id).select_related(*FAMILLE))


def mienne(contexte: Contexte) -> Q:
    """Which reservations somebody sees."""
    if contexte.role == Role.NATIONAL:
        return Q(pk__isnull=False)
    if contexte.role == Role.TUTEUR and contexte.organisation_id:
        return Q(organisation_id=contexte.organisation_id)
    if contexte.role == Role.COORDONNATEUR and contexte.academie_id:
        return de_mon_academie(contexte)
    return Q(pk__isnull=True)


def reservation_active(offre: Offre) -> Reservation | None:
    """Who holds the offer now."""
    return Reservation.objects.filter(offre=offre, etat=EtatReservation.ACTIVE).select_related("organisation").first()


def positionnement_de(reservation: Reservation) -> Positionnement | None:
    """The proposal made under this reservation, when there is one."""
    return Positionnement.objects.filter(reservation=reservation).first()


def parcours_de(reservation: Reservation) -> Parcours | None:
    """The stay it became."""
    return Parcours.objects.filter(positionnement__reservation=reservation).first()


@dataclass(frozen=True, kw_only=True)
class JeunePossible:
    """One of my young people before this offer: how far, and what stands in the way, in words."""

    jeune: Jeune
    distance_km: float | None
    empeche: str


def jeunes_pour(contexte: Contexte, offre: Offre) -> list[JeunePossible]:
    """My MLDS's young people, in alphabetical order: never ranked. One query, and two for the rule of ages."""
    reservee = Reservation.objects.filter(jeune=OuterRef("pk"), etat=EtatReservation.ACTIVE)
    en_parcours = Parcours.objects.filter(jeune=OuterRef("pk"), etat__in=ETATS_PARCOURS_OUVERTS)
    jeunes = (
        jeunes_de(contexte)
        .suivis_par(contexte.organisation_id)
        .select_related("commune")
        .annotate(a_reservation=Exists(reservee), a_parcours=Exists(en_parcours))
    )
    debut = max(offre.date_debut, calendrier.aujourdhui())
    ages = range(regle("age_minimum", le=debut).valeur, regle("age_maximum", le=debut).valeur + 1)

    def empeche(jeune: Jeune) -> str:
        if jeune.a_reservation:  # type: ignore[attr-defined]  # annotated above
            return "a déjà une offre réservée"
        if jeune.a_parcours:  # type: ignore[attr-defined]
            return "a déjà un parcours ouvert"
        if jeune.age(debut) not in ages:
            return f"aura {jeune.age(debut)} ans le {debut:%d/%m/%Y}"
        return ""

    return [JeunePossible(jeune=jeune, distance_km=_distance(jeune, offre), empeche=empeche(jeune)) for jeune in jeunes]


def _distance(jeune: Jeune, offre: Offre) -> float | None:
    ici, la_bas = jeune.commune, offre.commune
    if ici.latitude is None or ici.longitude is None or la_bas.latitude is None or la_bas.longitude is None:
        return None
    return distance_km(ici.latitude, ici.longitude, la_bas.latitude, la_bas.longitude)
