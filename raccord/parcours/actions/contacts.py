"""Contacts that stay fresh: checked by the company itself, found again by those who know it (digest P5, L4)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.joignabilite import NUMERO, joignable_de_nouveau, recoit, recoit_du_courriel
from raccord.comptes.models import Contact, LienAction
from raccord.echeances import attentes as echeances
from raccord.echeances.adresses import ecrits, en_route
from raccord.echeances.echelle import monter_la_suite
from raccord.echeances.models import Attente
from raccord.marches.contacts import Coordonnees, Parole, retenir
from raccord.parcours import attentes
from raccord.parcours.acces.contacts import offres_du_contact
from raccord.parcours.acces.offres import voit_niveau_2
from raccord.parcours.actions.declaration import remplacer_contact, verrouiller_offre
from raccord.parcours.actions.fiche import suivre_le_collegue
from raccord.parcours.enums import EtatOffre, EtatPositionnement, EtatReservation
from raccord.parcours.messages import contacts as messages
from raccord.parcours.messages import offres as messages_offres
from raccord.parcours.messages import positionnements as messages_positionnements
from raccord.parcours.models import Offre, Positionnement
from raccord.parcours.models.offre import ETATS_OUVERTS
from raccord.parcours.workflow import OUVERTS
from raccord.socle import calendrier, identite, journal
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, RoleRefuse, TransitionRefusee
from raccord.socle.parametres import regle
from raccord.socle.verrous import contraintes_en_mots

PLACES = ("referent", "rrh")


class DejaDemande(DejaFait):
    """La vérification est déjà demandée aujourd'hui : l'entreprise a reçu un message."""


class PersonneAVerifier(ErreurMetier):
    """Aucun contact de cette offre ne peut recevoir de courriel : appelez l'entreprise."""


class MemePersonne(ErreurMetier):
    """Le second contact doit être quelqu'un d'autre."""


# --- Asking ----------------------------------------------------------------------------------------


def demander(contexte: Contexte, offre_id: UUID) -> int:
    """Ask the contacts of an offer whether they are still the right people. Returns how many were asked.

    At most once a day each. Raises DejaDemande, PersonneAVerifier, TransitionRefusee (closed offer).
    """
    with transaction.atomic():
        offre = verrouiller_offre(offre_id)
        if not voit_niveau_2(contexte, offre):
            raise RoleRefuse
        if offre.etat not in ETATS_OUVERTS:
            raise TransitionRefusee("Cette offre n'attend plus personne : il n'y a rien à vérifier.")
        joignables = [c for c in messages_offres.contacts_de(offre) if recoit_du_courriel(c)]
        if not joignables:
            raise PersonneAVerifier
        hier = timezone.now() - dt.timedelta(days=1)
        dus = [c for c in joignables if c.verification_demandee_le is None or c.verification_demandee_le < hier]
        if not dus:
            raise DejaDemande
        for contact in dus:
            _demander(contexte, contact)
        return len(dus)


def _demander(contexte: Contexte, contact: Contact) -> None:
    contact.verification_demandee_le = timezone.now()
    contact.save(update_fields=["verification_demandee_le", "modifie_le"])
    journal.inscrire(contexte, contact, "contact.demander_verification", "a demandé de vérifier un contact")
    messages.verifier(contact, offres_du_contact(contact))


def verifier_les_anciens() -> int:
    """Every day: contacts of open offers, neither confirmed nor asked for three months (verification_contact).

    Nobody is asked two things at once: a company that owes an answer is left to it. Returns how many were asked.
    """
    delai = regle("verification_contact")
    limite = calendrier.fin_du_jour(calendrier.ajouter(calendrier.aujourdhui(), -delai.valeur, delai.unite))
    anciens = (Q(verifie_le__isnull=True) | Q(verifie_le__lt=limite)) & (
        Q(verification_demandee_le__isnull=True) | Q(verification_demandee_le__lt=limite)
    )
    ouvertes = Offre.objects.filter(etat__in=ETATS_OUVERTS, date_fin__gte=calendrier.aujourdhui())
    places = Q(pk__in=ouvertes.values("referent_id")) | Q(pk__in=ouvertes.values("rrh_id"))
    occupes = Attente.objects.filter(close_le__isnull=True, contact_id__isnull=False).values("contact_id")
    dus = Contact.objects.filter(places, anciens, injoignable_le__isnull=True).exclude(courriel="")
    demandes = 0
    for pk in list(dus.exclude(pk__in=occupes).order_by("pk").values_list("pk", flat=True)):
        with identite.agir(SYSTEME), transaction.atomic():
            contact = Contact.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if contact is not None:
                _demander(SYSTEME, contact)
                demandes += 1
    return demandes


# --- The company answers ---------------------------------------------------------------------------


def confirmer(contexte: Contexte) -> Contact:
    """« Oui, c'est toujours moi » : by the contact's own link. The tutors who wait for it are told."""
    with transaction.atomic():
        contact = _moi(contexte)
        return _confirme(contexte, contact, "a confirmé ses coordonnées")


def corriger(contexte: Contexte, *, courriel: str, telephone: str) -> Contact:
    """Another address or number, given by the contact. Raises the words of a constraint."""
    with contraintes_en_mots(), transaction.atomic():
        contact = _moi(contexte)
        autre = Contact.objects.filter(organisation_id=contact.organisation_id, courriel__iexact=courriel)
        if courriel and autre.exclude(pk=contact.pk).exists():
            raise ErreurMetier(
                "Cette adresse est celle d'un collègue déjà connu : choisissez « Ce n'est plus moi ».", champ="courriel"
            )
        contact.courriel, contact.telephone = courriel, telephone
        return _confirme(contexte, contact, "a corrigé ses coordonnées")


def donner_un_second(contexte: Contexte, second: Coordonnees) -> int:
    """A second contact, for each of my open offers that has only one. Returns for how many. Raises MemePersonne."""
    with contraintes_en_mots(), transaction.atomic():
        contact = _moi(contexte)
        autre = retenir(contact.organisation_id, second, parole=Parole.ENTREPRISE)
        if autre.pk == contact.pk:
            raise MemePersonne(champ="courriel")
        faites = 0
        for offre in offres_du_contact(contact):
            offre = verrouiller_offre(offre.pk)
            place = "referent" if offre.referent_id is None else "rrh"
            if getattr(offre, f"{place}_id") is None or offre.referent_id == offre.rrh_id:
                setattr(offre, place, autre)
                offre.save(update_fields=[place, "modifie_le"])
                journal.inscrire(contexte, offre, "offre.second_contact", "a donné un second contact")
                faites += 1
        return faites


def _moi(contexte: Contexte) -> Contact:
    if contexte.role != Role.ENTREPRISE or contexte.contact_id is None:
        raise RoleRefuse
    return Contact.objects.select_for_update(of=("self",)).get(pk=contexte.contact_id)


def _confirme(contexte: Contexte, contact: Contact, texte: str) -> Contact:
    contact.verifie_le = timezone.now()
    joignable_de_nouveau(contact)
    if contexte.lien_id is not None:
        LienAction.objects.filter(pk=contexte.lien_id).update(agi_le=timezone.now())
    journal.inscrire(contexte, contact, "contact.confirmer", texte)
    for offre in offres_du_contact(contact):
        pas_parti = Q(positionnement__isnull=True) | Q(positionnement__etat=EtatPositionnement.PREPARE)
        for tenue in offre.reservations.filter(pas_parti, etat=EtatReservation.ACTIVE):
            messages.confirme(contact, offre, tenue)
    return contact


def suivre_confie(lien: LienAction, ancien: Contact, nouveau: Contact) -> None:
    """« Ce n'est plus moi » on the check: the colleague takes the same place on every open offer."""
    if lien.action == messages.LIEN_CONTACT:
        for offre in offres_du_contact(ancien):
            suivre_le_collegue(offre.pk, ancien, nouveau)


# --- Nothing arrives any more ----------------------------------------------------------------------


def chercher_une_adresse(contact: Contact) -> bool:
    """Open a wait on each open offer of a contact to whom nothing arrives, and write to whoever can find another; the
    next person of the company is asked the same day. Returns whether there is such an offer.
    """
    offres = offres_du_contact(contact)
    for offre in offres:
        _passer_au_suivant(offre)
        if Attente.objects.filter(code="trouver_contact", objet_id=offre.pk, close_le__isnull=True).exists():
            continue
        fils = Attente.objects.filter(close_le__isnull=True, fil__contains=[offre.pk]).values_list("fil", flat=True)
        dossiers = tuple({pk for fil in fils for pk in fil})
        with identite.agir(SYSTEME, dossiers=dossiers):
            attente = echeances.ouvrir(attentes.TROUVER_CONTACT, offre)
            messages.chercher(offre, contact, attente)
    return bool(offres)


def _passer_au_suivant(offre: Offre) -> None:
    """Nothing arrives at anybody of the company who was asked: the next rung does not wait for its day."""
    attendues = Attente.objects.filter(code=attentes.REPONDRE.code, fil__contains=[offre.pk], close_le__isnull=True)
    for attente in attendues.filter(Q(pause_jusqua__isnull=True) | Q(pause_jusqua__lte=timezone.now())):
        while _personne_ne_recoit(offre, attente) and monter_la_suite(attente.pk, avant_l_echeance=True):
            continue


def _personne_ne_recoit(offre: Offre, attente: Attente) -> bool:
    demandes = Contact.objects.filter(organisation_id=offre.entreprise_id, pk__in=ecrits(attente.objet_id))
    return demandes.exists() and not any(recoit(contact) for contact in demandes)


def clore_les_recherches(contact: Contact) -> None:
    """They can be written to again, wherever it was said."""
    with identite.agir(SYSTEME):
        for offre in offres_du_contact(contact):
            _clore_la_recherche(offre)


def chercher_les_adresses_mortes() -> int:
    """Every day: marked contacts for whom nobody was asked yet. Returns how many were found."""
    pks = Contact.objects.filter(injoignable_le__isnull=False).order_by("pk").values_list("pk", flat=True)
    for pk in list(pks):
        with identite.agir(SYSTEME), transaction.atomic():
            chercher_une_adresse(Contact.objects.get(pk=pk))
    return len(pks)


def donner_contact(contexte: Contexte, offre_id: UUID, *, place: str, personne: Coordonnees) -> Contact:
    """Another address for the same person, or another person, by the buyer, the tutor who holds the offer or the
    national team. Whoever is named is asked what waits: to confirm the fiche, to answer the proposal, or to check.

    Raises RoleRefuse, TransitionRefusee (closed), MemePersonne, the words of a constraint.
    """
    with contraintes_en_mots(), transaction.atomic():
        offre = verrouiller_offre(offre_id)
        if not voit_niveau_2(contexte, offre):
            raise RoleRefuse
        if offre.etat not in (EtatOffre.A_CONFIRMER, *ETATS_OUVERTS):
            raise TransitionRefusee("Cette offre n'attend plus personne : ses contacts ne changent plus ici.")
        ancien = getattr(offre, place)
        parole = Parole.ENTREPRISE if ancien is not None and ancien.injoignable_le else Parole.PARTENAIRE
        contact = retenir(offre.entreprise_id, personne, actuel=ancien, parole=parole)
        if contact == getattr(offre, "rrh" if place == "referent" else "referent"):
            raise MemePersonne(champ="nom")
        if contact.injoignable_le is not None and _donne_un_chemin(contact, personne):
            contact.verifie_le = None
            joignable_de_nouveau(contact)
        setattr(offre, place, contact)
        offre.save(update_fields=[place, "modifie_le"])
        remplacer_contact(offre, ancien, contact)
        journal.inscrire(contexte, offre, "offre.donner_contact", "a donné un autre contact dans l'entreprise")
        _clore_la_recherche(offre)
        _demander_ce_qui_attend(contexte, offre, contact)
        return contact


def _donne_un_chemin(contact: Contact, personne: Coordonnees) -> bool:
    """What was missing is given, and kept: a number when only the number was wrong, else an address."""
    champ = "telephone" if contact.injoignable_cause == NUMERO else "courriel"
    donne: str = getattr(personne, champ)
    return bool(donne) and donne == getattr(contact, champ)


def _clore_la_recherche(offre: Offre) -> None:
    """When something arrives again at each contact."""
    restants = Contact.objects.filter(pk__in=[offre.referent_id, offre.rrh_id], injoignable_le__isnull=False)
    if not restants.exists():
        echeances.clore([attentes.TROUVER_CONTACT.code], offre, issue="adresse trouvée")


def _demander_ce_qui_attend(contexte: Contexte, offre: Offre, contact: Contact) -> None:
    positionnement = Positionnement.objects.filter(
        reservation__offre=offre, reservation__etat=EtatReservation.ACTIVE, etat__in=OUVERTS
    ).first()
    if en_route(contact, positionnement.pk if positionnement else offre.pk):
        return  # what had not arrived leaves again
    if offre.etat == EtatOffre.A_CONFIRMER:
        echeance = attentes.CONFIRMER_FICHE.due(offre)
        messages_offres.aux_contacts(messages_offres.FICHE_A_CONFIRMER, offre, contacts=[contact], echeance=echeance)
    elif positionnement is not None and messages_positionnements.echeance_de_reponse(positionnement):
        messages_positionnements.aux_contacts(messages_positionnements.ENVOYE_ENTREPRISE, positionnement, [contact])
    elif contact.courriel:
        _demander(contexte, contact)
