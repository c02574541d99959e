"""The company's side of an offer: its fiche entreprise, its contacts, « nous sommes prêts »."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.echeances.attentes import ouvrir as ouvrir_attente
from raccord.marches.actions.engagement import confirmer_engagement
from raccord.marches.contacts import Coordonnees, Parole, retenir
from raccord.parcours import attentes
from raccord.parcours.acces.destinataires import acheteur_de
from raccord.parcours.actions.declaration import remplacer_contact, verrouiller_offre
from raccord.parcours.actions.recherche import indexer
from raccord.parcours.enums import EtatOffre
from raccord.parcours.gardes import declaration as gardes
from raccord.parcours.messages import offres as messages
from raccord.parcours.models import FicheEntreprise, Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier, ModifieEntreTemps, RoleRefuse, TransitionRefusee
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer
from raccord.territoires.models import Commune

# The company writes its fiche until the last young person has gone.
ETATS_MODIFIABLES = frozenset({EtatOffre.A_CONFIRMER, EtatOffre.PUBLIEE, EtatOffre.RESERVEE, EtatOffre.EN_COURS})


class FicheFermee(TransitionRefusee):
    """Cette offre est close : sa fiche ne se modifie plus."""


class FicheIncomplete(ErreurMetier):
    """L’offre est publiée : le lieu, les contacts, les tâches et les conditions d’accueil doivent rester remplis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The words of the fiche entreprise (digest §1.4); the names are those of the model."""

    referent_anciennete: str = ""
    referent_experience: str = ""
    referent_motivation: str = ""
    livret_accueil: bool = False
    poste_travail: str = ""
    tickets_restaurant: bool = False
    transport: str = ""
    tenue: str = ""
    taches: str = ""
    taches_deplacement: str = ""
    activite: str = ""
    effectif: int | None = None
    culture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheSaisie:
    """What the company says. A commune or dates left empty keep what they were: an offer always has some."""

    adresse: str
    commune: Commune | None
    date_debut: date | None
    date_fin: date | None
    referent: Coordonnees
    rrh: Coordonnees
    description: Description


def enregistrer(contexte: Contexte, offre_id: UUID, saisie: FicheSaisie, *, version: str) -> Offre:
    """Keep the fiche, complete or not: nothing typed is lost for want of the rest.

    Raises ModifieEntreTemps when a colleague or the buyer saved it meanwhile. After publication the mandatory
    parts must stay filled (FicheIncomplete).
    """
    with contraintes_en_mots(), transaction.atomic():
        offre = _ouvrir(contexte, offre_id)
        toleres = {champ for champ, _ in gardes.manques(offre)}  # an offer of the former tool is asked, not blocked
        _ecrire(contexte, offre, saisie, version=version)
        absents = [champ for champ, _ in gardes.manques(offre) if champ != "rrh_nom" or champ not in toleres]
        if offre.etat != EtatOffre.A_CONFIRMER and absents:
            raise FicheIncomplete(champ=absents[0])
        journal.inscrire(contexte, offre, "fiche.enregistrer", "a complété la fiche entreprise")
    return offre


@transaction.atomic
def confirmer(contexte: Contexte, offre_id: UUID) -> Offre:
    """« Nous sommes prêts »: the fiche is confirmed as it was kept, contacts are verified, the offer is published.

    Raises TransitionRefusee naming what is missing (place, contacts, missions, hosting conditions), DejaFait on a
    second click.
    """
    with executer(OFFRE["confirmer"], contexte, Offre, offre_id) as offre:
        offre.publiee_le = offre.prete_le = maintenant = timezone.now()
        indexer(offre)
        FicheEntreprise.objects.filter(offre=offre).update(
            confirmee_le=maintenant, confirmee_par_id=contexte.contact_id
        )
        ids = [contact.pk for contact in messages.contacts_de(offre)]
        Contact.objects.filter(pk__in=ids).update(verifie_le=maintenant)
    if offre.engagement_id is not None:
        confirmer_engagement(contexte, offre.engagement_id)
    messages.aux_contacts(messages.OFFRE_PUBLIEE_ENTREPRISE, offre)
    messages.a_ceux(messages.OFFRE_PUBLIEE, acheteur_de(offre), offre)
    messages.a_ceux(messages.OFFRE_PUBLIEE_TERRITOIRE, messages.territoire(offre), offre)
    return offre


def _ouvrir(contexte: Contexte, offre_id: UUID) -> Offre:
    offre = verrouiller_offre(offre_id)
    if contexte.role != Role.ENTREPRISE:
        raise RoleRefuse
    if refus := gardes.offre_de_mon_entreprise(contexte, offre):
        raise TransitionRefusee(refus)
    if offre.etat not in ETATS_MODIFIABLES:
        raise FicheFermee
    return offre


def _ecrire(contexte: Contexte, offre: Offre, saisie: FicheSaisie, *, version: str) -> None:
    fiche, _ = FicheEntreprise.objects.select_for_update(of=("self",)).get_or_create(offre=offre)
    if version != str(fiche.version):
        raise ModifieEntreTemps
    _ecrire_le_lieu(contexte, offre, saisie)
    _ecrire_les_contacts(contexte, offre, saisie)
    for champ, valeur in asdict(saisie.description).items():
        setattr(fiche, champ, valeur)
    # The company's words are the public ones: what the buyer had written only served to begin.
    offre.missions = fiche.taches or offre.missions
    fiche.version += 1
    fiche.save()
    indexer(offre)
    offre.save()
    offre.fiche = fiche


def _ecrire_le_lieu(contexte: Contexte, offre: Offre, saisie: FicheSaisie) -> None:
    avant = offre.date_fin
    offre.adresse = saisie.adresse
    offre.commune = saisie.commune or offre.commune
    offre.date_debut = saisie.date_debut or offre.date_debut
    offre.date_fin = saisie.date_fin or offre.date_fin
    if offre.date_fin <= offre.date_debut:
        raise ErreurMetier("La date de fin doit venir après la date de début.", champ="date_fin")
    if refus := gardes.dans_la_periode_ferme(contexte, offre) or gardes.pas_encore_finie(contexte, offre):
        raise ErreurMetier(refus, champ="date_fin")
    if offre.etat == EtatOffre.PUBLIEE and offre.date_fin != avant:
        ouvrir_attente(attentes.POURVOIR, offre)


def _ecrire_les_contacts(contexte: Contexte, offre: Offre, saisie: FicheSaisie) -> None:
    """The company speaks of its own people: corrections are kept; somebody new receives a link of their own."""
    ancien, connus = offre.referent, {contact.pk for contact in messages.contacts_de(offre)}
    if not saisie.referent.vides:
        if not saisie.referent.nom:
            raise ErreurMetier("Donnez le nom du référent.", champ="referent_nom")
        offre.referent = retenir(offre.entreprise_id, saisie.referent, actuel=offre.referent, parole=Parole.ENTREPRISE)
    if saisie.rrh.vides:
        offre.rrh = None
    else:
        if not saisie.rrh.nom:
            raise ErreurMetier("Donnez le nom de la personne des ressources humaines.", champ="rrh_nom")
        offre.rrh = retenir(offre.entreprise_id, saisie.rrh, actuel=offre.rrh, parole=Parole.ENTREPRISE)
    if offre.referent is not None:
        remplacer_contact(offre, ancien, offre.referent)
    nouveaux = [
        contact
        for contact in messages.contacts_de(offre)
        if contact.pk not in connus and contact.pk != contexte.contact_id and contact.courriel
    ]
    messages.aux_contacts(messages.FICHE_NOUVEAU_REFERENT, offre, contacts=nouveaux)


# --- « Ce n'est pas moi » --------------------------------------------------------------------------


def suivre_le_collegue(offre_id: UUID, ancien: Contact, nouveau: Contact) -> None:
    """The link of the fiche was handed over: the colleague takes the same place on the offer, waits included."""
    offre = verrouiller_offre(offre_id)
    if offre.referent_id == ancien.pk:
        offre.referent = nouveau
        remplacer_contact(offre, ancien, nouveau)
    if offre.rrh_id == ancien.pk:
        offre.rrh = nouveau
    offre.save()
