"""The only road to stays: whose they are, and how much of them each one reads."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact, LienAction
from raccord.comptes.noms import fil_de
from raccord.echeances.models import Attente
from raccord.echeances.suivi import suivre
from raccord.jeunes.acces import LienFerme, fiche_en_vigueur, representant_du
from raccord.jeunes.enums import Lecteurs
from raccord.jeunes.models import FicheContexte, Jeune
from raccord.marches import registre
from raccord.parcours import rythme
from raccord.parcours.acces.territoire import de_mon_academie
from raccord.parcours.enums import SUITES_DITES, EtatParcours
from raccord.parcours.gardes.parcours import a_moi
from raccord.parcours.models import Adaptation, Parcours, Positionnement, Semaine, Signalement, Transfert
from raccord.socle import calendrier, mots
from raccord.socle.contexte import Contexte
from raccord.socle.gabarits import LigneFil
from raccord.socle.lignes import ou_404

FAMILLE = (
    "offre__entreprise",
    "offre__commune__departement__academie",
    "offre__engagement__marche__acheteur",
    "jeune",
    "organisation",
    "tuteur",
    "referent",
)
CLOS = (EtatParcours.BILAN_SIGNE, EtatParcours.SUITE_CONNUE)
ATTENTES_PEDAGOGIQUES = ("traiter_signalement",)


def parcours_de(contexte: Contexte) -> QuerySet[Parcours]:
    """Stays this person is a party to: their MLDS's, their territory's, their contracts'. Latest first."""
    return Parcours.objects.filter(partie(contexte)).select_related(*FAMILLE).order_by("-debut", "-cree_le", "pk")


def partie(contexte: Contexte) -> Q:
    """Which stays somebody sees."""
    if contexte.role == Role.NATIONAL:
        return Q(pk__isnull=False)
    if contexte.role == Role.TUTEUR and contexte.organisation_id:
        return Q(organisation_id=contexte.organisation_id)
    if contexte.role == Role.COORDONNATEUR and contexte.academie_id:
        return de_mon_academie(contexte)
    if contexte.role == Role.ACHETEUR and contexte.organisation_id:
        return Q(offre__engagement__marche__acheteur_id=contexte.organisation_id)
    return Q(pk__isnull=True)


def parcours_visible(contexte: Contexte, parcours_id: UUID) -> Parcours:
    """The stay when this person is a party to it. Raises Http404 otherwise."""
    return ou_404(parcours_de(contexte).filter(pk=parcours_id))


def parcours_a_suivre(contexte: Contexte, parcours_id: UUID, *, pilotes: bool = False) -> Parcours:
    """The stay for the tutor who follows it (its coordination too when `pilotes`).

    Raises PermissionDenied for whoever only reads it, Http404 for the others.
    """
    parcours = parcours_visible(contexte, parcours_id)
    if suit(contexte, parcours):
        return parcours
    if pilotes and contexte.role in (Role.COORDONNATEUR, Role.NATIONAL) and a_moi(contexte, parcours) is None:
        return parcours
    raise PermissionDenied


def suit(contexte: Contexte, parcours: Parcours) -> bool:
    """Whether this is the stay's own tutor, acting for the MLDS that follows it."""
    return contexte.role == Role.TUTEUR and a_moi(contexte, parcours) is None


def parcours_du_lien(lien: LienAction) -> Parcours:
    """What a link is about. Raises Http404 when it is gone, or was made for another company or another person."""
    parcours = ou_404(Parcours.objects.select_related(*FAMILLE).filter(pk=lien.objet_id))
    if lien.contact is not None and parcours.offre.entreprise_id != lien.contact.organisation_id:
        raise Http404
    if lien.contact is None and (lien.jeune_id is None or parcours.jeune_id != lien.jeune_id):
        raise Http404
    return parcours


def proposition_du_lien(lien: LienAction) -> Positionnement | None:
    """The proposal a young person's link is about, while it is not a stay yet."""
    if lien.jeune_id is None:
        return None
    return (
        Positionnement.objects.select_related(
            "reservation__offre__entreprise", "reservation__offre__commune", "reservation__tuteur", "reservation__jeune"
        )
        .filter(pk=lien.objet_id, reservation__jeune_id=lien.jeune_id)
        .first()
    )


def lu_par_le_representant(lien: LienAction) -> tuple[Positionnement | None, Parcours | None]:
    """What a legal representative reads: the stay when there is one, else the proposal. Nothing once 18 is reached.

    Raises LienFerme; Http404 when the object is gone or is another young person's.
    """
    representant = representant_du(lien)
    if representant is None or not representant.jeune.mineur:
        raise LienFerme
    parcours = (
        Parcours.objects.select_related(*FAMILLE)
        .filter(Q(pk=lien.objet_id) | Q(positionnement_id=lien.objet_id), jeune=representant.jeune)
        .first()
    )
    if parcours is not None:
        return None, parcours
    proposition = ou_404(
        Positionnement.objects.select_related(
            "reservation__offre__entreprise",
            "reservation__offre__commune",
            "reservation__tuteur",
            "reservation__organisation",
            "reservation__jeune",
        ).filter(pk=lien.objet_id, reservation__jeune=representant.jeune)
    )
    return proposition, None


def signalement_visible(contexte: Contexte, signalement_id: UUID) -> Signalement:
    """Words said the same day, for the MLDS that follows the stay alone. Raises Http404, PermissionDenied."""
    signalement = ou_404(Signalement.objects.select_related("parcours").filter(pk=signalement_id))
    signalement.parcours = parcours_visible(contexte, signalement.parcours_id)
    if contexte.role != Role.TUTEUR:
        raise PermissionDenied
    return signalement


# --- How much each one reads -----------------------------------------------------------------------


def identites(contexte: Contexte, jeunes: Iterable[Jeune | None]) -> dict[UUID, str]:
    """'Camille Roy' for the MLDS by its grant, 'jeune de 17 ans' for everybody else; one query whatever the number."""
    presents = [jeune for jeune in jeunes if jeune is not None]
    ouverts: set[UUID] = set()
    if contexte.role == Role.TUTEUR and presents:
        ouverts = set(
            Jeune.objects.ouverts_a(contexte.organisation_id)
            .filter(pk__in=[jeune.pk for jeune in presents])
            .values_list("pk", flat=True)
        )
    return {jeune.pk: identite(jeune, ouvert=jeune.pk in ouverts) for jeune in presents}


def identite(jeune: Jeune, *, ouvert: bool) -> str:
    """What is read of one, whose file is open or not."""
    return f"{jeune.prenom} {jeune.nom}" if ouvert else f"jeune de {jeune.age()} ans"


def avec_article(mlds: str) -> str:
    """'la MLDS de Lille', inside a sentence."""
    return f"la {mlds}" if mlds.startswith("MLDS") else mlds


def voit_le_jeune(contexte: Contexte, parcours: Parcours) -> bool:
    """Whether the file of this young person is open to this person."""
    return (
        contexte.role == Role.TUTEUR
        and parcours.organisation_id == contexte.organisation_id
        and parcours.jeune_id is not None
        and Jeune.objects.ouverts_a(contexte.organisation_id).filter(pk=parcours.jeune_id).exists()
    )


def fiche_montree(parcours: Parcours) -> FicheContexte | None:
    """The young person's sheet, when they show it to the company's tutor, as long as the stay is open."""
    if parcours.etat != EtatParcours.EN_COURS or parcours.jeune_id is None:
        return None
    return fiche_en_vigueur(parcours.jeune_id, Lecteurs.ENTREPRISE)


def contacts_visibles(contexte: Contexte, parcours: Parcours) -> list[Contact]:
    """Who to call in the company: the stay's own tutor, the buyer, the national relay (level 2, not to be spread)."""
    if not (suit(contexte, parcours) or contexte.role in (Role.ACHETEUR, Role.NATIONAL)):
        return []
    choisis = [parcours.referent or parcours.offre.referent, parcours.offre.rrh]
    return list({contact.pk: contact for contact in choisis if contact}.values())


def voit_les_absences(contexte: Contexte) -> bool:
    """Words about an absence stay between the company and the MLDS tutors; the others read the hours."""
    return contexte.role in (Role.TUTEUR, Role.ENTREPRISE)


def suite_en_mots(contexte: Contexte, parcours: Parcours) -> str:
    """The exit code for those who accompany; for the others, only what nobody could hold against the young person."""
    if not parcours.suite:
        return ""
    if contexte.role in (Role.TUTEUR, Role.COORDONNATEUR, Role.NATIONAL) or parcours.suite in SUITES_DITES:
        return mots.majuscule(parcours.get_suite_display())
    return "Une suite est connue"


def fil(contexte: Contexte, parcours: Parcours, *, contacts: bool) -> list[LigneFil]:
    """What happened since the proposal, as this role may read it, latest first. `contacts`: may their names be read."""
    objets = [parcours.pk, *([parcours.positionnement_id] if parcours.positionnement_id else [])]
    return fil_de(contexte, *objets, contacts=contacts)


def attentes_visibles(contexte: Contexte, parcours: Parcours, *, contacts: bool) -> list[Attente]:
    """Open waits on the stay, oldest due first; what is said the same day stays between those who accompany."""
    attentes = Attente.objects.ouvertes().du_fil(parcours.pk)
    if contexte.role == Role.ACHETEUR:
        attentes = attentes.exclude(code__in=ATTENTES_PEDAGOGIQUES)
    return suivre(attentes, contacts=contacts)


# --- Weeks -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LigneSemaine:
    """One week of the stay, entered, awaited or to come."""

    lundi: dt.date
    semaine: Semaine | None
    etat: str
    """'notee', 'a_noter' or 'a_venir'."""

    @property
    def version(self) -> str:
        """What the form carries to tell a second editor."""
        return self.semaine.modifie_le.isoformat() if self.semaine else ""


@dataclass(frozen=True, kw_only=True)
class Heures:
    """Every week of a stay and what they add up to."""

    lignes: list[LigneSemaine]
    faites: Decimal
    prevues: int
    modifiables: bool

    @property
    def a_noter(self) -> list[LigneSemaine]:
        """Weeks begun without their hours, oldest first."""
        return [ligne for ligne in self.lignes if ligne.etat == "a_noter"]

    def choisir(self, texte: str) -> LigneSemaine | None:
        """The week asked for by its Monday (ISO); else the oldest missing, else the latest entered; None to come."""
        commencees = [ligne for ligne in self.lignes if ligne.etat != "a_venir"]
        demandee = next((ligne for ligne in commencees if ligne.lundi.isoformat() == texte), None)
        if demandee is not None:
            return demandee
        return next(iter(self.a_noter), None) or (commencees[-1] if commencees else None)


def heures_de(parcours: Parcours) -> Heures:
    """The weeks of a stay in one query."""
    saisies = {semaine.lundi: semaine for semaine in parcours.semaines.all()}
    lignes = [_ligne(lundi, saisies.get(lundi)) for lundi in sorted({*rythme.semaines(parcours), *saisies})]
    return Heures(
        lignes=lignes,
        faites=sum((semaine.heures for semaine in saisies.values()), Decimal(0)),
        prevues=parcours.heures_prevues,
        modifiables=parcours.etat in (EtatParcours.EN_COURS, EtatParcours.INTERROMPU, EtatParcours.TERMINE),
    )


def _ligne(lundi: dt.date, semaine: Semaine | None) -> LigneSemaine:
    sans_heures = "a_venir" if lundi > calendrier.aujourdhui() else "a_noter"
    etat = sans_heures if semaine is None else "notee"
    return LigneSemaine(lundi=lundi, semaine=semaine, etat=etat)


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Where the hours go at the present rhythm."""

    possibles: Decimal
    calcul: str
    manque: Decimal
    supplement: Decimal


def projection(parcours: Parcours) -> Projection:
    """Hours that the agreed weeks can hold, what would be missing, what the company gives beyond the contract."""
    possibles = rythme.capacite(parcours.debut, parcours.fin, parcours.heures_hebdo)
    engagement_id = parcours.offre.engagement_id
    return Projection(
        possibles=possibles,
        calcul=rythme.calcul(parcours.debut, parcours.fin, parcours.heures_hebdo),
        manque=max(Decimal(0), parcours.heures_prevues - possibles),
        supplement=registre.soldes(engagement_id).supplement if engagement_id else Decimal(0),
    )


def adaptations(parcours: Parcours) -> list[Adaptation]:
    """Changes agreed along the way, oldest first."""
    return list(parcours.adaptations.all())


# --- Hand-overs ------------------------------------------------------------------------------------


def transferts_de(contexte: Contexte) -> QuerySet[Transfert]:
    """Hand-overs between territories, for the coordinations of both and the national team."""
    tous = Transfert.objects.select_related(
        "depuis__academie", "vers__academie", *(f"parcours__{nom}" for nom in FAMILLE)
    ).order_by("-cree_le", "pk")
    if contexte.role == Role.NATIONAL:
        return tous
    if contexte.role == Role.COORDONNATEUR and contexte.academie_id:
        return tous.filter(Q(depuis__academie_id=contexte.academie_id) | Q(vers__academie_id=contexte.academie_id))
    if contexte.role == Role.TUTEUR and contexte.organisation_id:
        # The new tutor reads the hand-over note of the stay that was entrusted to them.
        return tous.filter(parcours__tuteur_id=contexte.utilisateur_id, vers_id=contexte.organisation_id)
    return tous.none()


def transfert_visible(contexte: Contexte, transfert_id: UUID) -> Transfert:
    """Raises Http404 for whoever has no part in it."""
    return ou_404(transferts_de(contexte).filter(pk=transfert_id))
