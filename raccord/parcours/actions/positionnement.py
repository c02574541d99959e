"""A proposal, from the first line of the profile to the company's answer.

Locks, always in this order: offer, reservation, proposal, then the tutor whose agenda is taken.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, LienAction
from raccord.documents import actions as documents
from raccord.documents.models import Document, GenreDocument
from raccord.echeances import attentes as echeances
from raccord.echeances.models import Attente
from raccord.parcours import attentes, invitations
from raccord.parcours import creneaux as regles
from raccord.parcours.acces.positionnement import RECUES
from raccord.parcours.actions.reservation import liberer
from raccord.parcours.enums import EtatPositionnement, Geste, MotifAbandon, MotifRefus
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Creneau, Offre, Positionnement, Reservation
from raccord.parcours.reponses import memoriser
from raccord.parcours.workflow import OUVERTS, POSITIONNEMENT
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu, TransitionRefusee
from raccord.socle.lignes import ou_disparu
from raccord.socle.workflow import Transition, executer, inaugurer

# As long as the company may still act, or prepare the meeting, the profile is open to it; not after.
OUVERT_A_L_ENTREPRISE = frozenset(
    {
        EtatPositionnement.TRANSMIS,
        EtatPositionnement.VU,
        EtatPositionnement.CONTRE_PROPOSE,
        EtatPositionnement.RENCONTRE_FIXEE,
    }
)
LETTRES_MINIMUM = 2


class NomDansLeTexte(ErreurMetier):
    """Le texte contient le nom de famille ou l'adresse du jeune : retirez-les, l'entreprise ne lit que son prénom."""


class DejaRepondu(DejaFait):
    """L'entreprise a déjà répondu à cette proposition."""


class MotifAbsent(ErreurMetier):
    """Choisissez une raison."""


class MotsAbsents(ErreurMetier):
    """Dites en quelques mots pourquoi : cela aide à proposer mieux la prochaine fois."""


class CreneauInconnu(ErreurMetier):
    """Ce créneau n'est plus proposé : choisissez parmi ceux de la page."""


class ProfilFerme(ErreurMetier):
    """Cette proposition n'est plus ouverte : le profil du jeune n'est plus visible."""


# --- The tutor prepares and sends ------------------------------------------------------------------


def preparer(
    contexte: Contexte,
    reservation_id: UUID,
    *,
    presentation: str,
    lieu: str,
    creneaux: Sequence[dt.datetime | None],
    fichiers: "Mapping[str, File[bytes]] | None" = None,
    retirer: Collection[str] = (),
) -> Positionnement:
    """Write the profile, the papers, the slots and the place, as often as needed until it is sent.

    The papers belong to the proposal, not to the young person: what a company was shown stays what it was shown, opens
    and closes with the proposal, and goes away with it. A new proposal starts with copies of the last one's papers.
    Raises CreneauRefuse, NomDansLeTexte, a sentence of `documents.exceptions` on the field 'cv' or 'lettre',
    TransitionRefusee (not mine, no longer held), DejaFait (already sent). Source: seed 000, b.2.3; digest §1.4.
    """
    with transaction.atomic():
        reservation = _reservation_verrouillee(reservation_id)
        existant = Positionnement.objects.filter(reservation=reservation).first()
        if existant is None:
            positionnement = Positionnement(reservation=reservation)
            with inaugurer(POSITIONNEMENT["preparer"], contexte, positionnement):
                _reprendre_les_papiers(contexte, positionnement, sauf={*(fichiers or {}), *retirer})
                _remplir(contexte, positionnement, presentation, lieu, creneaux, fichiers or {}, retirer)
            positionnement.save()
            return positionnement
        if existant.etat != EtatPositionnement.PREPARE:
            raise DejaFait(
                f"Cette proposition est déjà partie : elle est maintenant « {existant.get_etat_display()} »."
            )
        with executer(POSITIONNEMENT["completer"], contexte, Positionnement, existant.pk) as positionnement:
            _remplir(contexte, positionnement, presentation, lieu, creneaux, fichiers or {}, retirer)
        return positionnement


def _remplir(
    contexte: Contexte,
    positionnement: Positionnement,
    presentation: str,
    lieu: str,
    creneaux: Sequence[dt.datetime | None],
    fichiers: "Mapping[str, File[bytes]]",
    retirer: Collection[str],
) -> None:
    _sans_identite(positionnement, presentation)
    positionnement.presentation = presentation
    positionnement.rencontre_lieu = lieu
    _poser_creneaux(positionnement, creneaux, Role.TUTEUR, lieu)
    for document in Document.objects.filter(objet_id=positionnement.pk, genre__in=retirer).order_by("genre"):
        documents.retirer(contexte, document)
    for genre, fichier in fichiers.items():
        try:
            documents.sceller(contexte, positionnement, GenreDocument(genre), fichier)
        except ErreurMetier as erreur:
            erreur.champ = genre
            raise


def _reprendre_les_papiers(contexte: Contexte, positionnement: Positionnement, *, sauf: Collection[str]) -> None:
    """Copies of what the young person's last proposal held: nobody has to look for the CV again."""
    precedents = Positionnement.objects.filter(reservation__jeune_id=positionnement.reservation.jeune_id)
    dernier = precedents.exclude(pk=positionnement.pk).order_by("-cree_le").first()
    if dernier is None:
        return
    anciens = Document.objects.filter(objet_id=dernier.pk).exclude(genre__in=sauf)
    for document in anciens.select_related("contenu").order_by("genre"):
        documents.recopier(contexte, document, positionnement)


def _sans_identite(positionnement: Positionnement, texte: str) -> None:
    """A surname written as a name, or the young person's own address, would leave with the profile."""
    jeune = positionnement.jeune
    mots = {mot.strip(".,;:!?()«»\"'’") for mot in texte.replace("\u2019", "'").replace("-", " ").split()}
    noms = {
        forme
        for part in jeune.nom.replace("-", " ").split()
        if len(part) > LETTRES_MINIMUM
        for forme in (part.capitalize(), part.upper(), part if part != part.lower() else part.capitalize())
    }
    if mots & noms or (jeune.courriel and jeune.courriel.lower() in texte.lower()):
        raise NomDansLeTexte(champ="presentation")


def _poser_creneaux(
    positionnement: Positionnement, creneaux: Sequence[dt.datetime | None], de: str, lieu: str
) -> list[dt.datetime]:
    """Replace one side's slots. Raises CreneauRefuse."""
    occupes = regles.rencontres_du_tuteur(positionnement.reservation.tuteur_id, sauf=positionnement.pk)
    retenus = regles.verifier(creneaux, positionnement, prendre=occupes)
    positionnement.creneaux.filter(propose_par=de).delete()
    Creneau.objects.bulk_create(
        Creneau(positionnement=positionnement, debut=debut, propose_par=de, lieu=lieu) for debut in retenus
    )
    return retenus


def transmettre(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """Send: the company is asked, its 15 days begin, everybody is told (digest §1.7).

    Raises DejaFait for a second click, TransitionRefusee in words when something is missing.
    """
    with transaction.atomic():
        verrouiller_offre(positionnement_id)
        with executer(POSITIONNEMENT["transmettre"], contexte, Positionnement, positionnement_id) as positionnement:
            positionnement.transmis_le = timezone.now()
        # The wait is the reservation's: the transition of the proposal cannot reach it.
        echeances.clore([attentes.AGIR_RESERVATION.code], positionnement.reservation, issue="transmettre")
        messages.aux_contacts(
            messages.ENVOYE_ENTREPRISE, positionnement, messages.contacts_de_l_entreprise(positionnement)
        )
        messages.a_ceux(messages.ENVOYE_ACHETEUR, messages.acheteur(positionnement), positionnement)
        messages.a_ceux(messages.ENVOYE_TERRITOIRE, messages.coordination(positionnement), positionnement)
        messages.au_jeune(messages.ENVOYE_JEUNE, positionnement)
        return positionnement


# --- The company reads and answers -----------------------------------------------------------------


def consulter(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """The company opens the profile: the first time, the proposal is seen; each time, the journal says who.

    Raises ProfilFerme once the proposal is over, TransitionRefusee for another company.
    """
    with transaction.atomic():
        positionnement = lire(positionnement_id)
        if positionnement.etat == EtatPositionnement.TRANSMIS:
            with executer(POSITIONNEMENT["voir"], contexte, Positionnement, positionnement_id) as positionnement:
                return positionnement
        _ouvert_a(contexte, positionnement)
        journal.inscrire(contexte, positionnement, "positionnement.consulter", "a relu la proposition")
        return positionnement


def ouvrir_document(contexte: Contexte, positionnement_id: UUID, document_id: UUID) -> Document:
    """The paper of this proposal that the company asks for. Raises ProfilFerme, ObjetDisparu."""
    positionnement = consulter(contexte, positionnement_id)
    document = Document.objects.filter(pk=document_id, objet_id=positionnement.pk).first()
    if document is None:
        raise ObjetDisparu("Ce fichier a été retiré ou remplacé : rechargez la page.")
    return document


def _ouvert_a(contexte: Contexte, positionnement: Positionnement) -> None:
    if positionnement.etat not in OUVERT_A_L_ENTREPRISE:
        raise ProfilFerme
    for garde in POSITIONNEMENT["voir"].gardes:
        refus = garde(contexte, positionnement)
        if refus is not None:
            raise TransitionRefusee(refus)


def accepter(contexte: Contexte, positionnement_id: UUID, *, creneau_id: UUID) -> Positionnement:
    """The company picks one of the tutor's slots: the meeting is fixed, the clock stops, the others are told when the
    answer may no longer be taken back (`reponse.acter`).

    Raises DejaFait (already answered so), CreneauInconnu, CreneauRefuse (past), CreneauPris. Source: seed 000, b.2.3.
    """
    with transaction.atomic():
        verrouiller_offre(positionnement_id)
        with (
            executer(_reponse(contexte, "accepter"), contexte, Positionnement, positionnement_id) as positionnement,
            memoriser(contexte, positionnement, Geste.ACCEPTER),
        ):
            _fixer(positionnement, creneau_id, Role.TUTEUR)
        agi(contexte)
        messages.au_repondant(messages.REPONSE_RECUE, contexte, positionnement)
        return positionnement


def contre_proposer(
    contexte: Contexte,
    positionnement_id: UUID,
    *,
    creneaux: Sequence[dt.datetime | None],
    lieu: str = "",
    apres_accord: bool = False,
) -> Positionnement:
    """The company offers one to three other slots; the tutor has to choose.

    After an answer was given it takes `apres_accord`, said on the page that shows that answer: an old tab cannot undo
    a colleague's answer. Raises CreneauRefuse on its field, DejaRepondu, DejaFait.
    """
    with transaction.atomic():
        verrouiller_offre(positionnement_id)
        with executer(
            _reponse(contexte, "contre_proposer"), contexte, Positionnement, positionnement_id
        ) as positionnement:
            _pas_deja_repondu(positionnement, apres_accord)
            with memoriser(contexte, positionnement, Geste.CONTRE_PROPOSER):
                positionnement.rencontre_le, positionnement.absence = None, ""
                _poser_creneaux(positionnement, creneaux, Role.ENTREPRISE, lieu or positionnement.rencontre_lieu)
        agi(contexte)
        messages.au_repondant(messages.REPONSE_RECUE, contexte, positionnement)
        return positionnement


def refuser(
    contexte: Contexte, positionnement_id: UUID, *, motif: str, precisions: str, apres_accord: bool = False
) -> Positionnement:
    """The company says no, with a reason and words. For an hour it may take it back; then the offer is free again and
    the others are told (`reponse.acter`). Raises MotifAbsent, MotsAbsents, DejaRepondu, DejaFait. Source: digest §1.3.
    """
    if motif not in MotifRefus.values:
        raise MotifAbsent(champ="motif")
    if not precisions.strip():
        raise MotsAbsents(champ="precisions")
    with transaction.atomic():
        verrouiller_offre(positionnement_id)
        with executer(
            _reponse(contexte, "refuser"), contexte, Positionnement, positionnement_id, faits={"motif": motif}
        ) as positionnement:
            _pas_deja_repondu(positionnement, apres_accord)
            with memoriser(contexte, positionnement, Geste.REFUSER):
                positionnement.motif_refus, positionnement.precisions_refus = motif, precisions
        agi(contexte)
        messages.au_repondant(messages.REPONSE_RECUE, contexte, positionnement)
        return positionnement


def _reponse(contexte: Contexte, nom: str) -> Transition:
    """The company's own step, or the same noted by whoever it told."""
    return POSITIONNEMENT[nom if contexte.role == Role.ENTREPRISE else RECUES[nom]]


def _pas_deja_repondu(positionnement: Positionnement, apres_accord: bool) -> None:
    if positionnement.etat not in OUVERTS and not apres_accord:
        raise DejaRepondu


def suivre_confie(lien: LienAction, ancien: Contact, nouveau: Contact) -> None:
    """'Ce n'est pas moi': the colleague becomes the one to whom we write about this proposal and its offer."""
    if lien.action != "parcours.repondre":
        return
    positionnement = Positionnement.objects.select_related("reservation__offre").filter(pk=lien.objet_id).first()
    if positionnement is None:
        return
    offre = Offre.objects.select_for_update(of=("self",), no_key=True).get(pk=positionnement.reservation.offre_id)
    if offre.referent_id in (None, ancien.pk):
        offre.referent = nouveau
        offre.save(update_fields=["referent", "modifie_le"])
    Attente.objects.filter(
        objet_id=positionnement.pk, close_le__isnull=True, role=Role.ENTREPRISE, contact_id=ancien.pk
    ).update(contact_id=nouveau.pk)


# --- The tutor reacts ------------------------------------------------------------------------------


def choisir(contexte: Contexte, positionnement_id: UUID, *, creneau_id: UUID) -> Positionnement:
    """The tutor picks one of the company's slots: the meeting is fixed. Raises like `accepter`."""
    with transaction.atomic():
        verrouiller_offre(positionnement_id)
        with executer(POSITIONNEMENT["choisir"], contexte, Positionnement, positionnement_id) as positionnement:
            _fixer(positionnement, creneau_id, Role.ENTREPRISE)
        dire_la_rencontre(contexte, positionnement)
        return positionnement


def reproposer(
    contexte: Contexte, positionnement_id: UUID, *, creneaux: Sequence[dt.datetime | None], lieu: str
) -> Positionnement:
    """New slots from the tutor.

    While the company has not answered they replace the old ones and its clock goes on; after a counter-proposal or a
    missed meeting the company is asked again, with a new clock. Raises CreneauRefuse on its field.
    """
    with transaction.atomic():
        verrouiller_offre(positionnement_id)
        etat = lire(positionnement_id).etat
        transition = "rafraichir" if etat in OUVERTS else "reproposer"
        with executer(POSITIONNEMENT[transition], contexte, Positionnement, positionnement_id) as positionnement:
            positionnement.creneaux.filter(propose_par=Role.ENTREPRISE).delete()
            _poser_creneaux(positionnement, creneaux, Role.TUTEUR, lieu)
            positionnement.rencontre_le, positionnement.rencontre_lieu, positionnement.absence = None, lieu, ""
        messages.aux_contacts(
            messages.NOUVEAUX_CRENEAUX, positionnement, messages.contacts_de_l_entreprise(positionnement)
        )
        return positionnement


def arreter(contexte: Contexte, positionnement_id: UUID, *, motif: str, precisions: str = "") -> Positionnement:
    """Stop the proposal and give the offer back, with a reason (`MotifAbandon`). The words stay with the tutor.

    Raises MotifAbsent, DejaFait, TransitionRefusee.
    """
    if motif not in MotifAbandon.values:
        raise MotifAbsent(champ="motif")
    with transaction.atomic():
        positionnement = lire(positionnement_id)
        refus = POSITIONNEMENT["abandonner"].refus(contexte, positionnement)
        if refus is not None:
            raise refus
        liberer(contexte, positionnement.reservation_id, motif=motif)
        Positionnement.objects.filter(pk=positionnement_id).update(precisions_abandon=precisions)
        positionnement.refresh_from_db()
        return positionnement


def annoncer(contexte: Contexte, positionnement_id: UUID) -> Positionnement:
    """'J'en ai parlé': the tutor has spoken with the young person, who is then written to. Raises DejaFait."""
    with transaction.atomic():
        if lire(positionnement_id).annonce_le is not None:
            raise DejaFait
        with executer(POSITIONNEMENT["annoncer"], contexte, Positionnement, positionnement_id) as positionnement:
            positionnement.annonce_le = timezone.now()
        messages.au_jeune(messages.REFUS_JEUNE, positionnement)
        return positionnement


# --- Shared ----------------------------------------------------------------------------------------


def lire(positionnement_id: UUID) -> Positionnement:
    """The proposal with what messages need. Raises ObjetDisparu."""
    return ou_disparu(
        Positionnement.objects.select_related("reservation__offre__entreprise", "reservation__organisation").filter(
            pk=positionnement_id
        )
    )


def verrouiller_offre(positionnement_id: UUID) -> Offre:
    """The offer of a proposal, held until the end of the transaction. Raises ObjetDisparu."""
    return ou_disparu(
        Offre.objects.select_for_update(of=("self",), no_key=True)
        .filter(reservations__positionnement=positionnement_id)
        .order_by()
    )


def _reservation_verrouillee(reservation_id: UUID) -> Reservation:
    return ou_disparu(
        Reservation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offre", "jeune", "organisation", "tuteur")
        .filter(pk=reservation_id)
    )


def _fixer(positionnement: Positionnement, creneau_id: UUID, propose_par: str) -> None:
    creneau = positionnement.creneaux.filter(pk=creneau_id, propose_par=propose_par).first()
    if creneau is None:
        raise CreneauInconnu
    regles.prendre(creneau.debut, positionnement)
    positionnement.rencontre_le = creneau.debut
    positionnement.rencontre_lieu = creneau.lieu or positionnement.rencontre_lieu
    positionnement.absence = ""


def dire_la_rencontre(contexte: Contexte, positionnement: Positionnement) -> None:
    """Company, tutor, buyer and young person are told, each with what their calendar needs."""
    contacts = messages.contacts_de_l_entreprise(positionnement)
    entreprise = contexte.role == Role.ENTREPRISE
    present = Contact.objects.filter(pk=contexte.contact_id).first() if entreprise and contexte.contact_id else None
    if present is not None and present not in contacts:
        contacts.append(present)
    carte = invitations.joindre(positionnement, contacts)
    messages.aux_contacts(messages.FIXEE_ENTREPRISE, positionnement, contacts, **carte)
    dit = {"jeune_joignable": positionnement.jeune.destinataire().joignable, "choisi": contexte.role == Role.TUTEUR}
    messages.a_ceux(messages.FIXEE_TUTEUR, messages.tuteur(positionnement), positionnement, **dit, **carte)
    messages.a_ceux(messages.FIXEE_ACHETEUR, messages.acheteur(positionnement), positionnement, **carte)
    messages.au_jeune(messages.FIXEE_JEUNE, positionnement, **carte)


def agi(contexte: Contexte) -> None:
    """The link served."""
    if contexte.lien_id is not None:
        LienAction.objects.filter(pk=contexte.lien_id).update(agi_le=timezone.now())
