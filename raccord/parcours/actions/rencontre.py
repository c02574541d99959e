"""The meeting: it took place, or somebody was missing."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.parcours import invitations
from raccord.parcours.actions.parcours import convenir
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Parcours, Positionnement
from raccord.parcours.presence import INCONNUE, Presence
from raccord.parcours.workflow import POSITIONNEMENT
from raccord.socle import mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier
from raccord.socle.lignes import ou_disparu
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer

ABSENCES = {Role.ENTREPRISE: "absence_entreprise", Role.JEUNE: "absence_jeune"}


class AbsentInconnu(ErreurMetier):
    """Dites qui n'est pas venu : l'entreprise ou le jeune."""


class MomentRefuse(ErreurMetier):
    """La rencontre n'a pas pu avoir lieu à ce moment-là : vérifiez le jour et l'heure."""


class NouveauReferent(ErreurMetier):
    """Donnez le nom et le courriel ou le téléphone du nouveau tuteur dans l'entreprise."""


@dataclass(frozen=True, kw_only=True)
class Personne:
    """Somebody of the company who was not known yet."""

    nom: str
    fonction: str = ""
    courriel: str = ""
    telephone: str = ""


def constater_absence(contexte: Contexte, positionnement_id: UUID, *, absent: str) -> Positionnement:
    """Somebody did not come. The meeting stays to be fixed again or the proposal to be stopped.

    When the company is at fault the buyer and the coordinators are told at once (digest §1.7); when it is the young
    person, nobody but the tutor. Raises AbsentInconnu, DejaFait, TransitionRefusee (not yet time).
    """
    if absent not in ABSENCES:
        raise AbsentInconnu(champ="absent")
    with transaction.atomic():
        deja = Positionnement.objects.filter(pk=positionnement_id, absence=absent)
        if deja.exists():
            raise DejaFait
        with executer(
            POSITIONNEMENT[ABSENCES[Role(absent)]], contexte, Positionnement, positionnement_id
        ) as positionnement:
            positionnement.absence = absent
        if absent == Role.ENTREPRISE:
            qui = messages.acheteur(positionnement) + messages.coordination(positionnement)
            messages.a_ceux(messages.MANQUEE, qui, positionnement)
        return positionnement


def corriger_absence(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """It was a mistake: whoever was said to be missing came. Whoever was told reads that it was wrong.

    Raises TransitionRefusee once the delay is over (parameter delai_correction_absence), DejaFait.
    """
    with transaction.atomic():
        absent = Positionnement.objects.filter(pk=positionnement_id).values_list("absence", flat=True).first()
        if absent not in ABSENCES:
            raise DejaFait
        transition = POSITIONNEMENT[f"corriger_{ABSENCES[Role(absent)]}"]
        with executer(transition, contexte, Positionnement, positionnement_id) as positionnement:
            positionnement.absence = ""
        if absent == Role.ENTREPRISE:
            qui = messages.acheteur(positionnement) + messages.coordination(positionnement)
            messages.a_ceux(messages.MANQUEE_CORRIGEE, qui, positionnement)
        return positionnement


def avancer(contexte: Contexte, positionnement_id: UUID, *, rencontre_le: dt.datetime) -> Positionnement:
    """The meeting was held before the hour that had been fixed: from now on it counts from that moment.

    The buyer, who may have meant to come, is told. Raises MomentRefuse (ahead, or before the profile was sent),
    TransitionRefusee (the hour that had been fixed is already past: there is nothing to correct).
    """
    with transaction.atomic():
        with executer(POSITIONNEMENT["avancer"], contexte, Positionnement, positionnement_id) as positionnement:
            if rencontre_le > timezone.now():
                raise MomentRefuse(
                    "Ce moment est à venir : pour avancer une rencontre qui n'a pas eu lieu, changez la date.",
                    champ="rencontre_le",
                )
            if positionnement.transmis_le is not None and rencontre_le < positionnement.transmis_le:
                envoi = mots.moment_fr(positionnement.transmis_le)
                raise MomentRefuse(f"Le profil est parti {envoi} : la rencontre a eu lieu après.", champ="rencontre_le")
            positionnement.rencontre_le = rencontre_le
        carte = invitations.joindre(positionnement, [])
        messages.a_ceux(messages.AVANCEE_ACHETEUR, messages.acheteur(positionnement), positionnement, **carte)
        return positionnement


def noter_accord(
    contexte: Contexte,
    positionnement_id: UUID,
    *,
    missions: str,
    debut: dt.date,
    fin: dt.date,
    heures_prevues: int,
    heures_hebdo: Decimal,
    lieu: str,
    presence: Presence = INCONNUE,
    referent_id: UUID | None = None,
    nouveau_referent: Personne | None = None,
) -> Parcours:
    """The meeting took place: what was agreed becomes a parcours (`convenir` holds the rules on dates and hours).

    `nouveau_referent` is somebody of the company who was not known: they become a contact and the offer's referent.
    Raises what `convenir` raises, each on its field; NouveauReferent.
    """
    with contraintes_en_mots(), transaction.atomic():
        if nouveau_referent is not None:
            referent_id = _accueillir(contexte, positionnement_id, nouveau_referent).pk
        return convenir(
            contexte,
            positionnement_id,
            missions=missions,
            debut=debut,
            fin=fin,
            heures_prevues=heures_prevues,
            heures_hebdo=heures_hebdo,
            lieu=lieu,
            referent_id=referent_id,
            presence=presence,
        )


def _accueillir(contexte: Contexte, positionnement_id: UUID, personne: Personne) -> Contact:
    """The contact, found again by mail or made; a double click finds the first one."""
    if not personne.nom or not (personne.courriel or personne.telephone):
        raise NouveauReferent(champ="nouveau_nom")
    positionnement = ou_disparu(
        Positionnement.objects.select_related("reservation__offre").filter(pk=positionnement_id)
    )
    refus = POSITIONNEMENT["confirmer"].refus(contexte, positionnement)
    if refus is not None:
        raise refus
    entreprise_id = positionnement.offre.entreprise_id
    connus = Contact.objects.filter(organisation_id=entreprise_id)
    connu = connus.filter(courriel__iexact=personne.courriel).first() if personne.courriel else None
    return connu or Contact.objects.create(
        organisation_id=entreprise_id,
        nom=personne.nom,
        fonction=personne.fonction,
        courriel=personne.courriel,
        telephone=personne.telephone,
    )
