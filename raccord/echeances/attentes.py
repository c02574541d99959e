"""Types of wait, and how they follow the transitions of the workflows."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from raccord.echeances.models import Attente
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.models import ObjetAEtat, ObjetSuivi
from raccord.socle.parametres import regle
from raccord.socle.workflow import Transition


@dataclass(frozen=True, kw_only=True)
class Proprietaire:
    """Who must act. `libelle` is what everybody reads: an organisation or a role, never a young person's name."""

    role: str
    libelle: str
    administrateurs: bool = False
    """Whoever administers the organisation, whatever their role."""
    organisation_id: UUID | None = None
    utilisateur_id: UUID | None = None
    contact_id: UUID | None = None
    jeune_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Echelon:
    """A rung: what happens when nobody acts. The effect is registered in the slice's `taches.py`.

    `parametre` gives the delay; `avant` counts it back from the due date, else it runs from the opening.
    No parameter: at the due date.
    """

    code: str
    parametre: str | None = None
    avant: bool = False

    def moment(self, attente: Attente) -> dt.datetime:
        """When the rung falls for this wait."""
        if self.parametre is None:
            return attente.echeance
        delai = regle(self.parametre)
        base = timezone.localdate(attente.echeance if self.avant else attente.ouverte_le)
        jour = calendrier.ajouter(base, -delai.valeur if self.avant else delai.valeur, delai.unite)
        return dt.datetime.combine(jour, dt.time(8), tzinfo=calendrier.PARIS)


@dataclass(frozen=True, kw_only=True)
class TypeAttente:
    """One kind of wait. `delai` is a parameter's key, unless `echeance` computes the moment from the object."""

    code: str
    action: str
    proprietaire: Callable[[Any], Proprietaire]
    url: Callable[[UUID], str]
    delai: str = ""
    echeance: Callable[[Any], dt.datetime] | None = None
    echelons: tuple[Echelon, ...] = ()
    lien: str = ""
    """The action link by which an owner without account does it, on the same object."""

    def __post_init__(self) -> None:
        TYPES[self.code] = self

    def due(self, objet: ObjetSuivi) -> dt.datetime:
        """The moment by which the owner must have acted."""
        if self.echeance is not None:
            return self.echeance(objet)
        delai = regle(self.delai)
        return calendrier.fin_du_jour(calendrier.ajouter(calendrier.aujourdhui(), delai.valeur, delai.unite))


TYPES: dict[str, TypeAttente] = {}


def a_gravir(attente: Attente, passes: Collection[str] = ()) -> list[Echelon]:
    """Its rungs that were not climbed."""
    return [barreau for barreau in TYPES[attente.code].echelons if barreau.code not in passes]


def ouvrir(type_attente: TypeAttente, objet: ObjetSuivi) -> Attente:
    """Open the wait on the object; an open one of the same type is replaced (its clock starts again)."""
    clore([type_attente.code], objet, issue="remplacée")
    proprietaire = type_attente.proprietaire(objet)
    attente = Attente(
        code=type_attente.code,
        objet_type=objet._meta.label_lower,
        objet_id=objet.pk,
        fil=list(objet.fil()),
        sujet=str(objet)[:200],
        action=type_attente.action,
        role=proprietaire.role,
        administrateurs=proprietaire.administrateurs,
        organisation_id=proprietaire.organisation_id,
        utilisateur_id=proprietaire.utilisateur_id,
        contact_id=proprietaire.contact_id,
        jeune_id=proprietaire.jeune_id,
        proprietaire=proprietaire.libelle,
        echeance=type_attente.due(objet),
    )
    attente.prochain = min((barreau.moment(attente) for barreau in a_gravir(attente)), default=None)
    attente.save(force_insert=True)
    return attente


def clore(codes: list[str], objet: ObjetSuivi, *, issue: str) -> int:
    """Close the object's open waits of these types. Returns how many."""
    return Attente.objects.filter(code__in=codes, objet_id=objet.pk, close_le__isnull=True).update(
        close_le=timezone.now(), issue=issue
    )


def clore_celle(attente: Attente, *, issue: str) -> None:
    """Close this very wait: for a rung, which holds it locked."""
    Attente.objects.filter(pk=attente.pk).update(close_le=timezone.now(), issue=issue)


def rouvrir(ids: Iterable[str], *, decaler: bool = False) -> None:
    """Open again what an answer had closed, its clock and the rungs already climbed as they were.

    `decaler` adds the days it was closed: whoever was waiting for us loses none of theirs.
    """
    for attente in Attente.objects.filter(pk__in=list(ids), close_le__isnull=False).order_by("pk"):
        fermee = timezone.localdate(attente.close_le)
        jours = (calendrier.aujourdhui() - fermee).days if decaler else 0
        attente.close_le, attente.issue = None, ""
        attente.ouverte_le += dt.timedelta(days=jours)
        if jours:
            attente.echeance = calendrier.fin_du_jour(timezone.localdate(attente.echeance) + dt.timedelta(days=jours))
        attente.save(update_fields=["close_le", "issue", "ouverte_le", "echeance"])


def suivre(transition: Transition, contexte: Contexte, objet: ObjetAEtat) -> None:
    """Move the waits as the transition says: the observer that the workflow engine calls."""
    if transition.clot:
        clore([attendu.code for attendu in transition.clot], objet, issue=transition.nom)
    for attendu in transition.ouvre:
        ouvrir(TYPES[attendu.code], objet)
