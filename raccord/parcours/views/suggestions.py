"""What the heart adds to young people's pages: where they stand, and the offers for them."""

from collections.abc import Collection
from uuid import UUID

from raccord.comptes.requete import Requete
from raccord.jeunes import complements
from raccord.jeunes.complements import Section, Situation
from raccord.jeunes.models import Jeune
from raccord.parcours.acces.suggestions import suggerer
from raccord.parcours.enums import ETATS_PARCOURS_OUVERTS, EtatParcours, EtatPositionnement, EtatReservation
from raccord.parcours.models import Parcours, Positionnement, Reservation
from raccord.socle.gabarits import adresse
from raccord.socle.mots import pluriel

SUGGESTIONS = 10
MONTREES = 3
ETATS_MONTRES = (*ETATS_PARCOURS_OUVERTS, EtatParcours.INTERROMPU, EtatParcours.TERMINE, EtatParcours.BILAN_SIGNE)
POSITIONNEMENTS_FINIS = (EtatPositionnement.REFUSE, EtatPositionnement.ABANDONNE)


def situations(jeunes: Collection[UUID]) -> dict[UUID, Situation]:
    """A stay speaks louder than a proposal, a proposal than a reservation. Three queries."""
    trouvees: dict[UUID, Situation] = {}
    reservations = Reservation.objects.filter(jeune_id__in=jeunes, etat=EtatReservation.ACTIVE).order_by("cree_le")
    for reservation in reservations:
        url = adresse("parcours:reservation", reservation.pk)
        trouvees[reservation.jeune_id] = Situation(libelle="Offre réservée", ton="info", url=url)
    propositions = (
        Positionnement.objects.filter(reservation__jeune_id__in=jeunes, reservation__etat=EtatReservation.ACTIVE)
        .exclude(etat__in=(*POSITIONNEMENTS_FINIS, EtatPositionnement.PREPARE))
        .select_related("reservation")
        .order_by("cree_le")
    )
    for proposition in propositions:
        url = adresse("parcours:positionnement", proposition.pk)
        libelle = f"Proposition : {proposition.get_etat_display()}"
        trouvees[proposition.reservation.jeune_id] = Situation(libelle=libelle, ton="info", url=url)
    for parcours in Parcours.objects.filter(jeune_id__in=jeunes, etat__in=ETATS_MONTRES).order_by("cree_le"):
        if parcours.jeune_id is not None:
            url = adresse("parcours:parcours", parcours.pk)
            libelle = f"Parcours : {parcours.get_etat_display()}"
            trouvees[parcours.jeune_id] = Situation(libelle=libelle, ton="succes", url=url)
    return trouvees


def ou_ca_en_est(request: Requete, jeune: Jeune) -> Section:
    """The reservation, the proposal, the stays of this young person, and the page where each goes on."""
    reservation = (
        Reservation.objects.filter(jeune=jeune, etat=EtatReservation.ACTIVE)
        .select_related("offre__entreprise", "offre__commune", "positionnement")
        .first()
    )
    positionnement = getattr(reservation, "positionnement", None)
    parcours = list(
        Parcours.objects.filter(jeune=jeune)
        .select_related("offre__entreprise", "offre__commune")
        .order_by("-debut", "pk")
    )
    return Section(
        gabarit="parcours/jeunes/_ou_ca_en_est.html",
        contexte={
            "jeune": jeune,
            "reservation": reservation,
            "positionnement": positionnement,
            "url_positionnement": adresse("parcours:positionnement", positionnement.pk) if positionnement else "",
            "parcours": [(un, adresse("parcours:parcours", un.pk)) for un in parcours],
        },
    )


def offres_suggerees(request: Requete, jeune: Jeune) -> Section:
    """Offers near home first, each with its reasons; folded while the young person already has something under way."""
    occupe = (
        Reservation.objects.filter(jeune=jeune, etat=EtatReservation.ACTIVE).exists()
        or Parcours.objects.filter(jeune=jeune, etat__in=ETATS_PARCOURS_OUVERTS).exists()
    )
    suggestions = suggerer(jeune, SUGGESTIONS)
    premieres, autres = ([], suggestions) if occupe else (suggestions[:MONTREES], suggestions[MONTREES:])
    return Section(
        gabarit="parcours/jeunes/_suggestions.html",
        contexte={
            "jeune": jeune,
            "occupe": occupe,
            "premieres": premieres,
            "autres": autres,
            "titre_autres": f"Voir {pluriel(len(autres), 'offre' if occupe else 'autre offre')}",
        },
    )


# `jeunes` stands below and may not import us: it shows what is plugged in here.
def propositions_de(jeune_id: UUID) -> list[UUID]:
    """What was sent of this young person: whoever opened a CV is read among the openings of the file."""
    return list(Positionnement.objects.filter(reservation__jeune_id=jeune_id).values_list("pk", flat=True))


complements.PIECES.append(propositions_de)
complements.SITUATIONS.append(situations)
complements.SECTIONS.extend([ou_ca_en_est, offres_suggerees])
