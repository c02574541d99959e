"""Writing a declaration page by page, and the life of an engagement. What was typed is never lost."""

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
from raccord.marches import calibration, registre
from raccord.marches.contacts import Coordonnees, Parole, retenir
from raccord.marches.enums import EtatEngagement
from raccord.marches.models import Brouillon, Engagement, Lot, Marche
from raccord.marches.workflow import ENGAGEMENT
from raccord.socle import calendrier, journal
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ModifieEntreTemps, ObjetDisparu, RoleRefuse
from raccord.socle.parametres import Regle
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer, inaugurer
from raccord.territoires.noms import normaliser

ROLES_DECLARANTS = frozenset({Role.ACHETEUR, Role.NATIONAL})
MOTIF_CLAUSE = "heures dues au titre de la clause"
MOTIF_CORRECTION = "contrat corrigé par l’acheteur"
MOTIF_FIN = "fin de la période ferme"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a contract already sent becomes. `montants` by lot number, `heures` by engagement."""

    contrat: Contrat
    montants: Mapping[int, Decimal | None]
    heures: Mapping[UUID, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrige:
    """What a correction did: the contract, its engagements that still live, and the hours that changed."""

    marche: Marche
    vivants: dict[UUID, Engagement]
    heures: dict[UUID, int]


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
    brouillon = (
        Brouillon.objects.select_for_update(of=("self",))
        .select_related("marche__acheteur")
        .filter(pk=brouillon_id, organisation_id=contexte.organisation_id)
        .first()
    )
    if brouillon is None:
        raise ObjetDisparu
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
        _dates(contrat)
        if contexte.role == Role.NATIONAL:
            marche.acheteur_id = _acheteur(contexte, contrat)
        for champ in ("reference", "objet", "objet_detaille", "montant_ferme"):
            setattr(marche, champ, getattr(contrat, champ))
        for champ in ("date_notification", "date_fin_clause", "date_fin_reconduction"):
            setattr(marche, champ, getattr(contrat, champ))
        _suivi(contexte, marche, contrat)
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


def _dates(contrat: Contrat) -> None:
    """In order first: 'under a year' would be a strange answer to two dates swapped."""
    _dates_en_ordre(contrat)
    refus = calibration.refus_duree_ferme(
        contrat.date_notification, contrat.date_fin_clause
    ) or calibration.refus_periode_passee(contrat.date_fin_clause)
    if refus:
        raise ErreurMetier(refus, champ="date_fin_clause")


def _dates_en_ordre(contrat: Contrat) -> None:
    if contrat.date_fin_clause <= contrat.date_notification:
        raise ErreurMetier(
            "La période ferme se termine avant la notification : vérifiez les deux dates.", champ="date_fin_clause"
        )
    if contrat.date_fin_reconduction < contrat.date_fin_clause:
        raise ErreurMetier(
            "La fin avec reconductions ne peut pas précéder la fin de la période ferme.",
            champ="date_fin_reconduction",
        )


def _suivi(contexte: Contexte, marche: Marche, contrat: Contrat) -> None:
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


# --- Once sent: correcting -------------------------------------------------------------------------

VIVANTS = (EtatEngagement.DECLARE, EtatEngagement.CONFIRME)


def champ_heures(engagement_id: UUID) -> str:
    """The form's field for the hours of an engagement."""
    return f"heures_{engagement_id.hex}"


@transaction.atomic
def corriger(contexte: Contexte, marche_id: UUID, correction: Correction, *, version: str) -> Corrige:
    """Correct a contract that was sent: its words, dates, amounts, hours, and who follows it.

    Hours may change while nobody holds them; when the amount or the notification changes they are proposed again, and
    the rule of that day explains them. `parcours` makes the offers follow. Raises ModifieEntreTemps, RoleRefuse,
    ObjetDisparu, or a refusal on its field.
    """
    if contexte.role not in ROLES_DECLARANTS:
        raise RoleRefuse
    marche = Marche.objects.select_for_update(of=("self",), no_key=True).filter(pk=marche_id).first()
    if marche is None or not marche.engagements.exclude(etat=EtatEngagement.A_DECLARER).exists():
        raise ObjetDisparu
    if contexte.role == Role.ACHETEUR and marche.acheteur_id != contexte.organisation_id:
        raise RoleRefuse
    if version != marche.modifie_le.isoformat():
        raise ModifieEntreTemps
    base = (marche.date_notification, marche.montant_ferme)
    changes = _ecrire_le_contrat(contexte, marche, correction.contrat)
    recalibrer = base != (marche.date_notification, marche.montant_ferme)
    if _montants(marche, correction.montants):
        recalibrer = True
        changes.append("le montant des lots")
    vivants = _engagements_vivants(marche)
    heures = {
        pk: voulues
        for pk, engagement in vivants.items()
        if (voulues := correction.heures.get(pk, engagement.heures)) != engagement.heures
    }
    bareme = calibration.bareme_au(marche.date_notification)
    for pk in vivants if recalibrer else heures:
        _changer_les_heures(vivants[pk], heures.get(pk, vivants[pk].heures), bareme)
    if heures:
        changes.append("les heures dues")
    if changes:
        journal.inscrire(contexte, marche, "marche.corriger", f"a corrigé le marché : {', '.join(changes)}")
    return Corrige(marche=marche, vivants=vivants, heures=heures)


def _ecrire_le_contrat(contexte: Contexte, marche: Marche, contrat: Contrat) -> list[str]:
    """Write what the page says of the contract. Returns what changed, in words."""
    changes = [mots for champ, mots in CORRIGEABLES.items() if getattr(marche, champ) != getattr(contrat, champ)]
    _dates_corrigees(marche, contrat)
    for champ in CORRIGEABLES:
        setattr(marche, champ, getattr(contrat, champ))
    suivi = (marche.suivi_par_id, marche.contact_id)
    _suivi(contexte, marche, contrat)
    marche.save()
    return changes + (["la personne qui le suit"] if suivi != (marche.suivi_par_id, marche.contact_id) else [])


CORRIGEABLES = {
    "reference": "la référence",
    "objet": "l’objet",
    "objet_detaille": "l’objet détaillé",
    "montant_ferme": "le montant",
    "date_notification": "la date de notification",
    "date_fin_clause": "la fin de la période ferme",
    "date_fin_reconduction": "la fin avec reconductions",
}


def _dates_corrigees(marche: Marche, contrat: Contrat) -> None:
    """As at the declaration, for dates that move; hours already lost do not come back with a later end."""
    _dates_en_ordre(contrat)
    if (contrat.date_notification, contrat.date_fin_clause) == (marche.date_notification, marche.date_fin_clause):
        return
    if marche.engagements.filter(etat=EtatEngagement.PERDU).exists():
        raise ErreurMetier(
            "Des heures de ce marché sont déjà perdues, à la fin de la période ferme : ses dates ne changent plus. "
            "Écrivez à l’équipe nationale si c’est une erreur.",
            champ="date_fin_clause",
        )
    _dates(contrat)


def _montants(marche: Marche, montants: Mapping[int, Decimal | None]) -> bool:
    """Write the amounts of the lots; whether one changed."""
    change = False
    for lot in marche.lots.order_by("numero"):
        if lot.numero in montants and montants[lot.numero] != lot.montant_ferme:
            lot.montant_ferme = montants[lot.numero]
            lot.save()
            change = True
    return change


def _engagements_vivants(marche: Marche) -> dict[UUID, Engagement]:
    engagements = (
        marche.engagements.select_for_update(of=("self",), no_key=True)
        .select_related("marche__acheteur", "entreprise")
        .prefetch_related("lots")
        .filter(etat__in=VIVANTS)
        .order_by("pk")
    )
    return {engagement.pk: engagement for engagement in engagements}


def _changer_les_heures(engagement: Engagement, heures: int, bareme: Regle) -> None:
    """Propose again, check the length, move the ledger. Refusals name the engagement's field."""
    champ = champ_heures(engagement.pk)
    proposition = proposition_pour(engagement, bareme)
    if heures not in proposition.permises:
        raise calibration.DureeTropLongue(
            f"Pour ce montant, le barème propose {proposition.heures} h : la durée peut être plus courte, pas plus "
            "longue. Choisissez-en une plus courte.",
            champ=champ,
        )
    try:
        registre.reviser(engagement.pk, Decimal(heures), motif=MOTIF_CORRECTION)
    except registre.HeuresInsuffisantes as erreur:
        raise ErreurMetier(str(erreur), champ=champ) from None
    engagement.heures, engagement.heures_proposees = heures, proposition.heures
    engagement.explication = proposition.explication() | {"choisies": True}
    engagement.save()


# --- The life of an engagement ---------------------------------------------------------------------


@transaction.atomic
def declarer_engagement(contexte: Contexte, engagement_id: UUID) -> Engagement:
    """What is owed enters the ledger: from here on it is done, lost, or still to be placed."""
    with executer(ENGAGEMENT["declarer"], contexte, Engagement, engagement_id) as engagement:
        registre.ouvrir(engagement.pk, Decimal(engagement.heures), motif=MOTIF_CLAUSE)
    return engagement


def confirmer_engagement(contexte: Contexte, engagement_id: UUID) -> None:
    """The company has read and confirmed what it owes. A second offer of the same engagement changes nothing."""
    if Engagement.objects.filter(pk=engagement_id, etat=EtatEngagement.DECLARE).exists():
        with executer(ENGAGEMENT["confirmer"], contexte, Engagement, engagement_id):
            pass


@transaction.atomic
def solder_si_fait(contexte: Contexte, engagement_id: UUID) -> bool:
    """Close an engagement whose hours are all done. Returns whether it was closed now."""
    ouvert = Engagement.objects.filter(
        pk=engagement_id, etat__in=(EtatEngagement.DECLARE, EtatEngagement.CONFIRME)
    ).exists()
    if not ouvert or not registre.soldes(engagement_id).soldees:
        return False
    with executer(ENGAGEMENT["solder"], contexte, Engagement, engagement_id):
        pass
    return True


@transaction.atomic
def constater_la_fin(engagement_id: UUID) -> Decimal:
    """The firm period is over and nobody holds these hours any more: what was to be placed is lost.

    Acts as the machine. Returns the hours lost (0 when all was done: the engagement is then closed as done).
    Nothing happens before the last day, nor while a parcours still holds hours.
    """
    engagement = Engagement.objects.select_related("marche").filter(pk=engagement_id).first()
    if engagement is None:
        raise ObjetDisparu
    etat = registre.soldes(engagement_id)
    if engagement.marche.date_fin_clause >= calendrier.aujourdhui() or etat.reservees:
        return Decimal(0)
    if solder_si_fait(SYSTEME, engagement_id):
        return Decimal(0)
    if engagement.etat in (EtatEngagement.DECLARE, EtatEngagement.CONFIRME):
        registre.perdre(engagement_id, motif=MOTIF_FIN)
        with executer(ENGAGEMENT["perdre"], SYSTEME, Engagement, engagement_id, faits={"heures": str(etat.a_placer)}):
            pass
        return etat.a_placer
    return Decimal(0)


def marquer_envoye(brouillon: Brouillon) -> None:
    """The declaration is gone: the draft is one no more (inside `ouvrir_brouillon`)."""
    brouillon.envoye_le = timezone.now()
    brouillon.saisies = {}
