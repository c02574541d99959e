"""A company proposes a parcours without any public contract; the national team answers, kindly either way."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation
from raccord.comptes.models import Organisation
from raccord.marches.contacts import Coordonnees, Parole, retenir
from raccord.parcours import attentes
from raccord.parcours.actions.declaration import RaisonAbsente
from raccord.parcours.actions.recherche import indexer
from raccord.parcours.enums import EtatOffre
from raccord.parcours.gardes import declaration as gardes
from raccord.parcours.messages import offres as messages
from raccord.parcours.messages.parcours import equipe_nationale
from raccord.parcours.models import FicheEntreprise, Offre
from raccord.parcours.workflow import OFFRE
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer, inaugurer
from raccord.territoires.models import Commune

# Anybody may type anybody's address: a bound keeps the form from writing to the same person again and again.
PROPOSITIONS_PAR_JOUR = 3


class TropDePropositions(ErreurMetier):
    """Cette adresse a déjà envoyé plusieurs propositions aujourd’hui : nous y répondons d’abord. Revenez demain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    """What the public form says."""

    entreprise: str
    siret: str
    contact: Coordonnees
    intitule: str
    domaines: list[str]
    taches: str
    heures: int
    adresse: str
    commune: Commune
    date_debut: date
    date_fin: date
    remarque: str = ""


def proposer(contexte: Contexte, cle: UUID, proposition: Proposition) -> Offre:
    """Receive a proposal: the offer waits for the national team. `cle` is the form's hidden key: sent twice, kept once.

    A known SIRET keeps its name; what the visitor typed is in the title and the contact. Raises TropDePropositions.
    """
    if deja := Offre.objects.filter(pk=cle).first():
        return deja
    with contraintes_en_mots(), transaction.atomic():
        entreprise, _ = Organisation.objects.get_or_create(
            genre=GenreOrganisation.ENTREPRISE, siret=proposition.siret, defaults={"nom": proposition.entreprise}
        )
        contact = retenir(entreprise.pk, proposition.contact, parole=Parole.VISITEUR)
        veille = timezone.now() - timedelta(days=1)
        if (
            Offre.objects.filter(referent=contact, engagement=None, cree_le__gte=veille).count()
            >= PROPOSITIONS_PAR_JOUR
        ):
            raise TropDePropositions(champ="courriel")
        offre = Offre(
            pk=cle,
            entreprise=entreprise,
            intitule=proposition.intitule,
            domaines=proposition.domaines,
            missions=proposition.taches,
            remarque=proposition.remarque,
            heures=proposition.heures,
            adresse=proposition.adresse,
            commune=proposition.commune,
            date_debut=proposition.date_debut,
            date_fin=proposition.date_fin,
            referent=contact,
        )
        if offre.date_fin <= offre.date_debut:
            raise ErreurMetier("La date de fin doit venir après la date de début.", champ="date_fin")
        if refus := gardes.pas_encore_finie(contexte, offre):
            raise ErreurMetier(refus, champ="date_fin")
        with inaugurer(OFFRE["proposer"], contexte, offre):
            FicheEntreprise.objects.create(offre=offre, taches=proposition.taches)
            indexer(offre)
            offre.save()
            echeance = attentes.INSTRUIRE_SPONTANEE.due(offre)
            messages.aux_contacts(
                messages.PROPOSITION_RECUE, offre, action=messages.LIEN_PROPOSITION, echeance=echeance
            )
            messages.a_ceux(messages.PROPOSITION_A_ETUDIER, equipe_nationale(), offre, echeance=echeance)
    return offre


@transaction.atomic
def accueillir(contexte: Contexte, offre_id: UUID) -> Offre:
    """Say yes: the company receives the link of its fiche, as after a declaration."""
    with executer(OFFRE["accueillir"], contexte, Offre, offre_id) as offre:
        pass
    messages.aux_contacts(messages.PROPOSITION_ACCEPTEE, offre, echeance=attentes.CONFIRMER_FICHE.due(offre))
    return offre


@transaction.atomic
def decliner(contexte: Contexte, offre_id: UUID, *, motif: str) -> Offre:
    """Say no with a reason, written for the company to read as it is."""
    if not motif.strip():
        raise RaisonAbsente(champ="motif")
    with executer(OFFRE["decliner"], contexte, Offre, offre_id) as offre:
        offre.motif_retrait = motif.strip()
    messages.aux_contacts(messages.PROPOSITION_DECLINEE, offre, action=messages.LIEN_PROPOSITION)
    return offre


def attend_une_reponse(offre: Offre) -> bool:
    """Whether the national team has not answered yet."""
    return offre.etat == EtatOffre.A_INSTRUIRE
