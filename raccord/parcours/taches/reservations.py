"""Rungs about reservations: a warning, then the offer is free again."""

from raccord.echeances.echelle import SansObjet, echelon
from raccord.echeances.models import Attente
from raccord.parcours.actions import reservation as actions
from raccord.parcours.enums import EtatPositionnement, EtatReservation
from raccord.parcours.models import Offre, Reservation


@echelon("agir_reservation", "avertissement")
def avertir(attente: Attente) -> None:
    """Before it falls, the tutor is told until when it holds."""
    if _sans_suite(attente) is None:
        raise SansObjet
    actions.avertir(attente.objet_id, attente.echeance)


@echelon("agir_reservation", "caducite")
def tomber(attente: Attente) -> None:
    """At the due date without a profile sent, the offer serves another young person."""
    reservation = _sans_suite(attente)
    if reservation is None:
        raise SansObjet
    # A person's action takes the offer first, then the wait; we hold the wait: never wait for the offer here.
    # Refused the lock, the rung is left for the next round.
    Offre.objects.select_for_update(of=("self",), no_key=True, nowait=True).get(pk=reservation.offre_id)
    actions.constater_caducite(reservation.pk)


def _sans_suite(attente: Attente) -> Reservation | None:
    """The reservation when it is still held and nothing has left for the company."""
    reservation = Reservation.objects.select_related("positionnement").filter(pk=attente.objet_id).first()
    if reservation is None or reservation.etat != EtatReservation.ACTIVE:
        return None
    positionnement = getattr(reservation, "positionnement", None)
    if positionnement is not None and positionnement.etat != EtatPositionnement.PREPARE:
        return None
    return reservation
