"""A declaration written page by page, under the lock of its draft. What was typed is never lost."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Organisation
from raccord.marches import calibration
from raccord.marches.contacts import Coordonnees, Parole, retenir
from raccord.marches.enums import EtatEngagement
from raccord.marches.models import Brouillon, Engagement, Lot, Marche
from raccord.marches.workflow import ENGAGEMENT
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps, ObjetDisparu, RoleRefuse
from raccord.socle.lignes import ou_disparu
from raccord.socle.parametres import Regle
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import inaugurer
from raccord.territoires.noms import normaliser

ROLES_DECLARANTS = frozenset({Role.ACHETEUR, Role.NATIONAL})


class DeclarationEnvoyee(DejaFait):
    """Cette déclaration est déjà envoyée à l’entreprise : suivez-la sur la page du marché."""


class AucunLot(ErreurMetier):
    """Indiquez au moins une entreprise titulaire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrat:
    """What the first page says. `acheteur_id` is read from the national team only: a buyer buys for themself."""

    acheteur_id: UUID | None = None
    reference: str
    objet: str
    objet_detaille: str
    montant_ferme: Decimal | None
    date_notification: date
    date_fin_clause: date
    date_fin_reconduction: date
    suivi: str
    """'moi', 'inchange' (the colleague who already follows it) or 'contact'."""
    contact: Coordonnees


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSaisi:
    """One line of the second page; number 0 is the contract that is not divided."""

    numero: int
    intitule: str = ""
    montant_ferme: Decimal | None = None
    siret: str
    nom: str


# --- The draft -------------------------------------------------------------------------------------


@contextmanager
def ouvrir_brouillon(contexte: Contexte, brouillon_id: UUID) -> Iterator[Brouillon]:
    """Lock the draft of my organisation for a write; touch it on exit.

    Raises RoleRefuse, ObjetDisparu (gone, or another organisation's), DeclarationEnvoyee.
    """
    with contraintes_en_mots(), transaction.atomic():
        brouillon = _verrouiller(contexte, brouillon_id)
        yield brouillon
        brouillon.save()


def _verrouiller(contexte: Contexte, brouillon_id: UUID) -> Brouillon:
    if contexte.role not in ROLES_DECLARANTS or contexte.organisation_id is None:
        raise RoleRefuse
    brouillon = ou_disparu(
        Brouillon.objects.select_for_update(of=("self",))
        .select_related("marche__acheteur")
        .filter(pk=brouillon_id, organisation_id=contexte.organisation_id)
    )
    if brouillon.envoye_le is not None:
        raise DeclarationEnvoyee
    return brouillon


def commencer(contexte: Contexte, brouillon_id: UUID) -> Brouillon:
    """Begin a declaration. `brouillon_id` is the form's hidden key: sent twice, it begins once."""
    if contexte.role not in ROLES_DECLARANTS or contexte.organisation_id is None or contexte.utilisateur_id is None:
        raise RoleRefuse
    brouillon, _ = Brouillon.objects.get_or_create(
        pk=brouillon_id,
        defaults={"organisation_id": contexte.organisation_id, "auteur_id": contexte.utilisateur_id},
    )
    if brouillon.organisation_id != contexte.organisation_id:
        raise ObjetDisparu
    return brouillon


def garder_saisie(contexte: Contexte, brouillon_id: UUID, *, page: str, saisie: dict[str, Any]) -> None:
    """Keep what was typed on a page as it is, valid or not, for whoever resumes."""
    with ouvrir_brouillon(contexte, brouillon_id) as brouillon:
        brouillon.saisies[page] = saisie


@transaction.atomic
def abandonner(contexte: Contexte, brouillon_id: UUID) -> None:
    """Delete a draft and the rows it had begun. Nothing was sent; the journal keeps that it was."""
    brouillon = _verrouiller(contexte, brouillon_id)
    journal.inscrire(contexte, brouillon, "brouillon.abandonner", "a supprimé un brouillon de déclaration")
    # Deleting the contract takes the draft along.
    (brouillon.marche or brouillon).delete()


def marquer_envoye(brouillon: Brouillon) -> None:
    """The declaration is gone: the draft is one no more (inside `ouvrir_brouillon`)."""
    brouillon.envoye_le = timezone.now()
    brouillon.saisies = {}


# --- Page 1: the contract --------------------------------------------------------------------------


def enregistrer_contrat(contexte: Contexte, brouillon_id: UUID, contrat: Contrat, *, version: str = "") -> Marche:
    """Write the contract of this draft. `version` is what the person had under their eyes (empty the first time).

    Raises ModifieEntreTemps, or a refusal on its field: firm period under a year, dates out of order, in the past.
    """
    with ouvrir_brouillon(contexte, brouillon_id) as brouillon:
        marche = brouillon.marche or Marche(acheteur_id=_acheteur(contexte, contrat))
        nouveau = marche._state.adding
        if not nouveau and version != marche.modifie_le.isoformat():
            raise ModifieEntreTemps
        dates_permises(contrat)
        if contexte.role == Role.NATIONAL:
            marche.acheteur_id = _acheteur(contexte, contrat)
        for champ in ("reference", "objet", "objet_detaille", "montant_ferme"):
            setattr(marche, champ, getattr(contrat, champ))
        for champ in ("date_notification", "date_fin_clause", "date_fin_reconduction"):
            setattr(marche, champ, getattr(contrat, champ))
        ecrire_le_suivi(contexte, marche, contrat)
        marche.save()
        brouillon.marche = marche
        brouillon.saisies.pop("contrat", None)
        if nouveau:
            journal.inscrire(contexte, marche, "marche.preparer", "a commencé la déclaration du marché")
        _recalibrer(marche)
    return marche


def _acheteur(contexte: Contexte, contrat: Contrat) -> UUID:
    if contexte.role != Role.NATIONAL:
        if contexte.organisation_id is None:
            raise RoleRefuse
        return contexte.organisation_id
    acheteurs = Organisation.objects.filter(genre=GenreOrganisation.ACHETEUR)
    acheteur = acheteurs.filter(pk=contrat.acheteur_id).first() if contrat.acheteur_id else None
    if acheteur is None:
        raise ErreurMetier("Choisissez l’acheteur pour qui vous déclarez.", champ="acheteur")
    return acheteur.pk


def dates_permises(contrat: Contrat) -> None:
    """In order first: 'under a year' would be a strange answer to two dates swapped."""
    dates_en_ordre(contrat)
    refus = calibration.refus_duree_ferme(
        contrat.date_notification, contrat.date_fin_clause
    ) or calibration.refus_periode_passee(contrat.date_fin_clause)
    if refus:
        raise ErreurMetier(refus, champ="date_fin_clause")


def dates_en_ordre(contrat: Contrat) -> None:
    """The notification, the end of the firm period, the end with its renewals."""
    if contrat.date_fin_clause <= contrat.date_notification:
        raise ErreurMetier(
            "La période ferme se termine avant la notification : vérifiez les deux dates.", champ="date_fin_clause"
        )
    if contrat.date_fin_reconduction < contrat.date_fin_clause:
        raise ErreurMetier(
            "La fin avec reconductions ne peut pas précéder la fin de la période ferme.",
            champ="date_fin_reconduction",
        )


def ecrire_le_suivi(contexte: Contexte, marche: Marche, contrat: Contrat) -> None:
    """Who follows the contract: who writes, or somebody without account. Does not save."""
    if contrat.suivi == "contact":
        if contrat.contact.vides:
            raise ErreurMetier("Donnez les coordonnées de la personne qui suit le marché.", champ="contact_nom")
        if not contrat.contact.courriel:
            raise ErreurMetier("Donnez son courriel : chaque étape lui est écrite.", champ="contact_courriel")
        marche.contact = retenir(marche.acheteur_id, contrat.contact, actuel=marche.contact, parole=Parole.ENTREPRISE)
        marche.suivi_par_id = None
    elif contrat.suivi == "moi":
        marche.suivi_par_id, marche.contact = contexte.utilisateur_id, None


# --- Page 2: lots and companies --------------------------------------------------------------------


def enregistrer_lots(
    contexte: Contexte, brouillon_id: UUID, lots: Sequence[LotSaisi], *, mutualiser: bool = False
) -> list[str]:
    """Write the lots and who holds them: one engagement per lot, or one per company when its lots are pooled.

    An engagement follows its lots when their company changes, so that what was already written is kept. A known
    SIRET keeps the name it has. Returns what the person must be told, in sentences.
    """
    with ouvrir_brouillon(contexte, brouillon_id) as brouillon:
        marche = _marche_de(brouillon)
        if not lots:
            raise AucunLot
        numeros = [lot.numero for lot in lots]
        if doubles := {numero for numero in numeros if numeros.count(numero) > 1}:
            raise ErreurMetier(f"Deux lots portent le même numéro : {min(doubles)}.", champ="numero")
        notes: list[str] = []
        entreprises = {lot.siret: _entreprise(lot, notes) for lot in lots}
        groupes = _groupes(lots, mutualiser=mutualiser)
        anciens = {
            engagement: frozenset(lot.numero for lot in engagement.lots.all())
            for engagement in marche.engagements.select_for_update(of=("self",), no_key=True)
            .prefetch_related("lots")
            .order_by("cree_le", "pk")
        }
        lignes = _lots_de(marche, lots)
        for groupe in groupes:
            entreprise = entreprises[groupe[0].siret]
            engagement = _engagement_pour(anciens, frozenset(lot.numero for lot in groupe), entreprise)
            if engagement is None:
                engagement = Engagement(marche=marche, entreprise=entreprise, heures=calibration.MENU[0])
                with inaugurer(ENGAGEMENT["creer"], contexte, engagement):
                    engagement.lots.set([lignes[lot.numero] for lot in groupe])
            else:
                engagement.entreprise = entreprise
                engagement.save()
                engagement.lots.set([lignes[lot.numero] for lot in groupe])
        for reste in anciens:
            reste.delete()
        marche.lots.exclude(numero__in=numeros).delete()
        brouillon.saisies.pop("lots", None)
        _recalibrer(marche)
    return notes


def _marche_de(brouillon: Brouillon) -> Marche:
    if brouillon.marche is None:
        raise ErreurMetier("Commencez par décrire le marché.")
    return brouillon.marche


def _entreprise(lot: LotSaisi, notes: list[str]) -> Organisation:
    """The company of that SIRET; its name is never overwritten by somebody else's spelling."""
    entreprise, creee = Organisation.objects.get_or_create(
        genre=GenreOrganisation.ENTREPRISE, siret=lot.siret, defaults={"nom": lot.nom}
    )
    if not creee and normaliser(entreprise.nom) != normaliser(lot.nom):
        note = (
            f"Ce SIRET est déjà celui de « {entreprise.nom} » : nous gardons ce nom (vous aviez écrit « {lot.nom} »)."
        )
        if note not in notes:
            notes.append(note)
    return entreprise


def _groupes(lots: Sequence[LotSaisi], *, mutualiser: bool) -> list[list[LotSaisi]]:
    if not mutualiser:
        return [[lot] for lot in lots]
    par_siret: dict[str, list[LotSaisi]] = {}
    for lot in lots:
        par_siret.setdefault(lot.siret, []).append(lot)
    return list(par_siret.values())


def _lots_de(marche: Marche, lots: Sequence[LotSaisi]) -> dict[int, Lot]:
    lignes = {}
    for lot in lots:
        lignes[lot.numero], _ = Lot.objects.update_or_create(
            marche=marche,
            numero=lot.numero,
            defaults={"intitule": lot.intitule, "montant_ferme": lot.montant_ferme},
        )
    return lignes


def _engagement_pour(
    anciens: dict[Engagement, frozenset[int]], numeros: frozenset[int], entreprise: Organisation
) -> Engagement | None:
    """The same lots first, then the same company; taken out of those that remain."""
    for convient in (
        lambda engagement: anciens[engagement] == numeros,
        lambda engagement: engagement.entreprise_id == entreprise.pk,
        lambda engagement: bool(anciens[engagement] & numeros),
    ):
        for engagement in list(anciens):
            if convient(engagement):
                del anciens[engagement]
                return engagement
    return None


# --- Page 3: the hours -----------------------------------------------------------------------------


def montant_de(engagement: Engagement) -> Decimal | None:
    """What calibrates the hours: the firm amount of the contract, or the sum of the engagement's lots.

    None as soon as one of them is unknown: a part would propose too few hours.
    """
    montants = [lot.montant_ferme if lot.numero else engagement.marche.montant_ferme for lot in engagement.lots.all()]
    connus = [montant for montant in montants if montant is not None]
    return sum(connus, Decimal(0)) if connus and len(connus) == len(montants) else None


def proposition_pour(engagement: Engagement, bareme: Regle | None = None) -> calibration.Proposition:
    """The hours proposed to this engagement by the rule in force at the notification."""
    return calibration.proposer(montant_de(engagement), le=engagement.marche.date_notification, bareme=bareme)


def choisir_heures(contexte: Contexte, brouillon_id: UUID, choix: Mapping[UUID, int]) -> None:
    """Set the hours of each engagement of the draft. Raises DureeHorsMenu, DureeTropLongue, ObjetDisparu."""
    with ouvrir_brouillon(contexte, brouillon_id) as brouillon:
        marche = _marche_de(brouillon)
        engagements = {engagement.pk: engagement for engagement in _engagements_a_declarer(marche)}
        for engagement_id, heures in choix.items():
            engagement = engagements.get(engagement_id)
            if engagement is None:
                raise ObjetDisparu
            proposition = proposition_pour(engagement)
            calibration.verifier_choix(heures, proposition)
            engagement.heures, engagement.heures_proposees = heures, proposition.heures
            engagement.explication = proposition.explication() | {"choisies": True}
            engagement.save()
        brouillon.saisies.pop("heures", None)


def heures_choisies(engagement: Engagement) -> bool:
    """Whether somebody has said yes to these hours."""
    return bool(engagement.explication.get("choisies"))


def _engagements_a_declarer(marche: Marche) -> list[Engagement]:
    return list(
        marche.engagements.filter(etat=EtatEngagement.A_DECLARER)
        .select_related("marche")
        .prefetch_related("lots")
        .order_by("cree_le", "pk")
    )


def _recalibrer(marche: Marche) -> None:
    """An amount, a date or a lot changed: propose again; a choice that became too long has to be made again."""
    bareme = calibration.bareme_au(marche.date_notification)
    for engagement in _engagements_a_declarer(marche):
        proposition = proposition_pour(engagement, bareme)
        choisies = heures_choisies(engagement) and engagement.heures in proposition.permises
        if not choisies:
            engagement.heures = proposition.heures or calibration.MENU[0]
        engagement.heures_proposees = proposition.heures
        engagement.explication = proposition.explication() | {"choisies": choisies}
        engagement.save()
