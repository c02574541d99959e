"""The life of a stay. Locks, always in this order: offer, reservation, proposal, stay, then the engagement's ledger."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.echeances.attentes import ouvrir
from raccord.echeances.models import Attente
from raccord.marches import registre
from raccord.parcours import attentes
from raccord.parcours.acces.destinataires import acheteur_de, coordonnateurs_de
from raccord.parcours.actions.bilan import demander_le_bilan, preparer_bilan
from raccord.parcours.actions.place import heures_faites, offre_de, rendre, verrouiller_offre
from raccord.parcours.actions.semaines import suivre_les_heures
from raccord.parcours.bornes import DatesRefusees, verifier
from raccord.parcours.enums import EtatOffre, EtatParcours, MotifInterruption
from raccord.parcours.messages import parcours as messages
from raccord.parcours.models import Adaptation, Offre, Parcours, Positionnement, Reservation
from raccord.parcours.presence import INCONNUE, Presence
from raccord.parcours.workflow import OFFRE, PARCOURS, POSITIONNEMENT, RESERVATION
from raccord.socle import calendrier, journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.lignes import ou_disparu
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer, inaugurer


class ConventionRefusee(ErreurMetier):
    """La convention est signée avant l'entrée dans l'entreprise : vérifiez la date."""


class RienAChanger(ErreurMetier):
    """Rien ne change : donnez un autre dernier jour, un autre nombre d'heures, d'autres jours ou d'autres horaires."""


# --- Agreed at the meeting -------------------------------------------------------------------------


def convenir(
    contexte: Contexte,
    positionnement_id: UUID,
    *,
    missions: str,
    debut: dt.date,
    fin: dt.date,
    heures_prevues: int,
    heures_hebdo: Decimal,
    lieu: str,
    referent_id: UUID | None,
    presence: Presence = INCONNUE,
) -> Parcours:
    """The meeting took place: missions, dates and rhythm are agreed, the hours are held on the engagement.

    Without `referent_id` the offer's referent is the company's tutor. Hours beyond what the engagement still has are
    given by the company in addition (the clause is a minimum). Raises, each on its field: DatesRefusees (firm period,
    six months in all), RythmeRefuse (weekly maximum, hours that the weeks cannot hold), HorairesRefuses (days and
    hours), AgeRefuse, ErreurMetier when the company's tutor already hosts somebody; RoleRefuse for another tutor;
    DejaFait for a second click.
    Source: digest §1.3; seed 000, b.2.4.
    """
    with contraintes_en_mots(), transaction.atomic():
        proposition = ou_disparu(
            Positionnement.objects.select_related("reservation__jeune").filter(pk=positionnement_id).order_by()
        )
        reservation = proposition.reservation
        offre = verrouiller_offre(reservation.offre_id)
        with (
            executer(RESERVATION["honorer"], contexte, Reservation, reservation.pk),
            executer(POSITIONNEMENT["confirmer"], contexte, Positionnement, positionnement_id),
        ):
            verifier(
                offre,
                reservation.jeune,
                debut=debut,
                fin=fin,
                heures_hebdo=heures_hebdo,
                heures_prevues=heures_prevues,
                presence=presence,
            )
            parcours = Parcours(
                offre=offre,
                positionnement=proposition,
                jeune=reservation.jeune,
                organisation=reservation.organisation,
                tuteur=reservation.tuteur,
                referent_id=_referent(offre, referent_id),
                missions=missions,
                debut=debut,
                fin=fin,
                heures_prevues=heures_prevues,
                heures_hebdo=heures_hebdo,
                lieu=lieu,
            )
            presence.poser(parcours)
            with inaugurer(PARCOURS["convenir"], contexte, parcours, faits=_chiffres(parcours)):
                if offre.engagement_id:
                    registre.reserver(
                        offre.engagement_id,
                        Decimal(heures_prevues),
                        parcours_id=parcours.pk,
                        motif="parcours convenu à la rencontre",
                    )
    return parcours


def _referent(offre: Offre, referent_id: UUID | None) -> UUID | None:
    if referent_id is None:
        return offre.referent_id
    if not offre.entreprise.contacts.filter(pk=referent_id).exists():
        raise ErreurMetier(f"Choisissez quelqu'un de {offre.entreprise.nom}.", champ="referent_id")
    return referent_id


def _chiffres(parcours: Parcours) -> dict[str, Any]:
    """What the journal keeps of an agreement: dates and figures, never words."""
    return {
        "debut": parcours.debut.isoformat(),
        "fin": parcours.fin.isoformat(),
        "heures": parcours.heures_prevues,
        "hebdo": str(parcours.heures_hebdo),
    }


# --- Before the first day --------------------------------------------------------------------------


def signer_convention(contexte: Contexte, parcours_id: UUID, *, signee_le: dt.date) -> Parcours:
    """The tutor notes that the convention is signed, at the latest on the first day; everybody is told.

    Raises ConventionRefusee on `signee_le`. Source: digest §1.4, 'signed before entry'; §1.7, row 'Convention signed'.
    """
    with executer(
        PARCOURS["signer_convention"], contexte, Parcours, parcours_id, faits={"signee_le": signee_le.isoformat()}
    ) as parcours:
        if signee_le > calendrier.aujourdhui():
            raise ConventionRefusee(
                "Cette date est à venir : notez la convention quand elle est signée.", champ="signee_le"
            )
        if signee_le > parcours.debut:
            raise ConventionRefusee(
                f"La convention est signée avant l'entrée dans l'entreprise, le {mots.date_fr(parcours.debut)} au plus "
                "tard. Si le jeune entre plus tard que prévu, changez d'abord les dates.",
                champ="signee_le",
            )
        parcours.convention_signee_le = signee_le
        messages.aux_contacts(messages.CONVENTION_ENTREPRISE, parcours, "parcours.suivi", avec_rrh=True)
        messages.a_ceux(messages.CONVENTION_ACHETEUR, acheteur_de(parcours.offre), parcours)
        messages.a_ceux(messages.CONVENTION_COORDINATION, coordonnateurs_de(parcours.organisation), parcours)
        messages.au_jeune(messages.CONVENTION_JEUNE, parcours)
    return parcours


def decaler(contexte: Contexte, parcours_id: UUID, *, debut: dt.date, fin: dt.date) -> Parcours:
    """Other dates before the first day, within the same rules; the wait follows.

    Raises RienAChanger, DatesRefusees, RythmeRefuse, AgeRefuse; ConventionRefusee when the signature would come after
    the first day.
    """
    faits: dict[str, Any] = {}
    with executer(PARCOURS["decaler"], contexte, Parcours, parcours_id, faits=faits) as parcours:
        if (debut, fin) == (parcours.debut, parcours.fin):
            raise RienAChanger("Ces dates sont déjà celles du parcours.", champ="debut")
        if parcours.convention_signee_le and debut < parcours.convention_signee_le:
            raise ConventionRefusee(
                f"La convention est signée depuis le {mots.date_fr(parcours.convention_signee_le)} : le premier jour "
                "vient après.",
                champ="debut",
            )
        verifier(
            parcours.offre,
            parcours.jeune,
            debut=debut,
            fin=fin,
            heures_hebdo=parcours.heures_hebdo,
            heures_prevues=parcours.heures_prevues,
            presence=parcours.presence,
            sauf=parcours.pk,
        )
        faits |= {"debut_avant": parcours.debut.isoformat(), "fin_avant": parcours.fin.isoformat()}
        parcours.debut, parcours.fin = debut, fin
        faits |= _chiffres(parcours)
        if parcours.etat == EtatParcours.A_VENIR:
            messages.aux_contacts(messages.ADAPTE, parcours, "parcours.suivi")
            messages.a_ceux(messages.ADAPTE, acheteur_de(parcours.offre), parcours)
            messages.au_jeune(messages.ADAPTE_JEUNE, parcours)
        signee = parcours.convention_signee_le is not None
        ouvrir(attentes.DEMARRER if signee else attentes.SIGNER_CONVENTION, parcours)
    return parcours


@transaction.atomic
def demarrer(contexte: Contexte, parcours_id: UUID) -> Parcours:
    """The young person is there: the offer is in progress, the company's weeks begin to be waited for."""
    offre_id = offre_de(parcours_id)
    verrouiller_offre(offre_id)
    with (
        executer(PARCOURS["demarrer"], contexte, Parcours, parcours_id) as parcours,
        executer(OFFRE["occuper"], contexte, Offre, offre_id),
    ):
        preparer_bilan(parcours)
    suivre_les_heures(parcours)
    return parcours


@transaction.atomic
def annuler(contexte: Contexte, parcours_id: UUID, *, motif: str, precisions: str) -> Parcours:
    """It will not begin: the offer is free again, the hours are to be placed. A reason and words are asked.

    Raises ErreurMetier on `motif` or `precisions`.
    """
    _motif(motif, precisions)
    offre = verrouiller_offre(offre_de(parcours_id))
    with executer(PARCOURS["annuler"], contexte, Parcours, parcours_id, faits={"motif": motif}) as parcours:
        parcours.motif_interruption, parcours.precisions_interruption = motif, precisions.strip()
        parcours.place_rendue_le = timezone.now()
        if offre.etat == EtatOffre.RESERVEE:
            with executer(OFFRE["liberer"], contexte, Offre, offre.pk):
                pass
        if offre.engagement_id:
            registre.liberer_tout(offre.engagement_id, parcours_id=parcours.pk, motif="parcours non commencé")
        messages.aux_contacts(messages.ANNULE, parcours, "parcours.suivi")
        messages.a_ceux(
            messages.ANNULE, acheteur_de(parcours.offre) + coordonnateurs_de(parcours.organisation), parcours
        )
    return parcours


def _motif(motif: str, precisions: str) -> None:
    if motif not in MotifInterruption.values:
        raise ErreurMetier("Choisissez une raison.", champ="motif")
    if not precisions.strip():
        raise ErreurMetier("Dites en quelques mots ce qui s'est passé.", champ="precisions")


# --- Along the stay --------------------------------------------------------------------------------


@transaction.atomic
def adapter(
    contexte: Contexte,
    parcours_id: UUID,
    *,
    fin: dt.date,
    heures_hebdo: Decimal,
    motif: str,
    presence: Presence | None = None,
) -> Parcours:
    """Another last day, another rhythm, other days or hours, agreed with everybody: it beats a break-up (digest §1.3).

    Without `presence` days and hours stay what they were. Raises RienAChanger, DatesRefusees, RythmeRefuse,
    HorairesRefuses, ErreurMetier on `motif`.
    """
    faits: dict[str, Any] = {}
    with executer(PARCOURS["adapter"], contexte, Parcours, parcours_id, faits=faits) as parcours:
        actuelle = parcours.presence
        presence = presence or actuelle
        if (fin, heures_hebdo, presence) == (parcours.fin, parcours.heures_hebdo, actuelle):
            deja = parcours.adaptations.filter(
                fin_apres=fin, heures_hebdo_apres=heures_hebdo, motif=motif.strip(), le=calendrier.aujourdhui()
            )
            raise DejaFait if deja.exists() else RienAChanger(champ="fin")
        if not motif.strip():
            raise ErreurMetier("Dites pourquoi le parcours est adapté.", champ="motif")
        _changer(parcours, fin, heures_hebdo, presence, motif.strip(), faits)
        messages.aux_contacts(messages.ADAPTE, parcours, "parcours.suivi")
        messages.a_ceux(messages.ADAPTE, acheteur_de(parcours.offre), parcours)
        messages.au_jeune(messages.ADAPTE_JEUNE, parcours)
    suivre_les_heures(parcours)
    return parcours


def _changer(
    parcours: Parcours, fin: dt.date, heures_hebdo: Decimal, presence: Presence, motif: str, faits: dict[str, Any]
) -> None:
    """Write the new last day, rhythm, days and hours with their trace, within the same rules as at the start."""
    verifier(
        parcours.offre,
        parcours.jeune,
        debut=parcours.debut,
        fin=fin,
        heures_hebdo=heures_hebdo,
        presence=presence,
        sauf=parcours.pk,
    )
    _pas_d_heures_apres(parcours, fin, "fin")
    Adaptation.objects.create(
        parcours=parcours,
        le=calendrier.aujourdhui(),
        motif=motif,
        fin_avant=parcours.fin,
        fin_apres=fin,
        heures_hebdo_avant=parcours.heures_hebdo,
        heures_hebdo_apres=heures_hebdo,
        presence_avant=parcours.presence.en_mots(),
        presence_apres=presence.en_mots(),
    )
    presence.poser(parcours)
    faits |= {"fin_avant": parcours.fin.isoformat(), "hebdo_avant": str(parcours.heures_hebdo)}
    parcours.fin, parcours.heures_hebdo = fin, heures_hebdo
    faits |= _chiffres(parcours)


def _pas_d_heures_apres(parcours: Parcours, jour: dt.date, champ: str) -> None:
    apres = parcours.semaines.filter(lundi__gt=jour, heures__gt=0).order_by("lundi").first()
    if apres is not None:
        raise DatesRefusees(
            f"Des heures sont notées la semaine du {mots.date_fr(apres.lundi)} : corrigez-les d'abord, ou choisissez "
            "un jour plus tardif.",
            champ=champ,
        )


def interrompre(
    contexte: Contexte, parcours_id: UUID, *, dernier_jour: dt.date, motif: str, precisions: str
) -> Parcours:
    """It stops before its end; what was done counts. The place is kept until it is given back or the bilan is signed.

    The buyer learns that it stops and how many hours are done; the reason, only when the hosting is at fault.
    Raises DatesRefusees on `dernier_jour`, ErreurMetier on `motif` or `precisions`.
    """
    _motif(motif, precisions)
    faits = {"motif": motif, "dernier_jour": dernier_jour.isoformat()}
    with executer(PARCOURS["interrompre"], contexte, Parcours, parcours_id, faits=faits) as parcours:
        if not parcours.debut <= dernier_jour <= min(parcours.fin, calendrier.aujourdhui()):
            raise DatesRefusees(
                f"Le dernier jour se situe entre le {mots.date_fr(parcours.debut)} et aujourd'hui. "
                "Pour un arrêt à venir, adaptez le dernier jour.",
                champ="dernier_jour",
            )
        _pas_d_heures_apres(parcours, dernier_jour, "dernier_jour")
        # Weeks entered ahead as zero are no longer part of the stay.
        parcours.semaines.filter(lundi__gt=dernier_jour).delete()
        parcours.arrete_le = dernier_jour
        parcours.motif_interruption, parcours.precisions_interruption = motif, precisions.strip()
        preparer_bilan(parcours)
        plus: dict[str, Any] = {
            "dernier_jour": dernier_jour,
            "faites": heures_faites(parcours),
            "accueil_en_cause": motif == MotifInterruption.ACCUEIL,
        }
        # The company's own message does not plead against it: the tutor calls.
        messages.aux_contacts(messages.INTERROMPU, parcours, "parcours.suivi", **plus | {"accueil_en_cause": False})
        messages.a_ceux(messages.INTERROMPU, acheteur_de(parcours.offre), parcours, **plus)
        messages.a_ceux(messages.INTERROMPU, coordonnateurs_de(parcours.organisation), parcours, **plus)
        demander_le_bilan(parcours)
    suivre_les_heures(parcours)
    return parcours


def reprendre(contexte: Contexte, parcours_id: UUID, *, fin: dt.date) -> Parcours:
    """The young person comes back, while the place is still kept; the last day may move.

    Raises DatesRefusees, TransitionRefusee once the place was given back.
    """
    faits: dict[str, Any] = {}
    with executer(PARCOURS["reprendre"], contexte, Parcours, parcours_id, faits=faits) as parcours:
        if fin < calendrier.aujourdhui():
            raise DatesRefusees(
                "Le dernier jour est à venir : choisissez une date à partir d'aujourd'hui.", champ="fin"
            )
        faits |= {
            "arrete_le": parcours.arrete_le.isoformat() if parcours.arrete_le else "",
            "motif": parcours.motif_interruption,
        }
        parcours.arrete_le = None
        parcours.motif_interruption = parcours.precisions_interruption = ""
        if fin != parcours.fin:
            _changer(parcours, fin, parcours.heures_hebdo, parcours.presence, "reprise après une interruption", faits)
        messages.aux_contacts(messages.REPRIS, parcours, "parcours.suivi")
        messages.a_ceux(messages.REPRIS, acheteur_de(parcours.offre), parcours)
    suivre_les_heures(parcours)
    return parcours


@transaction.atomic
def terminer(contexte: Contexte, parcours_id: UUID) -> Parcours:
    """The stay is over, its hours are known: the place is given back, the three voices of the bilan are awaited.

    Raises TransitionRefusee in words when hours are missing or the last day has not come.
    """
    offre = verrouiller_offre(offre_de(parcours_id))
    with executer(PARCOURS["terminer"], contexte, Parcours, parcours_id) as parcours:
        parcours.arrete_le = min(parcours.fin, calendrier.aujourdhui())
        preparer_bilan(parcours)
        rendre(contexte, offre, parcours)
        demander_le_bilan(parcours)
    suivre_les_heures(parcours)
    return parcours


def suivre_le_collegue(contexte: Contexte, parcours_id: UUID, ancien_id: UUID, nouveau_id: UUID) -> None:
    """The colleague named by 'this is not me' becomes the company's tutor of the stay, its awaited hours included.

    When that colleague already hosts somebody at these dates the stay keeps its tutor: they only act by their link.
    """
    parcours = Parcours.objects.select_related("offre").filter(pk=parcours_id, referent_id=ancien_id).first()
    if parcours is None:
        return
    try:
        with contraintes_en_mots(), transaction.atomic():
            Parcours.objects.filter(pk=parcours_id, referent_id=ancien_id).update(referent_id=nouveau_id)
            Attente.objects.ouvertes().filter(objet_id=parcours_id, contact_id=ancien_id).update(contact_id=nouveau_id)
            journal.inscrire(contexte, parcours, "parcours.referent", "a désigné un autre tuteur dans l'entreprise")
    except ErreurMetier:
        return
