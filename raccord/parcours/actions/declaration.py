"""The buyer's side of an offer: written in a draft, sent to the company, corrected, withdrawn.

The pages about the contract, its lots and its hours are in `marches.actions.brouillon`; here their offers follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from raccord.comptes.models import Contact, Organisation, Utilisateur
from raccord.echeances.models import Attente
from raccord.marches import registre
from raccord.marches.actions import brouillon as brouillons
from raccord.marches.actions.engagement import declarer_engagement
from raccord.marches.calibration import MENU
from raccord.marches.contacts import Coordonnees, retenir
from raccord.marches.enums import EtatEngagement
from raccord.marches.models import Brouillon, Engagement, Marche
from raccord.parcours import attentes
from raccord.parcours.acces.destinataires import acheteur_de
from raccord.parcours.actions.recherche import indexer
from raccord.parcours.enums import EtatOffre
from raccord.parcours.gardes import declaration as gardes
from raccord.parcours.messages import offres as messages
from raccord.parcours.models import FicheEntreprise, Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier, journal
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import Destinataire
from raccord.socle.exceptions import ErreurMetier, ModifieEntreTemps, ObjetDisparu, Refus, RoleRefuse, TransitionRefusee
from raccord.socle.lignes import ou_disparu
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer, inaugurer
from raccord.territoires.models import Commune

# States in which an offer still answers for its engagement's hours.
ETATS_VIVANTS = (
    EtatOffre.BROUILLON,
    EtatOffre.A_CONFIRMER,
    EtatOffre.PUBLIEE,
    EtatOffre.RESERVEE,
    EtatOffre.EN_COURS,
    EtatOffre.A_REPRENDRE,
)


class DeclarationIncomplete(ErreurMetier):
    """Il reste une étape à remplir avant l’envoi : reprenez la déclaration."""


class OffreDejaOuverte(ErreurMetier):
    """Une offre est déjà ouverte pour ces heures : retirez-la avant d’en déclarer une autre."""


class PlusRienAPlacer(ErreurMetier):
    """Toutes les heures de cet engagement sont déjà prévues ou faites : il n’y a plus d’offre à déclarer."""


class RaisonAbsente(ErreurMetier):
    """Écrivez la raison en une phrase : elle sera lue telle quelle par l’entreprise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffreSaisie:
    """What the buyer says of an offer. `conditions` is the first word of the fiche, completed by the company."""

    intitule: str
    domaines: list[str]
    missions: str
    conditions: str
    remarque: str
    adresse: str
    commune: Commune
    date_debut: date
    date_fin: date
    referent: Coordonnees
    second: Coordonnees
    secteur: str = ""
    site_web: str = ""


# --- In the draft ----------------------------------------------------------------------------------


@transaction.atomic
def enregistrer_lots(
    contexte: Contexte, brouillon_id: UUID, lots: Sequence[brouillons.LotSaisi], *, mutualiser: bool = False
) -> list[str]:
    """Lots and companies, and the offers already written follow: another company has other contacts.

    Returns what the person must be told.
    """
    notes = brouillons.enregistrer_lots(contexte, brouillon_id, lots, mutualiser=mutualiser)
    for offre in _offres_du_brouillon(brouillon_id):
        engagement = _engagement(offre)
        if offre.entreprise_id != engagement.entreprise_id:
            offre.entreprise_id = engagement.entreprise_id
            offre.referent = offre.rrh = None
            notes.append(f"L’offre « {offre.intitule} » change d’entreprise : ses contacts sont à redonner.")
        offre.heures = engagement.heures
        offre.save()
    return notes


@transaction.atomic
def choisir_heures(contexte: Contexte, brouillon_id: UUID, choix: Mapping[UUID, int]) -> None:
    """Hours of each engagement, and of the offers already written for them."""
    brouillons.choisir_heures(contexte, brouillon_id, choix)
    for offre in _offres_du_brouillon(brouillon_id):
        offre.heures = _engagement(offre).heures
        offre.save()


def enregistrer_offre(
    contexte: Contexte, brouillon_id: UUID, engagement_id: UUID, saisie: OffreSaisie, *, version: str = ""
) -> Offre:
    """Write the offer of one engagement of the draft; the first time it is created.

    Raises ModifieEntreTemps when a colleague saved it meanwhile, ObjetDisparu, or a refusal on its field.
    """
    with brouillons.ouvrir_brouillon(contexte, brouillon_id) as brouillon:
        siens = Engagement.objects.filter(marche__brouillon=brouillon)
        engagement = ou_disparu(siens.select_related("marche", "entreprise").filter(pk=engagement_id))
        offre = _offre_de(engagement)
        if offre is None:
            offre = _preparer(contexte, engagement, saisie, heures=engagement.heures)
        else:
            _modifier(contexte, offre, saisie, version=version)
        brouillon.saisies.pop(f"offre:{engagement_id}", None)
    return offre


def _offres_du_brouillon(brouillon_id: UUID) -> list[Offre]:
    return list(
        Offre.objects.filter(engagement__marche__brouillon=brouillon_id, etat=EtatOffre.BROUILLON)
        .select_related("engagement")
        .order_by("cree_le", "pk")
    )


def _engagement(offre: Offre) -> Engagement:
    if offre.engagement is None:
        raise ObjetDisparu
    return offre.engagement


def _offre_de(engagement: Engagement) -> Offre | None:
    """The living offer of an engagement: one at a time."""
    return (
        Offre.objects.filter(engagement=engagement, etat__in=ETATS_VIVANTS)
        .select_related("engagement__marche", "entreprise", "commune__departement", "referent", "rrh", "fiche")
        .order_by("-cree_le", "pk")
        .first()
    )


def _preparer(contexte: Contexte, engagement: Engagement, saisie: OffreSaisie, *, heures: int) -> Offre:
    offre = Offre(engagement=engagement, entreprise=engagement.entreprise, heures=heures)
    _remplir(contexte, offre, saisie)
    with inaugurer(OFFRE["preparer"], contexte, offre):
        FicheEntreprise.objects.create(offre=offre, taches=saisie.missions, poste_travail=saisie.conditions)
    return offre


def _modifier(contexte: Contexte, offre: Offre, saisie: OffreSaisie, *, version: str) -> None:
    """Write an existing offer and its fiche, if nobody did since `version`."""
    fiche = FicheEntreprise.objects.select_for_update(of=("self",)).get(offre=offre)
    if version != str(fiche.version):
        raise ModifieEntreTemps
    _remplir(contexte, offre, saisie)
    offre.save()
    fiche.taches = saisie.missions
    fiche.poste_travail = saisie.conditions
    fiche.version += 1
    fiche.save()


def _remplir(contexte: Contexte, offre: Offre, saisie: OffreSaisie) -> None:
    if saisie.date_fin <= saisie.date_debut:
        raise ErreurMetier("La date de fin doit venir après la date de début.", champ="date_fin")
    for champ in ("intitule", "domaines", "missions", "remarque", "adresse", "commune", "date_debut", "date_fin"):
        setattr(offre, champ, getattr(saisie, champ))
    if refus := gardes.dans_la_periode_ferme(contexte, offre) or gardes.pas_encore_finie(contexte, offre):
        raise ErreurMetier(refus, champ="date_fin")
    offre.referent = retenir(offre.entreprise_id, saisie.referent, actuel=offre.referent)
    offre.rrh = _second(offre, saisie)
    _completer_entreprise(offre.entreprise, saisie)
    indexer(offre)


def _second(offre: Offre, saisie: OffreSaisie) -> Contact | None:
    if saisie.second.vides:
        return None
    if not saisie.second.nom:
        raise ErreurMetier("Donnez le nom du second contact.", champ="second_nom")
    return retenir(offre.entreprise_id, saisie.second, actuel=offre.rrh)


def _completer_entreprise(entreprise: Organisation, saisie: OffreSaisie) -> None:
    """Fill what is empty; what is known of a company is never overwritten by a buyer."""
    change = False
    for champ in ("secteur", "site_web"):
        valeur = getattr(saisie, champ)
        if valeur and not getattr(entreprise, champ):
            setattr(entreprise, champ, valeur)
            change = True
    if change:
        entreprise.save(update_fields=["secteur", "site_web", "modifie_le"])


# --- Sending ---------------------------------------------------------------------------------------


def envoyer(contexte: Contexte, brouillon_id: UUID) -> Marche:
    """Declare every engagement and its offer, write to the companies, the buyer and the territories: all or nothing.

    Raises DeclarationIncomplete, DeclarationEnvoyee on a second click, or the words of a guard.
    """
    with brouillons.ouvrir_brouillon(contexte, brouillon_id) as brouillon:
        marche = brouillon.marche
        engagements = list(marche.engagements.order_by("cree_le", "pk")) if marche else []
        if marche is None or not engagements or brouillon.saisies:
            raise DeclarationIncomplete
        for engagement in engagements:
            offre = _offre_de(engagement)
            if offre is None or offre.referent is None or not brouillons.heures_choisies(engagement):
                raise DeclarationIncomplete
            declarer_engagement(contexte, engagement.pk)
            _declarer(contexte, offre)
        brouillons.marquer_envoye(brouillon)
        journal.inscrire(contexte, marche, "marche.declarer", "a envoyé la déclaration du marché")
    return marche


def _declarer(contexte: Contexte, offre: Offre) -> Offre:
    with executer(OFFRE["declarer"], contexte, Offre, offre.pk) as declaree:
        pass
    echeance = attentes.CONFIRMER_FICHE.due(declaree)
    messages.aux_contacts(messages.FICHE_A_CONFIRMER, declaree, echeance=echeance)
    accuses = list(dict.fromkeys([*acheteur_de(declaree), *_auteur(contexte)]))
    messages.a_ceux(messages.OFFRE_DECLAREE, accuses, declaree, echeance=echeance)
    messages.a_ceux(messages.OFFRE_DECLAREE_TERRITOIRE, messages.territoire(declaree), declaree)
    return declaree


def _auteur(contexte: Contexte) -> list[Destinataire]:
    """Whoever sends has a receipt too, even when a contact follows the contract."""
    utilisateur = Utilisateur.objects.filter(pk=contexte.utilisateur_id).first() if contexte.utilisateur_id else None
    return [utilisateur.destinataire(contexte.organisation_id)] if utilisateur else []


def declarer_offre(contexte: Contexte, engagement_id: UUID, saisie: OffreSaisie) -> Offre:
    """A new offer for the hours that an engagement still has to place: the former one was withdrawn or expired.

    Raises OffreDejaOuverte (also on a second click), PlusRienAPlacer, or the words of a guard.
    """
    if contexte.role not in brouillons.ROLES_DECLARANTS:
        raise RoleRefuse
    with contraintes_en_mots(), transaction.atomic():
        engagement = ou_disparu(
            Engagement.objects.select_for_update(of=("self",), no_key=True)
            .select_related("marche", "entreprise")
            .filter(pk=engagement_id)
        )
        heures = heures_a_offrir(engagement)
        if heures is None:
            raise PlusRienAPlacer if _offre_de(engagement) is None else OffreDejaOuverte
        return _declarer(contexte, _preparer(contexte, engagement, saisie, heures=heures))


def heures_a_offrir(engagement: Engagement) -> int | None:
    """The length of a new offer for what is left to place; None when there is nothing to offer."""
    return longueur_possible(
        engagement, ouverte=_offre_de(engagement) is not None, a_placer=registre.soldes(engagement.pk).a_placer
    )


def longueur_possible(engagement: Engagement, *, ouverte: bool, a_placer: Decimal) -> int | None:
    """The longest of the menu that fits what is left, else the shortest.

    None while an offer is open, when every hour is held, done or lost, or after the firm period.
    """
    vivant = engagement.etat in (EtatEngagement.DECLARE, EtatEngagement.CONFIRME)
    if not vivant or ouverte or not a_placer or engagement.marche.date_fin_clause < calendrier.aujourdhui():
        return None
    return max((heures for heures in MENU if heures <= a_placer), default=MENU[0])


# --- Correcting, withdrawing -----------------------------------------------------------------------


def verrouiller_offre(offre_id: UUID) -> Offre:
    """The offer's row, held until the end of the transaction. Raises ObjetDisparu."""
    return ou_disparu(
        Offre.objects.select_for_update(of=("self",), no_key=True)
        .select_related("engagement__marche__acheteur", "entreprise", "commune__departement", "referent", "rrh")
        .filter(pk=offre_id)
    )


def modifier_offre(contexte: Contexte, offre_id: UUID, saisie: OffreSaisie, *, version: str) -> Offre:
    """The buyer corrects an offer that the company has not confirmed yet; a new referent receives the link.

    Raises ModifieEntreTemps when the company wrote its fiche meanwhile.
    """
    with contraintes_en_mots(), transaction.atomic():
        offre = verrouiller_offre(offre_id)
        if refus := refus_de_modifier(contexte, offre):
            raise TransitionRefusee(refus)
        ancien = offre.referent
        _modifier(contexte, offre, saisie, version=version)
        journal.inscrire(contexte, offre, "offre.modifier", "a corrigé l'offre avant sa confirmation")
        if offre.referent is not None and offre.referent != ancien:
            remplacer_contact(offre, ancien, offre.referent)
            echeance = attentes.CONFIRMER_FICHE.due(offre)
            messages.aux_contacts(messages.FICHE_A_CONFIRMER, offre, contacts=[offre.referent], echeance=echeance)
    return offre


def refus_de_modifier(contexte: Contexte, offre: Offre) -> Refus | None:
    """Before the company's word, the buyer; after it, the company alone."""
    if contexte.role not in brouillons.ROLES_DECLARANTS:
        return Refus("Cette action revient à l’acheteur.")
    if offre.etat != EtatOffre.A_CONFIRMER:
        return Refus("L’entreprise a déjà donné sa réponse : c’est elle qui modifie maintenant sa fiche.")
    return gardes.offre_de_mon_marche(contexte, offre)


def remplacer_contact(offre: Offre, ancien: Contact | None, nouveau: Contact) -> None:
    """What waited for the former contact on this offer now waits for the new one."""
    if ancien is not None and ancien.pk != nouveau.pk:
        Attente.objects.filter(close_le__isnull=True, contact_id=ancien.pk, fil__contains=[offre.pk]).update(
            contact_id=nouveau.pk
        )


def retirer(contexte: Contexte, offre_id: UUID, *, motif: str) -> Offre:
    """Withdraw an offer that nobody holds, with a reason that the company reads. The hours stay owed."""
    if not motif.strip():
        raise RaisonAbsente(champ="motif")
    with transaction.atomic():
        with executer(OFFRE["retirer"], contexte, Offre, offre_id) as offre:
            connue = offre.etat != EtatOffre.BROUILLON
            offre.motif_retrait = motif.strip()
        if connue:
            messages.aux_contacts(messages.OFFRE_RETIREE, offre)
        return offre


# --- Reading the draft -----------------------------------------------------------------------------


def offre_en_cours(engagement: Engagement) -> Offre | None:
    """The living offer of an engagement, with what a form and a recap need."""
    return _offre_de(engagement)


def etape_suivante(brouillon: Brouillon) -> tuple[str, UUID | None]:
    """Where to resume, the first page that is not done: 'contrat', 'lots', 'heures', 'offre' (of which engagement)
    or 'verifier'.
    """
    marche = brouillon.marche
    if marche is None or "contrat" in brouillon.saisies:
        return "contrat", None
    engagements = list(marche.engagements.order_by("cree_le", "pk"))
    if not engagements or "lots" in brouillon.saisies:
        return "lots", None
    if not all(brouillons.heures_choisies(engagement) for engagement in engagements) or "heures" in brouillon.saisies:
        return "heures", None
    for engagement in engagements:
        offre = _offre_de(engagement)
        if offre is None or offre.referent is None or f"offre:{engagement.pk}" in brouillon.saisies:
            return "offre", engagement.pk
    return "verifier", None
