"""Holding an offer for a young person, and giving it back. Locks: offer, reservation, proposal, in that order."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.jeunes.actions.dossier import tenir
from raccord.jeunes.models import Jeune
from raccord.parcours.acces.destinataires import acheteur_de, coordonnateurs_concernes
from raccord.parcours.enums import EtatPositionnement, EtatReservation, MotifAbandon
from raccord.parcours.messages import reservations as messages
from raccord.parcours.messages.envoi import ecrire
from raccord.parcours.messages.positionnements import LIEN_REPONSE, contacts_de_l_entreprise
from raccord.parcours.models import Offre, Positionnement, Reservation
from raccord.parcours.workflow import OFFRE, POSITIONNEMENT, RESERVATION
from raccord.socle import courrier
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, RoleRefuse
from raccord.socle.lignes import ou_disparu
from raccord.socle.workflow import executer, inaugurer

# The company has it in hands: it is told when the proposal stops.
CHEZ_L_ENTREPRISE = frozenset(
    {
        EtatPositionnement.TRANSMIS,
        EtatPositionnement.VU,
        EtatPositionnement.CONTRE_PROPOSE,
        EtatPositionnement.RENCONTRE_FIXEE,
    }
)


class OffreDejaReservee(ErreurMetier):
    """Cette offre vient d'être réservée par un autre tuteur. D'autres offres sont proposées sur la page du jeune."""


class JeuneInconnu(ErreurMetier):
    """Ce jeune n'est pas suivi par votre MLDS : choisissez l'un de vos jeunes."""

    statut = 404


class MotifAbsent(ErreurMetier):
    """Dites pourquoi l'offre est rendue : choisissez une raison."""


def reserver(contexte: Contexte, offre_id: UUID, *, jeune_id: UUID) -> Reservation:
    """Hold the offer for one of my MLDS's young people: one tutor wins, whatever the load.

    Raises OffreDejaReservee for the others, DejaFait for one's own second click, TransitionRefusee in words
    when a guard says no (age, period, young person already placed). Source: seed 000, b.2; digest §1.3.
    """
    if contexte.role != Role.TUTEUR or not contexte.utilisateur_id or not contexte.organisation_id:
        raise RoleRefuse
    qui = (contexte.utilisateur_id, contexte.organisation_id)
    with transaction.atomic():
        try:
            with executer(OFFRE["reserver"], contexte, Offre, offre_id) as offre:
                reservation = _inscrire(contexte, offre, jeune_id, *qui)
        except DejaFait as deja:
            raise _perdu(contexte, offre_id, jeune_id, deja) from None
        return reservation


def _inscrire(contexte: Contexte, offre: Offre, jeune_id: UUID, tuteur_id: UUID, mlds_id: UUID) -> Reservation:
    jeune = Jeune.objects.filter(pk=jeune_id).first()
    if jeune is None:
        raise JeuneInconnu(champ="jeune")
    tenir(jeune.pk)
    reservation = Reservation(offre=offre, jeune=jeune, tuteur_id=tuteur_id, organisation_id=mlds_id)
    with inaugurer(RESERVATION["reserver"], contexte, reservation):
        page = {"url": reverse("parcours:reservation", args=[reservation.pk])}
        _ecrire(messages.RESERVATION_FAITE, _tuteur(reservation), reservation, page)
        _ecrire(messages.RESERVEE, acheteur_de(offre) + coordonnateurs_concernes(offre, reservation), reservation, {})
    return reservation


def _perdu(contexte: Contexte, offre_id: UUID, jeune_id: UUID, deja: DejaFait) -> ErreurMetier:
    """Who comes second: my own second click, or somebody else's offer."""
    miennes = Reservation.objects.filter(
        offre_id=offre_id, etat=EtatReservation.ACTIVE, tuteur_id=contexte.utilisateur_id, jeune_id=jeune_id
    )
    return deja if miennes.exists() else OffreDejaReservee()


def liberer(contexte: Contexte, reservation_id: UUID, *, motif: str) -> Reservation:
    """Give the offer back with a reason (a `MotifAbandon`); an open proposal stops with it.

    Raises MotifAbsent, DejaFait, TransitionRefusee (not mine), ObjetDisparu.
    """
    if motif not in MotifAbandon.values:
        raise MotifAbsent(champ="motif")
    with transaction.atomic():
        offre = _verrouiller_l_offre(reservation_id)
        reservation = _lever("lever", contexte, reservation_id, motif)
        autres = [
            d for d in coordonnateurs_concernes(offre, reservation) if d.utilisateur_id != contexte.utilisateur_id
        ]
        _ecrire(messages.RENDUE, autres, reservation, {"raison": MotifAbandon(motif).label})
        # What concerns the young person is not the buyer's business (digest §1.7); a silent company is.
        dite = MotifAbandon(motif).label if motif == MotifAbandon.ENTREPRISE_SILENCIEUSE else ""
        _ecrire(messages.RENDUE, acheteur_de(offre), reservation, {"raison": dite})
        return reservation


def constater_caducite(reservation_id: UUID) -> Reservation:
    """The reservation had no follow-up in time: it falls, the offer is free again; tutor and coordinators are told."""
    with transaction.atomic():
        offre = _verrouiller_l_offre(reservation_id)
        reservation = _lever("tomber", SYSTEME, reservation_id, MotifAbandon.AUTRE)
        _ecrire(
            messages.TOMBEE,
            _tuteur(reservation) + coordonnateurs_concernes(offre, reservation),
            reservation,
            {},
        )
        return reservation


def _verrouiller_l_offre(reservation_id: UUID) -> Offre:
    """Every writer takes the offer first: two of them wait for each other, neither waits for a circle."""
    tenue = Reservation.objects.filter(pk=reservation_id).values("offre_id")
    return ou_disparu(Offre.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=tenue))


def _lever(transition: str, contexte: Contexte, reservation_id: UUID, motif: str) -> Reservation:
    with executer(
        RESERVATION[transition], contexte, Reservation, reservation_id, faits={"motif": motif}
    ) as reservation:
        with executer(OFFRE["liberer"], contexte, Offre, reservation.offre_id):
            pass
        _arreter_la_proposition(contexte, reservation, motif)
    return reservation


def _arreter_la_proposition(contexte: Contexte, reservation: Reservation, motif: str) -> None:
    positionnement = Positionnement.objects.filter(reservation=reservation).first()
    abandonner = POSITIONNEMENT["abandonner"]
    if positionnement is None or positionnement.etat not in abandonner.sources:
        return
    recue = positionnement.etat in CHEZ_L_ENTREPRISE
    with executer(abandonner, contexte, Positionnement, positionnement.pk, faits={"motif": motif}) as arrete:
        arrete.motif_abandon = motif
    if recue:
        for contact in contacts_de_l_entreprise(positionnement):
            lien = liens.creer_pour_contact(LIEN_REPONSE, positionnement.pk, contact)
            _ecrire(messages.PROPOSITION_ARRETEE, [contact.destinataire()], reservation, {"lien": lien})


def avertir(reservation_id: UUID, echeance: Any) -> None:
    """Tell the tutor that the reservation falls on that date if nothing is done."""
    reservation = Reservation.objects.select_related("tuteur", "offre__entreprise").get(pk=reservation_id)
    page = {"echeance": echeance, "url": reverse("parcours:reservation", args=[reservation.pk])}
    _ecrire(messages.AVERTISSEMENT, _tuteur(reservation), reservation, page)


def _tuteur(reservation: Reservation) -> list[courrier.Destinataire]:
    return [reservation.tuteur.destinataire(reservation.organisation_id)]


def _ecrire(
    type_message: courrier.TypeMessage,
    destinataires: list[courrier.Destinataire],
    reservation: Reservation,
    donnees: dict[str, Any],
) -> None:
    offre = reservation.offre
    marche = offre.engagement.marche if offre.engagement else None
    communes = {
        "offre": offre,
        "commune": offre.commune.nom,
        "entreprise": offre.entreprise.nom,
        "mlds": reservation.organisation.nom,
        "tuteur": reservation.tuteur.nom_complet,
        "marche": marche,
        "page": settings.ADRESSE_PUBLIQUE + reverse("parcours:offre", args=[offre.pk]),
        "lien": "",
    }
    ecrire(type_message, destinataires, communes | donnees, objet=reservation, offre=offre)
