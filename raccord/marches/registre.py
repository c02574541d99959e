"""The ledger of hours of an engagement: append-only, double entry, always explained.

    DU ─────────┐
                ├─> A_PLACER <──> RESERVE ──> FAIT
    SUPPLEMENT ─┘       └──────────────────────┘ └─> (A_PLACER ──> PERDU)

Hours enter by DU (what the contract owes) or by SUPPLEMENT (what a company gives beyond: the clause is a
minimum it may exceed, digest §1.3) and from then on only move. At any time, for one engagement:

    dues + supplement = a_placer + reservees + faites + perdues, and no account is below zero.

Nothing stays "given in addition" while hours are still to be placed: they are handed back to SUPPLEMENT
first, so that `a_placer` is always what the contract still waits for.

Every function locks the engagement row, works in the caller's transaction (or its own), and raises
ObjetDisparu when the engagement is gone, HeuresInvalides for a number below zero, HeuresInsuffisantes when
an account does not hold what is asked. Zero hours write nothing. Hours are Decimal, in hundredths.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from raccord.marches.enums import Compte
from raccord.marches.models import EcritureHeures, Engagement
from raccord.socle.exceptions import ErreurMetier, ObjetDisparu
from raccord.socle.mots import heures as mots_heures

CENTIEME = Decimal("0.01")
MAXIMUM = Decimal("9999.99")
ZERO = Decimal(0)


class HeuresInvalides(ErreurMetier):
    """Un nombre d'heures va de 0 à 9 999,99 : vérifiez votre saisie."""


class HeuresInsuffisantes(ErreurMetier):
    """Il n'y a pas assez d'heures à cet endroit du contrat : rechargez la page pour voir où elles en sont."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soldes:
    """Where the hours of one engagement stand. `dues + supplement` is the sum of the four others."""

    dues: Decimal = ZERO
    """What the contract owes, entered once by `ouvrir`."""
    supplement: Decimal = ZERO
    """What the company gives beyond what it owes."""
    a_placer: Decimal = ZERO
    """Waiting for a young person."""
    reservees: Decimal = ZERO
    """Held by parcours that have not done them yet."""
    faites: Decimal = ZERO
    perdues: Decimal = ZERO
    """Still to be placed when the firm period ended."""

    @property
    def restantes(self) -> Decimal:
        """Owed, neither done nor lost."""
        return max(ZERO, self.dues - self.faites - self.perdues)

    @property
    def soldees(self) -> bool:
        """Everything owed is done."""
        return self.dues > ZERO and self.faites >= self.dues


# --- Writing ---------------------------------------------------------------------------------------


@transaction.atomic
def ouvrir(engagement_id: UUID, heures: Decimal, *, motif: str) -> None:
    """Enter what the contract owes: DU → A_PLACER. Once per engagement, at the declaration.

    Raises HeuresInvalides when hours were already entered.
    """
    _verrouiller(engagement_id)
    if soldes(engagement_id).dues:
        raise HeuresInvalides("Les heures de cet engagement sont déjà inscrites au registre.")
    _ecrire(engagement_id, Compte.DU, Compte.A_PLACER, _heures(heures), motif)


@transaction.atomic
def reviser(engagement_id: UUID, dues: Decimal, *, motif: str) -> None:
    """The contract owes another number of hours: DU → A_PLACER for more, A_PLACER → DU for less.

    Raises HeuresInsuffisantes when hours that would no longer be owed are already held, done or lost.
    """
    _verrouiller(engagement_id)
    etat = soldes(engagement_id)
    ecart = _heures(dues) - etat.dues
    if -ecart > etat.a_placer:
        engagees = etat.dues - etat.a_placer
        raise HeuresInsuffisantes(
            f"{mots_heures(engagees)} sont déjà prévues ou faites : la durée ne peut pas descendre en dessous."
        )
    _ecrire(engagement_id, Compte.DU, Compte.A_PLACER, max(ZERO, ecart), motif)
    _ecrire(engagement_id, Compte.A_PLACER, Compte.DU, max(ZERO, -ecart), motif)
    _rendre_le_supplement(engagement_id, motif, None)


@transaction.atomic
def reserver(engagement_id: UUID, heures: Decimal, *, parcours_id: UUID, motif: str) -> None:
    """Hold hours for one parcours: A_PLACER → RESERVE.

    What A_PLACER does not have comes from SUPPLEMENT: a stay may be agreed longer than what is owed.
    """
    _verrouiller(engagement_id)
    demande = _heures(heures)
    _completer(engagement_id, demande, motif, parcours_id)
    _ecrire(engagement_id, Compte.A_PLACER, Compte.RESERVE, demande, motif, parcours_id)


@transaction.atomic
def liberer(engagement_id: UUID, heures: Decimal, *, parcours_id: UUID, motif: str) -> None:
    """Give back hours that a parcours holds and will not do: RESERVE → A_PLACER.

    Raises HeuresInsuffisantes when this parcours does not hold so many (`reservees_pour` tells).
    """
    _verrouiller(engagement_id)
    demande = _heures(heures)
    if demande > reservees_pour(engagement_id, parcours_id):
        raise HeuresInsuffisantes
    _ecrire(engagement_id, Compte.RESERVE, Compte.A_PLACER, demande, motif, parcours_id)
    _rendre_le_supplement(engagement_id, motif, parcours_id)


@transaction.atomic
def liberer_tout(engagement_id: UUID, *, parcours_id: UUID, motif: str) -> Decimal:
    """Give back whatever the parcours still holds, when it ends, stops or never starts. Returns how many hours."""
    _verrouiller(engagement_id)
    reste = reservees_pour(engagement_id, parcours_id)
    liberer(engagement_id, reste, parcours_id=parcours_id, motif=motif)
    return reste


@transaction.atomic
def faire(engagement_id: UUID, heures: Decimal, *, parcours_id: UUID, motif: str) -> None:
    """Enter hours done by a parcours (one week): first RESERVE → FAIT, up to what this parcours holds.

    Beyond, A_PLACER → FAIT; beyond that, SUPPLEMENT: the company gives more than it owes, and never less
    is counted than was done. The reserve of another parcours is never touched.
    """
    _verrouiller(engagement_id)
    demande = _heures(heures)
    tenues = min(demande, reservees_pour(engagement_id, parcours_id))
    _ecrire(engagement_id, Compte.RESERVE, Compte.FAIT, tenues, motif, parcours_id)
    au_dela = demande - tenues
    _completer(engagement_id, au_dela, motif, parcours_id)
    _ecrire(engagement_id, Compte.A_PLACER, Compte.FAIT, au_dela, motif, parcours_id)


@transaction.atomic
def corriger(engagement_id: UUID, heures_en_moins: Decimal, *, parcours_id: UUID, motif: str) -> None:
    """A week corrected down: hours leave FAIT by the way they came, last first.

    Those that came from beyond the reserve go back to A_PLACER (then to SUPPLEMENT if they were a gift), the
    others to the reserve of this parcours. When the parcours is over, follow with `liberer_tout`.
    A week corrected up is a `faire` of the difference.
    Raises HeuresInsuffisantes when this parcours has not done so many.
    """
    _verrouiller(engagement_id)
    demande = _heures(heures_en_moins)
    if demande > faites_pour(engagement_id, parcours_id):
        raise HeuresInsuffisantes("On ne peut pas retirer plus d'heures que ce parcours n'en a fait.")
    hors_reserve = min(demande, _net(engagement_id, Compte.A_PLACER, Compte.FAIT, parcours_id))
    _ecrire(engagement_id, Compte.FAIT, Compte.A_PLACER, hors_reserve, motif, parcours_id)
    _ecrire(engagement_id, Compte.FAIT, Compte.RESERVE, demande - hors_reserve, motif, parcours_id)
    _rendre_le_supplement(engagement_id, motif, parcours_id)


@transaction.atomic
def perdre(engagement_id: UUID, *, motif: str) -> None:
    """The firm period is over: what nobody holds is lost, A_PLACER → PERDU. Held hours stay with their parcours."""
    _verrouiller(engagement_id)
    _ecrire(engagement_id, Compte.A_PLACER, Compte.PERDU, soldes(engagement_id).a_placer, motif)


# --- Reading ---------------------------------------------------------------------------------------


def soldes(engagement_id: UUID) -> Soldes:
    """The balances of one engagement; all zero before its declaration."""
    return soldes_de([engagement_id])[engagement_id]


def soldes_de(engagement_ids: list[UUID]) -> dict[UUID, Soldes]:
    """The balances of many engagements in one query: lists cost the same for 1 and for 50 lines."""
    comptes: dict[UUID, dict[str, Decimal]] = {
        identifiant: dict.fromkeys(Compte.values, ZERO) for identifiant in engagement_ids
    }
    mouvements = (
        EcritureHeures.objects.filter(engagement_id__in=engagement_ids)
        .values_list("engagement_id", "de", "vers")
        .annotate(total=Sum("heures"))
        .order_by()
    )
    for identifiant, de, vers, total in mouvements:
        comptes[identifiant][de] -= total
        comptes[identifiant][vers] += total
    return {
        identifiant: Soldes(
            dues=-soldes_bruts[Compte.DU],
            supplement=-soldes_bruts[Compte.SUPPLEMENT],
            a_placer=soldes_bruts[Compte.A_PLACER],
            reservees=soldes_bruts[Compte.RESERVE],
            faites=soldes_bruts[Compte.FAIT],
            perdues=soldes_bruts[Compte.PERDU],
        )
        for identifiant, soldes_bruts in comptes.items()
    }


def reservees_pour(engagement_id: UUID, parcours_id: UUID) -> Decimal:
    """Hours this parcours holds and has not done."""
    return _solde_parcours(engagement_id, Compte.RESERVE, parcours_id)


def faites_pour(engagement_id: UUID, parcours_id: UUID) -> Decimal:
    """Hours this parcours has done."""
    return _solde_parcours(engagement_id, Compte.FAIT, parcours_id)


# --- Inside ----------------------------------------------------------------------------------------


def _verrouiller(engagement_id: UUID) -> None:
    """One writer at a time: balances are read after this line."""
    verrou = Engagement._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=engagement_id)
    if not verrou.values_list("pk", flat=True).first():
        raise ObjetDisparu


def _heures(heures: Decimal) -> Decimal:
    """A number of hours in hundredths, within bounds."""
    nombre = Decimal(heures)
    if not nombre.is_finite() or not ZERO <= nombre <= MAXIMUM:
        raise HeuresInvalides
    return nombre.quantize(CENTIEME)


def _completer(engagement_id: UUID, demande: Decimal, motif: str, parcours_id: UUID) -> None:
    """Bring into A_PLACER, from SUPPLEMENT, what it lacks to give `demande`."""
    manque = demande - soldes(engagement_id).a_placer
    _ecrire(engagement_id, Compte.SUPPLEMENT, Compte.A_PLACER, max(ZERO, manque), motif, parcours_id)


def _rendre_le_supplement(engagement_id: UUID, motif: str, parcours_id: UUID | None) -> None:
    """Hours free again are handed back to the company's gift before they count as still owed."""
    etat = soldes(engagement_id)
    rendu = min(etat.supplement, etat.a_placer)
    _ecrire(engagement_id, Compte.A_PLACER, Compte.SUPPLEMENT, rendu, motif, parcours_id)


def _ecrire(
    engagement_id: UUID, de: str, vers: str, heures: Decimal, motif: str, parcours_id: UUID | None = None
) -> None:
    if heures:
        EcritureHeures.objects.create(
            engagement_id=engagement_id, de=de, vers=vers, heures=heures, motif=motif[:200], parcours_id=parcours_id
        )


def _somme(engagement_id: UUID, parcours_id: UUID, **comptes: str) -> Decimal:
    ecritures = EcritureHeures.objects.filter(engagement_id=engagement_id, parcours_id=parcours_id, **comptes)
    return ecritures.aggregate(total=Sum("heures"))["total"] or ZERO


def _solde_parcours(engagement_id: UUID, compte: str, parcours_id: UUID) -> Decimal:
    return _somme(engagement_id, parcours_id, vers=compte) - _somme(engagement_id, parcours_id, de=compte)


def _net(engagement_id: UUID, de: str, vers: str, parcours_id: UUID) -> Decimal:
    aller = _somme(engagement_id, parcours_id, de=de, vers=vers)
    return aller - _somme(engagement_id, parcours_id, de=vers, vers=de)
