"""The only road to contracts, drafts and rules."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente
from raccord.marches import registre
from raccord.marches.models import Brouillon, Engagement, Lot, Marche
from raccord.marches.registre import ZERO, Soldes
from raccord.socle.contexte import Contexte
from raccord.socle.lignes import ou_404
from raccord.socle.models import Parametre


def marches_de(contexte: Contexte, *, texte: str = "") -> QuerySet[Marche]:
    """Declared contracts: the buyer's own, or all for the national team; latest first, narrowed by a few words.

    Drafts are not contracts yet.
    """
    declares = Q(brouillon__isnull=True) | Q(brouillon__envoye_le__isnull=False)
    marches = Marche.objects.filter(_partie(contexte) & declares).select_related("acheteur")
    for mot in texte.split():
        marches = marches.filter(
            Q(objet__unaccent__icontains=mot)
            | Q(reference__icontains=mot)
            | Q(acheteur__nom__unaccent__icontains=mot)
            | Q(pk__in=Engagement.objects.filter(entreprise__nom__unaccent__icontains=mot).values("marche_id"))
        )
    return marches.prefetch_related(_engagements()).order_by("-cree_le", "pk")


def _partie(contexte: Contexte) -> Q:
    if contexte.role == Role.NATIONAL:
        return Q(pk__isnull=False)
    if contexte.role == Role.ACHETEUR and contexte.organisation_id:
        return Q(acheteur_id=contexte.organisation_id)
    return Q(pk__isnull=True)


def _engagements() -> "Prefetch[str, Any, str]":
    engagements = Engagement.objects.select_related("entreprise").order_by("cree_le", "pk")
    return Prefetch("engagements", engagements.prefetch_related(Prefetch("lots", Lot.objects.order_by("numero"))))


def marche_visible(contexte: Contexte, marche_id: UUID) -> Marche:
    """A contract of mine, declared or in draft. Raises Http404 otherwise."""
    return ou_404(
        Marche.objects.filter(_partie(contexte), pk=marche_id)
        .select_related("acheteur", "suivi_par", "contact", "brouillon")
        .prefetch_related(_engagements())
    )


def _brouillons_de(contexte: Contexte) -> QuerySet[Brouillon]:
    if contexte.organisation_id is None:
        return Brouillon.objects.none()
    return Brouillon.objects.filter(organisation_id=contexte.organisation_id)


def brouillons_de(contexte: Contexte) -> QuerySet[Brouillon]:
    """Declarations that my organisation has begun and not sent."""
    return (
        _brouillons_de(contexte)
        .filter(envoye_le__isnull=True)
        .select_related("marche", "auteur")
        .order_by("-modifie_le", "pk")
    )


def brouillon_visible(contexte: Contexte, brouillon_id: UUID) -> Brouillon:
    """A draft of my organisation, sent or not. Raises Http404 otherwise."""
    return ou_404(
        _brouillons_de(contexte)
        .filter(pk=brouillon_id)
        .select_related("marche__suivi_par", "marche__contact", "marche__acheteur")
    )


@dataclass(frozen=True, kw_only=True)
class LigneEngagement:
    """An engagement and where its hours stand."""

    engagement: Engagement
    soldes: Soldes
    lots: list[Lot]

    @property
    def designation(self) -> str:
        """'Lot 2', 'Lots 1 et 3', or nothing when the contract is not divided."""
        numeros = [str(lot.numero) for lot in self.lots if lot.numero]
        if not numeros:
            return ""
        if len(numeros) == 1:
            return f"Lot {numeros[0]}"
        return f"Lots {', '.join(numeros[:-1])} et {numeros[-1]}"


@dataclass(frozen=True, kw_only=True)
class LigneMarche:
    """One contract of the list: its engagements, its hours, and who must act next."""

    marche: Marche
    engagements: list[LigneEngagement]
    attente: Attente | None = None

    @property
    def dues(self) -> Decimal:
        """Hours of all its engagements; before the declaration, those that will be owed."""
        return sum((ligne.soldes.dues or Decimal(ligne.engagement.heures) for ligne in self.engagements), ZERO)

    @property
    def faites(self) -> Decimal:
        """Hours done, beyond what is owed included."""
        return sum((ligne.soldes.faites for ligne in self.engagements), ZERO)

    @property
    def perdues(self) -> Decimal:
        """Hours lost."""
        return sum((ligne.soldes.perdues for ligne in self.engagements), ZERO)


def lignes_engagements(marche: Marche) -> list[LigneEngagement]:
    """The engagements of a contract whose rows are prefetched, with their balances in one query."""
    engagements = list(marche.engagements.all())
    soldes = registre.soldes_de([engagement.pk for engagement in engagements])
    return _en_lignes(engagements, soldes)


def _en_lignes(engagements: Iterable[Engagement], soldes: dict[UUID, Soldes]) -> list[LigneEngagement]:
    """In the order of their first lot."""
    lignes = [
        LigneEngagement(engagement=engagement, soldes=soldes[engagement.pk], lots=list(engagement.lots.all()))
        for engagement in engagements
    ]
    return sorted(lignes, key=lambda ligne: min((lot.numero for lot in ligne.lots), default=0))


def lignes_marches(marches: Iterable[Marche]) -> list[LigneMarche]:
    """Lines of the list: two queries more, whatever their number."""
    marches = list(marches)
    engagements = [engagement for marche in marches for engagement in marche.engagements.all()]
    soldes = registre.soldes_de([engagement.pk for engagement in engagements])
    attentes = _prochaines([marche.pk for marche in marches])
    return [
        LigneMarche(
            marche=marche,
            engagements=_en_lignes(marche.engagements.all(), soldes),
            attente=attentes.get(marche.pk),
        )
        for marche in marches
    ]


def _prochaines(marche_ids: list[UUID]) -> dict[UUID, Attente]:
    """The open wait that falls first on each of these contracts."""
    premieres: dict[UUID, Attente] = {}
    for attente in Attente.objects.ouvertes().filter(fil__overlap=marche_ids):
        for identifiant in attente.fil:
            premieres.setdefault(identifiant, attente)
    return premieres


# --- The rules -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RegleDatee:
    """A rule in force, what it replaced and what will replace it."""

    actuelle: Parametre
    autres: list[Parametre] = field(default_factory=list)


def regles_en_vigueur(le: dt.date) -> list[RegleDatee]:
    """Each rule as it stands that day, with its other values, past and to come; by their words."""
    par_cle: dict[tuple[str, str], list[Parametre]] = {}
    for parametre in Parametre.objects.order_by("libelle", "cle", "portee", "-debut"):
        par_cle.setdefault((parametre.cle, parametre.portee), []).append(parametre)
    regles = []
    for valeurs in par_cle.values():
        actuelle = next((valeur for valeur in valeurs if valeur.debut <= le), None)
        if actuelle is not None:
            regles.append(RegleDatee(actuelle=actuelle, autres=[v for v in valeurs if v is not actuelle]))
    return regles
