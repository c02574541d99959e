"""Erasing somebody: the only code that writes as the owner of the database (decision 0015).

The journal and the ledger are append-only for the application, and its row-level security shows each person a part of
what is kept: neither could erase. So one function, `effacer`, goes through the owner's door, in one transaction, and
leaves one line of what it did.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Value, When

from raccord.comptes.enums import Role
from raccord.jeunes.models import Jeune
from raccord.rgpd.sujets import MODELES, obstacles, plan, sujet_de
from raccord.rgpd.verrous import tenir_le_dossier
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.donnees_personnelles import (
    MASQUE,
    Donnees,
    Personne,
    Sort,
    Sujet,
    champ_de,
    donnees_de,
    liberer,
    vide,
)
from raccord.socle.exceptions import ErreurMetier, ObjetDisparu, RoleRefuse
from raccord.socle.models import Journal

PORTE = "proprietaire"
AUDIENCE = frozenset({Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL})


class EffacementRefuse(ErreurMetier):
    """Cette personne ne peut pas être effacée aujourd'hui."""


@dataclass(frozen=True)
class Ligne:
    """So many rows of one kind, and what becomes of them."""

    quoi: str
    sort: str
    nombre: int


@dataclass
class Effet:
    """What erasing does, or would do; and what forbids it today."""

    lignes: list[Ligne] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)

    def par_sort(self) -> dict[str, list[str]]:
        """What becomes of what: 'supprimé' → ['message (20)', …]."""
        groupes: dict[str, list[str]] = {}
        for ligne in self.lignes:
            groupes.setdefault(ligne.sort, []).append(f"{ligne.quoi} ({ligne.nombre})")
        return groupes


def simuler(genre: str, personne_id: UUID, *, porte: str = PORTE) -> Effet:
    """What would go, counted; nothing is changed. Raises ObjetDisparu.

    Through the owner's door on the machine; a page counts through the application's, in the machine's name, on this
    file alone.
    """
    if porte == PORTE:
        return _simuler(genre, personne_id, porte)
    with identite.agir(SYSTEME, dossiers=(personne_id,)), transaction.atomic():
        objets = sujet_de(genre, personne_id, porte).objets
    with identite.agir(SYSTEME, dossiers=tuple(objets)), transaction.atomic():
        return _simuler(genre, personne_id, porte)


def _simuler(genre: str, personne_id: UUID, porte: str) -> Effet:
    sujet = sujet_de(genre, personne_id, porte)
    return Effet(_lignes(plan(sujet, porte)), obstacles(sujet, porte))


def effacer(contexte: Contexte, genre: str, personne_id: UUID) -> Effet:
    """Erase the person: all or nothing. Counts stay, nobody is behind them.

    A tutor, a young person of their circle; the national team, a contact or an account; the machine (command, daily
    round), anybody. Raises RoleRefuse, ObjetDisparu, EffacementRefuse with what must end first.
    """
    with identite.agir(contexte), transaction.atomic(using=PORTE):
        _verrouiller(contexte, genre, personne_id)
        sujet = sujet_de(genre, personne_id, PORTE)
        if refus := obstacles(sujet, PORTE):
            raise EffacementRefuse(" ".join(refus))
        prevu = plan(sujet, PORTE)
        for donnees, lignes in prevu:
            if not donnees.en_dernier:
                _appliquer(donnees, lignes, sujet)
        _oublier(sujet, prevu)
        effet = Effet(_lignes(prevu))
        _inscrire(contexte, sujet, effet)
        return effet


def _verrouiller(contexte: Contexte, genre: str, personne_id: UUID) -> None:
    """One at a time; and what the person who asks may do is checked under the lock."""
    tenir_le_dossier(genre, personne_id, PORTE)
    requete = MODELES[genre]._base_manager.using(PORTE).select_for_update(of=("self",))
    if requete.filter(pk=personne_id).values_list("pk", flat=True).first() is None:
        raise ObjetDisparu
    if contexte == SYSTEME or (contexte.role == Role.NATIONAL and genre != Personne.JEUNE):
        return
    if contexte.role != Role.TUTEUR or genre != Personne.JEUNE:
        raise RoleRefuse
    if not Jeune.objects.using(PORTE).ouverts_a(contexte.organisation_id).filter(pk=personne_id).exists():
        raise ObjetDisparu


def _oublier(sujet: Sujet, prevu: list[tuple[Donnees, list[Any]]]) -> None:
    """What was written of the rows just erased, by erasing them too."""
    touchees = {pk for _, lignes in prevu for pk in lignes if isinstance(pk, UUID)}
    elargi = replace(sujet, objets=sujet.objets | touchees)
    for donnees in donnees_de(sujet.genre):
        if donnees.en_dernier:
            _appliquer(donnees, list(donnees.lignes(elargi, PORTE).values_list("pk", flat=True)), elargi)


def _appliquer(donnees: Donnees, ids: list[Any], sujet: Sujet) -> None:
    lignes = donnees.modele._base_manager.using(PORTE).filter(pk__in=ids)
    if donnees.faire is not None:
        donnees.faire(lignes, sujet)
    elif donnees.sort == Sort.SUPPRIMER:
        liberer(donnees.modele, ids, PORTE)
        lignes.delete()
    elif donnees.sort in (Sort.VIDER, Sort.DETACHER):
        lignes.update(**{champ: vide(champ_de(donnees.modele, champ)) for champ in donnees.champs})
    elif donnees.sort == Sort.MASQUER:
        lignes.update(**{champ: _masque(champ) for champ in donnees.champs})


def _masque(champ: str) -> Case:
    """What was written is hidden, that something was written stays: constraints hold."""
    return Case(When(**{champ: ""}, then=Value("")), default=Value(MASQUE))


def _lignes(prevu: list[tuple[Donnees, list[Any]]]) -> list[Ligne]:
    """Per kind of row and fate, how many: a row whose fields have one fate counts once."""
    comptes: dict[tuple[str, str], set[Any]] = {}
    for donnees, ids in prevu:
        quoi = str(donnees.modele._meta.verbose_name)
        comptes.setdefault((quoi, str(Sort(donnees.sort).label)), set()).update(ids)
    return [Ligne(quoi, sort, len(ids)) for (quoi, sort), ids in comptes.items()]


def _inscrire(contexte: Contexte, sujet: Sujet, effet: Effet) -> None:
    """One line, in the same transaction: who asked, when, how much. Of whom, nothing says any more."""
    acteur_genre, acteur_id = contexte.acteur
    Journal.objects.using(PORTE).create(
        acteur_genre=acteur_genre,
        acteur_id=acteur_id,
        organisation_id=contexte.organisation_id,
        role=contexte.role,
        verbe="rgpd.effacer",
        texte=f"a effacé une personne ({sujet.genre.value})",
        objet_type=MODELES[sujet.genre]._meta.label_lower,
        objet_id=sujet.nouveau,
        faits={"lignes": sum(ligne.nombre for ligne in effet.lignes)},
        fil=[sujet.nouveau],
        audience=sorted(AUDIENCE),
    )
