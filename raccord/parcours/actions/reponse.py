"""After a company's answer: taken back within the hour, or told to everybody; and the call that it may ask for.

Decision: what concerns the others is held back while the answer may be taken back, never corrected afterwards. The
one who answers has a receipt at once. A refusal frees the offer, and reaches the tutor, when its hour is over.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.echeances import attentes as echeances
from raccord.echeances.models import Attente
from raccord.parcours import reponses
from raccord.parcours.actions import positionnement as propositions
from raccord.parcours.attentes import REVENIR
from raccord.parcours.enums import EtatOffre, EtatPositionnement, EtatReservation, Geste, MotifRefus
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Offre, Positionnement, Reponse, Reservation
from raccord.parcours.workflow import OFFRE, POSITIONNEMENT, RESERVATION
from raccord.socle import calendrier, identite, mots
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, TransitionRefusee
from raccord.socle.parametres import regle
from raccord.socle.workflow import executer

# The two halves of a day on which somebody can be called, Paris time.
MOITIES = {"matin": (dt.time(8, 30), dt.time(12, 30)), "apres_midi": (dt.time(13, 30), dt.time(18, 0))}


class MomentRefuse(ErreurMetier):
    """Ce moment n'est pas possible : choisissez-en un autre."""


class RienAAnnuler(DejaFait):
    """C'est déjà annulé : la demande est de nouveau ouverte."""


def revenir(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """Take the last answer back: the proposal, its slots, its waits and its clock are as they were.

    Raises RienAAnnuler for a second click, TransitionRefusee in words once the hour is over, when somebody went on
    from there, or for anybody but the one who answered; CreneauPris when the former meeting's time was taken.
    """
    with transaction.atomic():
        propositions.verrouiller_offre(positionnement_id)
        reponse = reponses.courante(propositions.lire(positionnement_id))
        if reponse is None:
            raise RienAAnnuler
        suffixe = "rappel" if reponse.geste == Geste.RAPPELER else reponse.avant["etat"]
        transition = POSITIONNEMENT[f"revenir_{suffixe}"]
        with executer(transition, contexte, Positionnement, positionnement_id) as positionnement:
            if reponse.geste != Geste.RAPPELER:
                reponses.remettre(positionnement, reponse)
        Reponse.objects.filter(pk=reponse.pk).update(annulee_le=timezone.now())
        echeances.rouvrir(reponse.avant["attentes"])
        messages.au_repondant(messages.REPONSE_ANNULEE, contexte, positionnement)
        if reponse.geste == Geste.RAPPELER and _deja_dit(reponse):
            messages.a_ceux(messages.RAPPEL_ANNULE, messages.tuteur(positionnement), positionnement)
        return positionnement


def acter(positionnement_id: UUID) -> Positionnement:
    """The hour is over: everybody concerned is told, once; a refusal frees the offer. As the machine.

    Raises TransitionRefusee when there is nothing to tell (already told, taken back).
    """
    with transaction.atomic():
        offre = propositions.verrouiller_offre(positionnement_id)
        lu = propositions.lire(positionnement_id)
        reponse = reponses.courante(lu)
        refus = lu.etat == EtatPositionnement.REFUSE
        transition = POSITIONNEMENT["acter_refus" if refus else "acter"]
        with executer(transition, SYSTEME, Positionnement, positionnement_id) as positionnement:
            pass
        assert reponse is not None  # noqa: S101  the guard of the transition has seen it
        # A meeting that was told and is off has just left the calendars (`invitations`).
        positionnement.reponses.valables().filter(actee_le__isnull=True).update(actee_le=timezone.now())
        entreprise = _au_nom_de(reponse, offre)
        if reponse.geste == Geste.ACCEPTER:
            propositions.dire_la_rencontre(entreprise, positionnement)
        elif reponse.geste == Geste.CONTRE_PROPOSER:
            messages.a_ceux(messages.CRENEAUX_ENTREPRISE, messages.tuteur(positionnement), positionnement)
        elif reponse.geste == Geste.REFUSER:
            _rendre_l_offre(entreprise, positionnement, offre)
            _dire_le_refus(positionnement)
        elif not _deja_dit(reponse):
            _demander_l_appel(positionnement, reponse)
        return positionnement


def acter_ce_qui_tient() -> int:
    """Every answer whose hour is over, without waiting for the ladder to be climbed. Returns how many."""
    dues = Attente.objects.ouvertes().filter(code=REVENIR.code, echeance__lte=timezone.now())
    for attente in list(dues):
        with identite.agir(SYSTEME, dossiers=tuple(attente.fil), motif="revenir.acter"), transaction.atomic():
            acter(attente.objet_id)
    return len(dues)


def _au_nom_de(reponse: Reponse, offre: Offre) -> Contexte:
    """The journal keeps who answered: what follows from the answer is theirs."""
    return Contexte(role=Role.ENTREPRISE, contact_id=reponse.contact_id, organisation_id=offre.entreprise_id)


def _rendre_l_offre(contexte: Contexte, positionnement: Positionnement, offre: Offre) -> None:
    """Unless the tutor gave it back meanwhile."""
    faits = {"motif": positionnement.motif_refus}
    reservation = Reservation.objects.select_for_update(of=("self",), no_key=True).get(pk=positionnement.reservation_id)
    if reservation.etat == EtatReservation.ACTIVE:
        with executer(RESERVATION["lever"], contexte, Reservation, reservation.pk, faits=faits):
            pass
    if offre.etat == EtatOffre.RESERVEE:
        with executer(OFFRE["liberer"], contexte, Offre, offre.pk):
            pass


def _dire_le_refus(positionnement: Positionnement) -> None:
    """The tutor is asked to react, the buyer to act; the young person is written to once the tutor has spoken with
    them (`annoncer`). Source: digest §1.3, §1.7.
    """
    raison = {"raison": MotifRefus(positionnement.motif_refus).label}
    messages.a_ceux(messages.REFUS_TUTEUR, messages.tuteur(positionnement), positionnement, **raison)
    messages.a_ceux(messages.REFUS_TERRITOIRE, messages.coordination(positionnement), positionnement, **raison)
    messages.a_ceux(messages.REFUS_ACHETEUR, messages.acheteur(positionnement), positionnement, **raison)


# --- Call me back ----------------------------------------------------------------------------------


def demander_rappel(
    contexte: Contexte, positionnement_id: UUID, *, telephone: str, jour: dt.date, moitie: str
) -> Positionnement:
    """The company asks to be called, at that number, that half-day: its clock stops until the call is noted.

    The tutor sees it at once; the message to them goes with the others, when the hour is over, or now when the
    half-day begins before. Raises MomentRefuse on its field, TransitionRefusee, DejaRepondu.
    """
    with transaction.atomic():
        offre = propositions.verrouiller_offre(positionnement_id)
        debut, fin = _moment(jour, moitie, offre)
        transition = POSITIONNEMENT["demander_rappel"]
        with (
            executer(transition, contexte, Positionnement, positionnement_id) as positionnement,
            reponses.memoriser(
                contexte,
                positionnement,
                Geste.RAPPELER,
                rappel_telephone=telephone,
                rappel_debut=debut,
                rappel_fin=fin,
            ),
        ):
            pass
        propositions.agi(contexte)
        messages.au_repondant(messages.REPONSE_RECUE, contexte, positionnement)
        reponse = reponses.courante(positionnement)
        if reponse is not None and _deja_dit(reponse):
            _demander_l_appel(positionnement, reponse)
        return positionnement


def _moment(jour: dt.date, moitie: str, offre: Offre) -> tuple[dt.datetime, dt.datetime]:
    """Raises MomentRefuse: past, closed there, too far."""
    if moitie not in MOITIES:
        raise MomentRefuse("Choisissez le matin ou l'après-midi.", champ="moitie")
    debut, fin = (dt.datetime.combine(jour, heure, tzinfo=calendrier.PARIS) for heure in MOITIES[moitie])
    delai = regle("rappel_entreprise")
    dernier = calendrier.ajouter(calendrier.aujourdhui(), delai.valeur, delai.unite)
    if fin <= timezone.now():
        raise MomentRefuse("Ce moment est déjà passé : choisissez-en un à venir.", champ="jour")
    if not calendrier.est_ouvre(jour, echeances.cadre_de(offre).lieu):
        raise MomentRefuse(
            f"Le {mots.date_fr(jour, 'jour')} n'est pas un jour travaillé : choisissez un autre jour.", champ="jour"
        )
    if jour > dernier:
        raise MomentRefuse(f"Choisissez un jour avant le {mots.date_fr(dernier)} : un jeune attend.", champ="jour")
    return debut, fin


def _deja_dit(reponse: Reponse) -> bool:
    """The call is asked for so soon that the tutor was told at once."""
    return reponse.rappel_debut is not None and reponse.rappel_debut <= reponse.annulable_jusqu_a


def _demander_l_appel(positionnement: Positionnement, reponse: Reponse) -> None:
    messages.a_ceux(
        messages.RAPPEL_TUTEUR,
        messages.tuteur(positionnement),
        positionnement,
        telephone=reponse.rappel_telephone,
        moment=moment_en_mots(reponse),
    )


def moment_en_mots(reponse: Reponse) -> str:
    """'jeudi 8 octobre 2026, le matin'."""
    if reponse.rappel_debut is None:
        return ""
    matin = timezone.localtime(reponse.rappel_debut).time() == MOITIES["matin"][0]
    return f"{mots.date_fr(reponse.rappel_debut, 'jour')}, {'le matin' if matin else 'l’après-midi'}"


def noter_rappel(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """'J'ai rappelé': the company's clock runs again, later by the days that it waited for us.

    Raises DejaFait (already noted), TransitionRefusee.
    """
    with transaction.atomic():
        propositions.verrouiller_offre(positionnement_id)
        with executer(POSITIONNEMENT["noter_rappel"], contexte, Positionnement, positionnement_id) as positionnement:
            pass
        demandes = positionnement.reponses.valables().filter(geste=Geste.RAPPELER)
        demande = demandes.first()
        if demande is None:
            raise TransitionRefusee
        demandes.filter(actee_le__isnull=True).update(actee_le=timezone.now())
        echeances.rouvrir(demande.avant["attentes"], decaler=True)
        return positionnement
