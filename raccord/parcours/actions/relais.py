"""The buyer's one tap, and the letter: what is said moves the ladder, and the tutor reads it."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from raccord.comptes.enums import Role
from raccord.echeances import attentes as echeances
from raccord.echeances.actions import AttenteClose, PauseImpossible, attente_ouverte, suspendre
from raccord.echeances.echelle import monter_la_suite
from raccord.echeances.models import Attente
from raccord.parcours import attentes
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Positionnement
from raccord.socle import calendrier, journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, RoleRefuse
from raccord.socle.parametres import regle

ACHETEURS = (Role.ACHETEUR, Role.NATIONAL)


class LettreDansLAvenir(ErreurMetier):
    """Une lettre envoyée porte une date passée : aujourd'hui ou avant, et après l'envoi du profil."""


@transaction.atomic
def ils_repondent(contexte: Contexte, positionnement_id: UUID, *, le: dt.date) -> None:
    """« J'ai appelé, ils répondent le… » : the ladder waits for that day. Raises PauseImpossible, AttenteClose."""
    positionnement, attente = _attendu(contexte, positionnement_id)
    if not calendrier.aujourdhui(attente.lieu) < le:
        raise PauseImpossible("Donnez le jour où l'entreprise répond, à partir de demain.", champ="le")
    jour = mots.date_fr(le)
    suspendre(contexte, attente, jusqu_au=le, raison=f"L’acheteur a appelé : réponse promise le {jour}.")
    echeances.clore([attentes.RELAYER_ACHETEUR.code], positionnement, issue="ils_repondent")
    _dire(contexte, positionnement, "promesse", f"a appelé l’entreprise : elle répond le {jour}")


@transaction.atomic
def pas_joints(contexte: Contexte, positionnement_id: UUID) -> None:
    """« Je n'arrive pas à les joindre » : the next rung speaks at once, and the tutor knows."""
    positionnement, attente = _attendu(contexte, positionnement_id)
    echeances.clore([attentes.RELAYER_ACHETEUR.code], positionnement, issue="pas_joints")
    _dire(contexte, positionnement, "pas_joints", "n’arrive pas à joindre l’entreprise")
    monter_la_suite(attente.pk)


@transaction.atomic
def prendre_la_main(contexte: Contexte, positionnement_id: UUID) -> None:
    """« Je prends la main » : the buyer is who must act, for a few days; then the ladder goes on. Raises DejaFait."""
    positionnement, attente = _attendu(contexte, positionnement_id)
    deja = Attente.objects.ouvertes().filter(code=attentes.RELAYER_ACHETEUR.code, objet_id=positionnement.pk)
    if deja.exists():
        raise DejaFait("Vous avez déjà la main : dites ici ce que l'entreprise répond.")
    delai = regle("delai_relais_acheteur")
    jour = calendrier.ajouter(calendrier.aujourdhui(attente.lieu), delai.valeur, delai.unite, attente.lieu)
    suspendre(contexte, attente, jusqu_au=jour, raison="L’acheteur a pris la main.")
    echeances.ouvrir(attentes.RELAYER_ACHETEUR, positionnement)
    _dire(contexte, positionnement, "prise_en_main", f"prend la main jusqu’au {mots.date_fr(jour)}")


@transaction.atomic
def noter_lettre(contexte: Contexte, positionnement_id: UUID, *, envoyee_le: dt.date) -> None:
    """« Envoyée le… » : Raccord never sends the letter itself. Raises LettreDansLAvenir, AttenteClose."""
    positionnement, attente = _attendu(contexte, positionnement_id)
    premier = positionnement.transmis_le.date() if positionnement.transmis_le else envoyee_le
    if not premier <= envoyee_le <= calendrier.aujourdhui(attente.lieu):
        raise LettreDansLAvenir(champ="envoyee_le")
    echeances.clore([attentes.ENVOYER_LETTRE.code], positionnement, issue="envoyee")
    texte = f"a envoyé la lettre à l’entreprise le {mots.date_fr(envoyee_le)}"
    _dire(contexte, positionnement, "lettre", texte, faits={"envoyee_le": envoyee_le.isoformat()})


def _attendu(contexte: Contexte, positionnement_id: UUID) -> tuple[Positionnement, Attente]:
    """The proposal and the company's open wait, locked. Raises RoleRefuse, AttenteClose."""
    if contexte.role not in ACHETEURS:
        raise RoleRefuse
    positionnement = Positionnement.objects.filter(pk=positionnement_id).first()
    ouverte = Attente.objects.ouvertes().filter(code=attentes.REPONDRE.code, objet_id=positionnement_id).first()
    if positionnement is None or ouverte is None:
        raise AttenteClose
    return positionnement, attente_ouverte(ouverte.pk)


def _dire(
    contexte: Contexte, positionnement: Positionnement, verbe: str, texte: str, *, faits: dict[str, str] | None = None
) -> None:
    journal.inscrire(contexte, positionnement, f"relais.{verbe}", texte, faits=faits)
    messages.a_ceux(messages.RELAIS, messages.tuteur(positionnement), positionnement, texte=texte)
