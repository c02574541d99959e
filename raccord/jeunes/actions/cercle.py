"""The circle: open a file to an organisation, extend, withdraw; the young person asks, the tutor answers."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models import Organisation
from raccord.jeunes import acces, messages
from raccord.jeunes.actions.dossier import tenir
from raccord.jeunes.enums import EtatRetrait
from raccord.jeunes.models import AccesJeune, DemandeRetrait, Jeune
from raccord.jeunes.workflow import AVEC_LES_PARENTS, RETRAIT
from raccord.socle import calendrier, journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu, RoleRefuse, TransitionRefusee
from raccord.socle.lignes import ou_disparu
from raccord.socle.parametres import regle
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer, inaugurer

A_SON_TERME = "arrivé à son terme"
DEMANDE_DU_JEUNE = "demandé par le jeune"


class OrganisationImpossible(ErreurMetier):
    """Choisissez une organisation de la liste : une MLDS ou un partenaire où quelqu'un se connecte."""


class DejaDansLeCercle(ErreurMetier):
    """Cette organisation a déjà accès à ce dossier : prolongez son accès plutôt que d'en ouvrir un autre."""


class MldsQuiSuit(TransitionRefusee):
    """Cette MLDS suit le jeune : son accès ne se retire pas. Il passe à une autre MLDS quand le parcours est confié."""


class MotifAbsent(ErreurMetier):
    """Dites pourquoi, en quelques mots : le jeune le lit."""


def duree_maximale() -> dt.date:
    """The last day an opening may be given or extended to today (parameter duree_acces)."""
    delai = regle("duree_acces")
    return calendrier.ajouter(calendrier.aujourdhui(), delai.valeur, delai.unite)


def donner(contexte: Contexte, jeune_id: UUID, *, organisation_id: UUID, motif: str, fin: dt.date) -> AccesJeune:
    """Open the file to an organisation until the end of that day; its members and the young person are told.

    Raises ErreurMetier on its field, DejaDansLeCercle, ObjetDisparu.
    """
    with contraintes_en_mots(), transaction.atomic():
        jeune = _tenir(contexte, jeune_id)
        organisation = acces.organisations_possibles().filter(pk=organisation_id).first()
        if organisation is None:
            raise OrganisationImpossible(champ="organisation")
        deja = jeune.acces.filter(organisation=organisation, revoque_le__isnull=True)
        if deja.en_cours().exists():
            raise DejaDansLeCercle(champ="organisation")
        # One that has run out would stand in the way.
        deja.update(revoque_le=timezone.now(), motif_retrait=A_SON_TERME)
        ouvert = AccesJeune.objects.create(
            jeune=jeune, organisation=organisation, motif=_motif(motif), fin=_jusqu_au(fin)
        )
        _inscrire(contexte, ouvert, "donner", "a ouvert le dossier à une organisation")
        messages.a_l_organisation(messages.ACCES_DONNE, ouvert)
        messages.au_jeune(messages.CERCLE_JEUNE, jeune)
    return ouvert


def prolonger(contexte: Contexte, acces_id: UUID, *, fin: dt.date) -> AccesJeune:
    """Another last day for an opening in force. Raises ErreurMetier on `fin`, ObjetDisparu, MldsQuiSuit."""
    with contraintes_en_mots(), transaction.atomic():
        ouvert = _ouvert(contexte, acces_id)
        ouvert.fin = _jusqu_au(fin)
        ouvert.save(update_fields=["fin"])
        _inscrire(contexte, ouvert, "prolonger", "a changé la fin d'un accès au dossier")
        messages.a_l_organisation(messages.ACCES_PROLONGE, ouvert)
    return ouvert


def retirer(contexte: Contexte, acces_id: UUID, *, motif: str) -> AccesJeune:
    """Close the file to an organisation at once; a request of the young person's for it is thereby answered.

    Raises MldsQuiSuit (the last that follows stays), MotifAbsent, ObjetDisparu when it is closed already.
    """
    with contraintes_en_mots(), transaction.atomic():
        ouvert = _ouvert(contexte, acces_id)
        demande = DemandeRetrait.objects.filter(acces=ouvert, etat=EtatRetrait.DEMANDE).first()
        ouvert.motif_retrait, ouvert.revoque_le = _motif(motif), timezone.now()
        ouvert.save(update_fields=["motif_retrait", "revoque_le"])
        _inscrire(contexte, ouvert, "retirer", "a fermé le dossier à une organisation")
        if demande is not None:
            with executer(RETRAIT["retirer"], contexte, DemandeRetrait, demande.pk) as demande:
                demande.repondu_le = timezone.now()
        messages.a_l_organisation(messages.ACCES_RETIRE, ouvert)
        messages.au_jeune(messages.RETRAIT_JEUNE if demande else messages.CERCLE_JEUNE, ouvert.jeune)
    return ouvert


def demander_retrait(contexte: Contexte, acces_id: UUID) -> DemandeRetrait:
    """The young person, or who signs for a minor, asks; the tutor answers within a delay.

    Raises DejaFait for a second click, MldsQuiSuit, ObjetDisparu for an opening that is no longer there.
    """
    with contraintes_en_mots(), transaction.atomic():
        ouvert = (
            AccesJeune.objects.en_cours()
            .select_related("jeune__organisation", "jeune__tuteur")
            .filter(pk=acces_id)
            .first()
        )
        if ouvert is None or not acces.est_a_moi(contexte, ouvert.jeune):
            raise ObjetDisparu
        if ouvert.organisation_id == ouvert.jeune.organisation_id:
            raise MldsQuiSuit
        if DemandeRetrait.objects.filter(acces=ouvert, etat=EtatRetrait.DEMANDE).exists():
            raise DejaFait("C'est déjà demandé : votre tuteur va vous répondre.")
        tenir(ouvert.jeune_id)
        demande = DemandeRetrait(jeune=ouvert.jeune, acces=ouvert, demande_par=contexte.role)
        with inaugurer(RETRAIT["demander"], contexte, demande):
            pass
        messages.au_tuteur(messages.RETRAIT_DEMANDE, demande)
    return demande


def garder(contexte: Contexte, demande_id: UUID, *, raison: str) -> DemandeRetrait:
    """Answer that the opening stays, and why: the young person reads it. Raises MotifAbsent, DejaFait."""
    with transaction.atomic(), executer(RETRAIT["garder"], contexte, DemandeRetrait, demande_id) as demande:
        demande.reponse, demande.repondu_le = _motif(raison, champ="raison"), timezone.now()
        messages.au_jeune(messages.RETRAIT_JEUNE, demande.jeune)
    return demande


def renvoyer_lien(contexte: Contexte, jeune_id: UUID) -> int:
    """Send the young person, and who signs for a minor, the link to their page again. Returns how many were written.

    Raises ErreurMetier when nobody can be written to.
    """
    with transaction.atomic():
        jeune = _tenir(contexte, jeune_id)
        envoyes = messages.au_jeune(messages.DOSSIER_JEUNE, jeune)
        if not envoyes:
            raise ErreurMetier("Ce jeune n'a ni courriel ni téléphone dans son dossier : ajoutez-en un d'abord.")
        journal.inscrire(contexte, jeune, "jeune.renvoyer_lien", "a renvoyé au jeune le lien de sa page")
    return envoyes


def _tenir(contexte: Contexte, jeune_id: UUID) -> Jeune:
    """The young person, locked, for the MLDS that follows: one change of the circle at a time."""
    if contexte.role != Role.TUTEUR:
        raise RoleRefuse
    return ou_disparu(
        Jeune.objects.select_for_update(of=("self",), no_key=True)
        .suivis_par(contexte.organisation_id)
        .select_related("organisation", "tuteur")
        .filter(pk=jeune_id)
    )


def _ouvert(contexte: Contexte, acces_id: UUID) -> AccesJeune:
    """An opening in force, of another organisation than the one that follows, its young person locked."""
    jeune_id = ou_disparu(AccesJeune.objects.filter(pk=acces_id).values_list("jeune_id", flat=True))
    jeune = _tenir(contexte, jeune_id)
    ouvert = jeune.acces.en_cours().select_related("organisation").filter(pk=acces_id).first()
    if ouvert is None:
        raise DejaFait("Cet accès est déjà fermé.")
    if ouvert.organisation_id == jeune.organisation_id:
        raise MldsQuiSuit
    ouvert.jeune = jeune
    return ouvert


def _motif(texte: str, champ: str = "motif") -> str:
    if not texte.strip():
        raise MotifAbsent(champ=champ)
    return texte.strip()


def _jusqu_au(fin: dt.date) -> dt.datetime:
    limite = duree_maximale()
    if fin < calendrier.aujourdhui():
        raise ErreurMetier("Cette date est passée : choisissez un jour à venir.", champ="fin")
    if fin > limite:
        source = regle("duree_acces").source
        raise ErreurMetier(
            f"Un accès dure jusqu'au {limite:%d/%m/%Y} au plus ; il se prolonge ensuite. Source : {source}.",
            champ="fin",
        )
    return calendrier.fin_du_jour(fin)


def _inscrire(contexte: Contexte, ouvert: AccesJeune, geste: str, debut: str) -> None:
    organisation: Organisation = ouvert.organisation
    journal.inscrire(
        contexte,
        ouvert.jeune,
        f"cercle.{geste}",
        f"{debut} : {organisation.nom}"[:200],
        faits={"acces": str(ouvert.pk), "organisation": str(organisation.pk)},
        audience=AVEC_LES_PARENTS,
    )
