"""A workflow is data; `executer` is the only hand that changes a state.

Each transition names its source states, its target, who may do it, what forbids it, and the waits it
closes and opens. The same table draws the buttons, the tests (state × transition × role) and the
trigger by which PostgreSQL refuses a forbidden jump.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import pgtrigger
from django.db import models, transaction

from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ObjetDisparu, Refus, RoleRefuse, TransitionRefusee
from raccord.socle.models import ObjetAEtat
from raccord.socle.verrous import contraintes_en_mots

T = TypeVar("T", bound=ObjetAEtat)
Garde = Callable[[Contexte, Any], Refus | None]


class TypeAttendu(Protocol):
    """What the engine knows of a wait: its code. `echeances` knows the rest."""

    @property
    def code(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One thing that can be done. `cible=None` keeps the state; no `sources` is a creation."""

    nom: str
    libelle: str
    """The button, in words: 'Accepter et choisir un créneau'."""
    fait: str
    """The timeline: 'a accepté la présentation'."""
    sources: frozenset[str] = frozenset()
    cible: str | None = None
    roles: frozenset[str]
    gardes: tuple[Garde, ...] = ()
    ouvre: tuple[TypeAttendu, ...] = ()
    clot: tuple[TypeAttendu, ...] = ()
    audience: frozenset[str] = frozenset()
    """Roles that read the line in the timeline; empty is every party."""

    def refus(self, contexte: Contexte, objet: ObjetAEtat) -> TransitionRefusee | None:
        """Why it cannot be done now, or None."""
        if objet.etat not in self.sources:
            if self.cible == objet.etat:
                return DejaFait()
            return TransitionRefusee(
                f"« {self.libelle} » n'est plus possible : la situation est maintenant « {objet.get_etat_display()} »."
            )
        if contexte.role not in self.roles:
            return RoleRefuse()
        for garde in self.gardes:
            motif = garde(contexte, objet)
            if motif is not None:
                return TransitionRefusee(motif)
        return None


@dataclass(frozen=True)
class ActionPossible:
    """A button: the transition and, when it is shown disabled, the words why."""

    transition: Transition
    refus: str | None


@dataclass(frozen=True)
class Workflow(Generic[T]):
    """All the transitions of one kind of object."""

    nom: str
    etats: type[models.TextChoices]
    transitions: Sequence[Transition] = field(default_factory=tuple)

    def __getitem__(self, nom: str) -> Transition:
        return next(transition for transition in self.transitions if transition.nom == nom)

    def actions(self, contexte: Contexte, objet: ObjetAEtat) -> list[ActionPossible]:
        """What this role sees on this object: from its state, allowed or refused in words."""
        return [
            ActionPossible(transition, str(refus) if (refus := transition.refus(contexte, objet)) else None)
            for transition in self.transitions
            if objet.etat in transition.sources and contexte.role in transition.roles
        ]

    def garde_base(self) -> pgtrigger.FSM:
        """The trigger that refuses, even to `update()`, a jump the table does not have."""
        sauts = sorted(
            {
                (source, transition.cible)
                for transition in self.transitions
                if transition.cible is not None
                for source in transition.sources
                if source != transition.cible
            }
        )
        return pgtrigger.FSM(name=f"etats_{self.nom}", field="etat", transitions=sauts, separator=":")


Observateur = Callable[[Transition, Contexte, ObjetAEtat], None]
# `echeances` plugs itself in here (it stands above the socle and may not be imported): waits follow transitions.
OBSERVATEURS: list[Observateur] = []


@contextmanager
def executer(
    transition: Transition,
    contexte: Contexte,
    modele: type[T],
    objet_id: UUID,
    *,
    faits: dict[str, Any] | None = None,
) -> Iterator[T]:
    """Lock the row, re-read it, check state, role and guards; on exit save, write the journal, move the waits.

    Raises TransitionRefusee (DejaFait when the target state is already there), ObjetDisparu, or the
    words of a violated constraint. All or nothing. `faits` may be filled inside the block.
    """
    with contraintes_en_mots(), transaction.atomic():
        objet = modele._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=objet_id).order_by().first()
        if objet is None:
            raise ObjetDisparu
        refus = transition.refus(contexte, objet)
        if refus is not None:
            raise refus
        avant = objet.etat
        yield objet
        if transition.cible is not None:
            objet.etat = transition.cible
        objet.save()
        _inscrire(transition, contexte, objet, avant, faits)


@contextmanager
def inaugurer(
    transition: Transition, contexte: Contexte, objet: T, *, faits: dict[str, Any] | None = None
) -> Iterator[T]:
    """Create the row in the transition's target state, write the journal, open the waits.

    Related rows are made inside the block, after the object is saved.
    """
    if contexte.role not in transition.roles:
        raise RoleRefuse
    for garde in transition.gardes:
        motif = garde(contexte, objet)
        if motif is not None:
            raise TransitionRefusee(motif)
    with contraintes_en_mots(), transaction.atomic():
        objet.etat = str(transition.cible)
        objet.save(force_insert=True)
        yield objet
        _inscrire(transition, contexte, objet, "", faits)


def _inscrire(
    transition: Transition, contexte: Contexte, objet: ObjetAEtat, avant: str, faits: dict[str, Any] | None
) -> None:
    journal.inscrire(
        contexte,
        objet,
        f"{objet.workflow.nom}.{transition.nom}",
        transition.fait,
        avant=avant,
        apres=objet.etat,
        faits=faits,
        audience=transition.audience,
    )
    for observateur in OBSERVATEURS:
        observateur(transition, contexte, objet)


def codes(types: Iterable[TypeAttendu]) -> list[str]:
    """The codes of waits, for a query."""
    return [type_attendu.code for type_attendu in types]
