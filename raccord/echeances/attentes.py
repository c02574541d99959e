"""Types of wait, and how they follow the transitions of the workflows."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from raccord.echeances.models import Attente, Echelle, Envoi
from raccord.socle import calendrier, identite
from raccord.socle.contexte import SYSTEME, Contexte
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
class Cadre:
    """What an object says of the ladders of its waits: where days are counted, and the scopes, narrowest first."""

    lieu: calendrier.Lieu = calendrier.PARTOUT
    portees: tuple[str, ...] = ()


# Where an object stands: a slice above says it of its own; the first answer wins.
CADRES: list[Callable[[ObjetSuivi], Cadre | None]] = []


def cadre_de(objet: ObjetSuivi) -> Cadre:
    """Where this object stands; nowhere in particular when nobody knows."""
    return next((cadre for chercher in CADRES if (cadre := chercher(objet)) is not None), Cadre())


class Depuis(models.TextChoices):
    """From when a rung's delay is counted."""

    OUVERTURE = "ouverture", "après l'ouverture"
    AVANT = "avant", "avant l'échéance"
    ECHEANCE = "echeance", "après l'échéance"


class Unite(models.TextChoices):
    """In which days."""

    JOURS = "jours", "jours"
    JOURS_OUVRES = "jours_ouvres", "jours ouvrés"
    JOURS_ECOLE = "jours_ecole", "jours d'école"


@dataclass(frozen=True, kw_only=True)
class Echelon:
    """A rung of a ladder: after how long, who is told (`qui`), what is asked (`demande`), in words.

    What it does is registered under its code in the slice's `taches`.
    """

    code: str
    delai: int
    unite: str
    depuis: str
    qui: str
    demande: str

    def moment(self, attente: Attente) -> dt.datetime:
        """When the rung falls for this wait, at the hour of its place. The only place that says it."""
        if self.delai == 0:
            return attente.ouverte_le if self.depuis == Depuis.OUVERTURE else attente.echeance
        lieu = attente.lieu
        if self.depuis == Depuis.OUVERTURE:
            base = timezone.localdate(attente.ouverte_le, lieu.fuseau) + dt.timedelta(days=attente.pause_jours)
        else:
            base = timezone.localdate(attente.echeance, lieu.fuseau)
        delai = -self.delai if self.depuis == Depuis.AVANT else self.delai
        return calendrier.matin(calendrier.ajouter(base, delai, self.unite, lieu), lieu)


@dataclass(frozen=True, kw_only=True)
class TypeAttente:
    """One kind of wait. `delai` is a parameter's key, unless `echeance` computes the moment from the object.

    Its rungs are data: the `Echelle` in force the day it opens. `audience`: who reads what the ladder did.
    """

    code: str
    action: str
    proprietaire: Callable[[Any], Proprietaire]
    url: Callable[[UUID], str]
    delai: str = ""
    echeance: Callable[[Any], dt.datetime] | None = None
    audience: frozenset[str] = frozenset()
    page_de_suivi: Callable[[UUID], str] | None = None
    """Where those who wait for it look; the owner's page unless said otherwise."""
    lien: str = ""
    """The action link by which an owner without account does it, on the same object."""
    facultative: bool = False
    """What one may do, not what one must: said on its page, never in what waits for somebody."""

    def __post_init__(self) -> None:
        TYPES[self.code] = self

    def due(self, objet: ObjetSuivi) -> dt.datetime:
        """The moment by which the owner must have acted: a delay ends at the last minute of a day of the place."""
        if self.echeance is not None:
            return self.echeance(objet)
        delai, lieu = regle(self.delai), cadre_de(objet).lieu
        jour = calendrier.ajouter(calendrier.aujourdhui(lieu), delai.valeur, delai.unite, lieu)
        return calendrier.fin_du_jour(jour, lieu)


TYPES: dict[str, TypeAttente] = {}


def ouvrir(type_attente: TypeAttente, objet: ObjetSuivi) -> Attente:
    """Open the wait on the object; an open one of the same type is replaced (its clock starts again)."""
    clore([type_attente.code], objet, issue="remplacée")
    proprietaire, cadre = type_attente.proprietaire(objet), cadre_de(objet)
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
        echelle=echelle_en_vigueur(type_attente.code, cadre),
        departement=cadre.lieu.departement,
        zone=cadre.lieu.zone,
    )
    attente.prochain = prochain_moment(attente)
    attente.save(force_insert=True)
    return attente


def echelle_en_vigueur(code: str, cadre: Cadre, le: dt.date | None = None) -> Echelle | None:
    """The ladder of this kind of wait on that day (today by default): the narrowest scope, then the latest."""
    portees = (*cadre.portees, "")
    jour = le or calendrier.aujourdhui(cadre.lieu)
    echelles = Echelle.objects.filter(attente=code, portee__in=portees, debut__lte=jour).order_by("debut")
    return max(echelles, key=lambda echelle: (-portees.index(echelle.portee), echelle.debut), default=None)


def echelons_de(attente: Attente) -> tuple[Echelon, ...]:
    """The rungs of this wait, in the order in which they fall (`select_related("echelle")` for several)."""
    return lire(attente.echelle) if attente.echelle else ()


def a_gravir(attente: Attente, passes: Collection[str] = ()) -> list[Echelon]:
    """Its rungs that were not climbed, in the order in which they fall."""
    barreaux = [barreau for barreau in echelons_de(attente) if barreau.code not in passes]
    return sorted(barreaux, key=lambda barreau: barreau.moment(attente))


def prochain_moment(attente: Attente, passes: Collection[str] = ()) -> dt.datetime | None:
    """When its ladder next moves, a pause waited for; None when nothing is left to climb."""
    barreaux = a_gravir(attente, passes)
    if not barreaux:
        return None
    moment = barreaux[0].moment(attente)
    return max(moment, attente.pause_jusqua) if attente.pause_jusqua else moment


def lire(echelle: Echelle) -> tuple[Echelon, ...]:
    """Its rungs."""
    return tuple(Echelon(**echelon) for echelon in echelle.echelons)


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

    `decaler` adds the days it was closed: whoever was waiting for us loses none of theirs. A reminder that had not left
    when it was closed leaves.
    """
    for attente in (
        Attente.objects.filter(pk__in=list(ids), close_le__isnull=False).select_related("echelle").order_by("pk")
    ):
        lieu = attente.lieu
        jours = (calendrier.aujourdhui(lieu) - timezone.localdate(attente.close_le, lieu.fuseau)).days if decaler else 0
        attente.close_le, attente.issue = None, ""
        attente.ouverte_le += dt.timedelta(days=jours)
        if jours:
            jour = timezone.localdate(attente.echeance, lieu.fuseau) + dt.timedelta(days=jours)
            attente.echeance = calendrier.fin_du_jour(jour, lieu)
        attente.prochain = prochain_moment(attente, set(attente.rappels.values_list("echelon", flat=True)))
        attente.save(update_fields=["close_le", "issue", "ouverte_le", "echeance", "prochain"])
        with identite.agir(SYSTEME):
            retirees = attente.lettres.filter(envoi=Envoi.SANS_OBJET, envoye_le__isnull=True)
            retirees.update(envoi=Envoi.SEUL, essais=0, prochain_essai=timezone.now())


def suivre(transition: Transition, contexte: Contexte, objet: ObjetAEtat) -> None:
    """Move the waits as the transition says: the observer that the workflow engine calls."""
    if transition.clot:
        clore([attendu.code for attendu in transition.clot], objet, issue=transition.nom)
    for attendu in transition.ouvre:
        ouvrir(TYPES[attendu.code], objet)
