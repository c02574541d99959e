"""The context sheet: the tutor may propose a draft; the young person alone writes, approves, shows, takes back."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.jeunes import messages
from raccord.jeunes.actions.dossier import noter_ouverture, tenir
from raccord.jeunes.enums import EtatFiche, Lecteurs
from raccord.jeunes.models import FicheContexte, Jeune
from raccord.jeunes.workflow import ENTRE_EUX, FICHE
from raccord.socle import calendrier
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.exceptions import ErreurMetier, RoleRefuse
from raccord.socle.lignes import ou_disparu
from raccord.socle.parametres import regle
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer, inaugurer


class FicheVide(ErreurMetier):
    """Écrivez au moins une des deux parties."""


@dataclass(frozen=True, kw_only=True)
class Textes:
    """The two parts of a sheet."""

    aide: str
    eviter: str

    def poser(self, fiche: FicheContexte) -> None:
        """Seal them in the row. Raises FicheVide."""
        if not (self.aide.strip() or self.eviter.strip()):
            raise FicheVide(champ="aide")
        fiche.aide, fiche.eviter = self.aide.strip(), self.eviter.strip()


def proposer(contexte: Contexte, jeune_id: UUID, textes: Textes) -> FicheContexte:
    """A draft that nobody but the young person and the MLDS reads, and that is nothing until approved.

    Raises FicheVide, ObjetDisparu, RoleRefuse.
    """
    if contexte.role != Role.TUTEUR:
        raise RoleRefuse
    with contraintes_en_mots(), transaction.atomic():
        jeune = ou_disparu(Jeune.objects.suivis_par(contexte.organisation_id).filter(pk=jeune_id))
        tenir(jeune.pk)
        brouillon = FicheContexte.objects.filter(jeune=jeune, etat=EtatFiche.PROPOSEE).first()
        if brouillon is not None:
            with executer(FICHE["corriger"], contexte, FicheContexte, brouillon.pk) as fiche:
                textes.poser(fiche)
        else:
            fiche = FicheContexte(jeune=jeune)
            textes.poser(fiche)
            with inaugurer(FICHE["proposer"], contexte, fiche):
                pass
        messages.au_jeune(messages.FICHE_PROPOSEE, jeune, parents=False)
    return fiche


def approuver(
    contexte: Contexte, textes: Textes, *, lecteurs: Lecteurs, brouillon_id: UUID | None = None
) -> FicheContexte:
    """The young person's own words, or a draft read again: they hold from now on, in place of the former sheet.

    Raises FicheVide, TransitionRefusee when the draft has been dealt with meanwhile.
    """
    if contexte.jeune_id is None:
        raise RoleRefuse
    with contraintes_en_mots(), transaction.atomic():
        tenir(contexte.jeune_id)
        ancienne = FicheContexte.objects.filter(jeune_id=contexte.jeune_id, etat=EtatFiche.APPROUVEE).first()
        if ancienne is not None:
            revoquer(contexte, ancienne.pk)
        if brouillon_id is not None:
            with executer(FICHE["approuver"], contexte, FicheContexte, brouillon_id) as fiche:
                _approuver(fiche, textes, lecteurs)
        else:
            fiche = FicheContexte(jeune_id=contexte.jeune_id)
            _approuver(fiche, textes, lecteurs)
            with inaugurer(FICHE["ecrire"], contexte, fiche):
                pass
    return fiche


def renouveler(contexte: Contexte, fiche_id: UUID) -> FicheContexte:
    """The same words, for as long again. Raises TransitionRefusee."""
    with executer(FICHE["renouveler"], contexte, FicheContexte, fiche_id) as fiche:
        fiche.expire_le = echeance()
    return fiche


def revoquer(contexte: Contexte, fiche_id: UUID) -> None:
    """Dead for all at once: its text is gone. Raises TransitionRefusee."""
    with executer(FICHE["revoquer"], contexte, FicheContexte, fiche_id) as fiche:
        fiche.aide = fiche.eviter = ""


def ecarter(contexte: Contexte, fiche_id: UUID) -> None:
    """The young person does not want the draft: its text is gone. Raises TransitionRefusee."""
    with executer(FICHE["ecarter"], contexte, FicheContexte, fiche_id) as fiche:
        fiche.aide = fiche.eviter = ""


def perimer(fiche_id: UUID) -> None:
    """Nobody answered the draft in time: its text is gone. Raises TransitionRefusee."""
    with executer(FICHE["perimer"], SYSTEME, FicheContexte, fiche_id) as fiche:
        fiche.aide = fiche.eviter = ""


def lire(contexte: Contexte, fiche: FicheContexte) -> None:
    """Write that somebody read the sheet: the young person sees it. Whoever calls has checked the right to read."""
    noter_ouverture(contexte, fiche, "fiche_contexte.ouvrir", "a lu la fiche « Ce qui m'aide »", ENTRE_EUX)


def echeance() -> dt.datetime:
    """When a sheet approved today stops being shown (parameter validite_fiche_contexte)."""
    delai = regle("validite_fiche_contexte")
    return calendrier.fin_du_jour(calendrier.ajouter(calendrier.aujourdhui(), delai.valeur, delai.unite))


def _approuver(fiche: FicheContexte, textes: Textes, lecteurs: Lecteurs) -> None:
    textes.poser(fiche)
    fiche.lecteurs, fiche.approuvee_le, fiche.expire_le = lecteurs, timezone.now(), echeance()
