"""Where a territory stands: offers by what happens to them, stays that were done. No identity anywhere here.

Offers are counted as they are today. What was done is counted from the journal, at the first line that says the stay
ended: a state column forgets, a journal does not (conception §1.2).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente
from raccord.parcours import rythme
from raccord.parcours.attentes import SANS_GESTE
from raccord.parcours.enums import EtatOffre, EtatParcours, EtatReservation
from raccord.parcours.models import Offre, Parcours, Reservation
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.models import Journal
from raccord.socle.parametres import Regle, regle
from raccord.territoires.models import Academie

PAR_PAGE = 25
APERCU = 3
# A stay is done when its last day is known, and stays so through its bilan and what follows.
REALISES = (EtatParcours.TERMINE, EtatParcours.BILAN_SIGNE, EtatParcours.SUITE_CONNUE)
REPRIS = "parcours.reprendre_ancien"
APRES_LE_PARCOURS = ("ecrire_bilan", "dire_suite")
SUIVIS = (
    EtatParcours.CONVENTION_A_SIGNER,
    EtatParcours.A_VENIR,
    EtatParcours.EN_COURS,
    EtatParcours.INTERROMPU,
    EtatParcours.TERMINE,
    EtatParcours.BILAN_SIGNE,
)
HORS_TERRITOIRE = (EtatOffre.BROUILLON, EtatOffre.A_INSTRUIRE, EtatOffre.RETIREE)
BLOCS = {
    "a_secourir": "À secourir",
    "disponibles": "Disponibles",
    "preparation": "En préparation",
    "en_cours": "En cours",
    "realises": "Réalisés",
}


@dataclass(frozen=True, kw_only=True)
class Perimetre:
    """What is looked at: an académie or the whole of France, maybe one département of it."""

    academie: Academie | None
    departement: str = ""

    @property
    def libelle(self) -> str:
        """In words."""
        return f"académie : {self.academie}" if self.academie else "toute la France"

    @property
    def offres(self) -> Q:
        """Offers of the place, and those that an MLDS of the place holds or follows elsewhere."""
        q = Q(commune__departement_id=self.departement) if self.departement else Q()
        if self.academie is None:
            return q
        mlds = {"organisation__academie": self.academie}
        tenues = Reservation.objects.filter(etat=EtatReservation.ACTIVE, **mlds).values("offre_id")
        suivies = Parcours.objects.filter(etat__in=SUIVIS, **mlds).values("offre_id")
        ici = Q(commune__departement__academie=self.academie) | Q(pk__in=tenues) | Q(pk__in=suivies)
        return q & ici

    @property
    def parcours(self) -> Q:
        """Stays of the place, and those that an MLDS of the place followed elsewhere."""
        q = Q(offre__commune__departement_id=self.departement) if self.departement else Q()
        if self.academie is None:
            return q
        return q & (Q(offre__commune__departement__academie=self.academie) | Q(organisation__academie=self.academie))


def perimetre(contexte: Contexte, academie: str, departement: str = "") -> Perimetre:
    """A coordinator's own académie, whatever is asked; the one the national team asks for, or France.

    Raises Http404 for an académie that does not exist, or nobody's.
    """
    if contexte.role == Role.NATIONAL:
        choisie = Academie.objects.filter(pk=academie).first() if academie else None
        if academie and choisie is None:
            raise Http404
        return Perimetre(academie=choisie, departement=departement[:3])
    sienne = Academie.objects.filter(pk=contexte.academie_id).first() if contexte.role == Role.COORDONNATEUR else None
    if sienne is None:
        raise Http404
    return Perimetre(academie=sienne, departement=departement[:3])


def academies() -> list[Academie]:
    """Those the national team chooses from."""
    return list(Academie.objects.all())


# --- Blocks ----------------------------------------------------------------------------------------


def alerte() -> tuple[dt.date, Regle]:
    """The day until which a contract without a young person is to be rescued, and the rule that says so."""
    limite = regle("alerte_expiration")
    return calendrier.ajouter(calendrier.aujourdhui(), limite.valeur, limite.unite), limite


def _blocs() -> dict[str, Q]:
    aujourdhui = calendrier.aujourdhui()
    vivante = Q(date_fin__gte=aujourdhui)
    return {
        "a_secourir": vivante
        & Q(etat__in=(EtatOffre.PUBLIEE, EtatOffre.A_CONFIRMER, EtatOffre.A_REPRENDRE), date_fin__lte=alerte()[0]),
        "disponibles": vivante & Q(etat=EtatOffre.PUBLIEE),
        "preparation": Q(etat=EtatOffre.RESERVEE),
        "en_cours": Q(etat=EtatOffre.EN_COURS),
    }


@dataclass(frozen=True, kw_only=True)
class Realises:
    """Stays done, at the first line of the journal that says so."""

    annee: int
    annee_precedente_meme_date: int
    annee_precedente: int
    total: int
    libelle_annee: str
    libelle_precedente: str
    dates: dict[UUID, dt.datetime]
    """Stay to the moment it was done; those taken over from the former tool, to the day they were taken over."""
    repris: set[UUID]


def _lignes_du_journal() -> QuerySet[Journal]:
    return Journal.objects.filter(objet_type=Parcours._meta.label_lower, apres__in=REALISES)


def realises(lieu: Perimetre) -> Realises:
    """This school year, last school year at the same date and whole, and in all."""
    lignes = (
        _lignes_du_journal()
        .filter(objet_id__in=Parcours.objects.filter(lieu.parcours).values("pk"))
        .order_by()
        .values_list("objet_id", "verbe")
        .annotate(premier=Min("le"))
    )
    dates: dict[UUID, dt.datetime] = {}
    repris: set[UUID] = set()
    for objet_id, verbe, premier in lignes:
        dates[objet_id] = min(premier, dates.get(objet_id, premier))
        if verbe == REPRIS:
            repris.add(objet_id)
    # What the former tool did was not done the day it was taken over: it counts in the total alone.
    jours = [moment.astimezone(calendrier.PARIS).date() for pk, moment in dates.items() if pk not in repris]
    aujourdhui = calendrier.aujourdhui()
    debut = rythme.debut_annee_scolaire(aujourdhui)
    avant = debut.replace(year=debut.year - 1)
    meme_date = calendrier.ajouter(aujourdhui, -1, "ans")
    return Realises(
        annee=sum(1 for jour in jours if jour >= debut),
        annee_precedente_meme_date=sum(1 for jour in jours if avant <= jour <= meme_date),
        annee_precedente=sum(1 for jour in jours if avant <= jour < debut),
        total=len(dates),
        libelle_annee=f"{debut.year}-{debut.year + 1}",
        libelle_precedente=f"{avant.year}-{avant.year + 1}",
        dates=dates,
        repris=repris,
    )


@dataclass(frozen=True, kw_only=True)
class Compte:
    """One département and its five figures."""

    code: str
    nom: str
    nombres: dict[str, int]

    @property
    def valeurs(self) -> list[tuple[str, str, int]]:
        """Block, its name, its figure, in the order of the page."""
        return [(bloc, libelle, self.nombres[bloc]) for bloc, libelle in BLOCS.items()]


def par_departement(lieu: Perimetre) -> list[Compte]:
    """The five figures of each département where something stands; two queries."""
    blocs = _blocs()
    lignes = (
        Offre.objects.filter(lieu.offres)
        .exclude(etat__in=HORS_TERRITOIRE)
        .order_by()
        .values("commune__departement__code", "commune__departement__nom")
        .annotate(**{nom: Count("pk", filter=condition) for nom, condition in blocs.items()})
    )
    comptes: dict[str, dict[str, int]] = {}
    noms: dict[str, str] = {}
    for ligne in lignes:
        code = ligne["commune__departement__code"]
        noms[code] = ligne["commune__departement__nom"]
        nombres: Mapping[str, Any] = ligne
        comptes[code] = {nom: nombres[nom] for nom in blocs} | {"realises": 0}
    lieux = (
        Parcours.objects.filter(lieu.parcours, pk__in=_lignes_du_journal().values("objet_id"))
        .order_by()
        .values_list("offre__commune__departement__code", "offre__commune__departement__nom")
        .annotate(nombre=Count("pk"))
    )
    for code, nom, nombre in lieux:
        noms[code] = nom
        comptes.setdefault(code, dict.fromkeys(BLOCS, 0))["realises"] = nombre
    tous = [Compte(code=code, nom=noms[code], nombres=nombres) for code, nombres in sorted(comptes.items())]
    return [compte for compte in tous if any(compte.nombres.values())]


def totaux(comptes: Iterable[Compte]) -> dict[str, int]:
    """The five figures of the whole."""
    comptes = list(comptes)
    return {bloc: sum(compte.nombres[bloc] for compte in comptes) for bloc in BLOCS}


# --- Lists -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Ligne:
    """One offer, or one stay that was done, with who acts next and until when."""

    url: str
    entreprise: str
    intitule: str
    commune: str
    departement: str
    acheteur: str
    heures: int | Decimal
    debut: dt.date
    fin: dt.date
    objet: Offre | Parcours
    fait_le: dt.datetime | None
    attente: Attente | None


def offres_du_bloc(lieu: Perimetre, bloc: str) -> QuerySet[Offre]:
    """Offers of one block: what ends first comes first."""
    return (
        Offre.objects.filter(lieu.offres)
        .filter(_blocs()[bloc])
        .select_related("entreprise", "commune__departement__academie", "engagement__marche__acheteur")
        .order_by("date_fin", "cree_le", "pk")
    )


def parcours_realises(lieu: Perimetre) -> QuerySet[Parcours]:
    """Stays done, latest first."""
    return (
        Parcours.objects.filter(lieu.parcours, pk__in=_lignes_du_journal().values("objet_id"))
        .select_related("offre__entreprise", "offre__commune__departement", "offre__engagement__marche__acheteur")
        .order_by("-fin", "-cree_le", "pk")
    )


def page_du_bloc(
    lieu: Perimetre, bloc: str, faits: Realises, numero: str | None, par_page: int = PAR_PAGE
) -> "Page[Any]":
    """One page of one block."""
    requete = parcours_realises(lieu) if bloc == "realises" else offres_du_bloc(lieu, bloc)
    page: Page[Any] = Paginator(requete, par_page).get_page(numero)
    objets = list(page.object_list)
    attentes = _attentes(objets)
    page.object_list = [_ligne(objet, faits, attentes.get(objet.pk)) for objet in objets]
    return page


def _attentes(objets: Iterable[Offre | Parcours]) -> dict[UUID, Attente]:
    """The soonest open wait that moves each line forward, in one query.

    A past stay of a free offer may still wait for its bilan: that is not what the offer waits for.
    """
    par_id = {objet.pk: objet for objet in objets}
    trouvees: dict[UUID, Attente] = {}
    for attente in Attente.objects.ouvertes().filter(fil__overlap=list(par_id)):
        for objet_id in par_id.keys() & set(attente.fil):
            if _fait_avancer(attente, par_id[objet_id]):
                trouvees.setdefault(objet_id, attente)
    return trouvees


def _fait_avancer(attente: Attente, objet: Offre | Parcours) -> bool:
    if attente.code in SANS_GESTE:
        return False
    if isinstance(objet, Parcours) or objet.etat == EtatOffre.EN_COURS:
        return True
    if objet.etat == EtatOffre.RESERVEE:
        return attente.code not in APRES_LE_PARCOURS
    return attente.objet_id == objet.pk


def _ligne(objet: Offre | Parcours, faits: Realises, attente: Attente | None) -> Ligne:
    fait = isinstance(objet, Parcours)
    offre = objet.offre if isinstance(objet, Parcours) else objet
    return Ligne(
        url=reverse("parcours:parcours" if fait else "parcours:offre", args=[objet.pk]),
        entreprise=offre.entreprise.nom,
        intitule=offre.intitule,
        commune=offre.commune.nom,
        departement=offre.commune.departement.nom,
        acheteur=offre.engagement.marche.acheteur.nom if offre.engagement else "",
        heures=objet.heures_prevues if isinstance(objet, Parcours) else offre.heures_a_faire,
        debut=objet.debut if isinstance(objet, Parcours) else offre.date_debut,
        fin=objet.fin if isinstance(objet, Parcours) else offre.date_fin,
        objet=objet,
        fait_le=None if objet.pk in faits.repris else faits.dates.get(objet.pk),
        attente=attente,
    )


# --- Export ----------------------------------------------------------------------------------------

COLONNES = (
    "Académie",
    "Département",
    "Commune",
    "Entreprise",
    "Offre",
    "Domaines",
    "Heures",
    "État",
    "À secourir",
    "Publiée le",
    "Possible à partir du",
    "À faire avant le",
    "Acheteur",
    "Marché",
    "Action attendue",
    "Par",
    "Échéance",
)
FORMULES = ("=", "+", "-", "@", "\t", "\r")


def lignes_csv(lieu: Perimetre) -> list[list[str]]:
    """Offers of the territory, one line each, for a spreadsheet: no young person, no contact."""
    offres = list(
        Offre.objects.filter(lieu.offres)
        .exclude(etat__in=HORS_TERRITOIRE)
        .select_related("entreprise", "commune__departement__academie", "engagement__marche__acheteur")
        .order_by("commune__departement__code", "date_fin", "cree_le", "pk")
    )
    secours = set(offres_du_bloc(lieu, "a_secourir").order_by().values_list("pk", flat=True))
    attentes = _attentes(offres)
    return [
        [sans_formule(case) for case in _cases(offre, offre.pk in secours, attentes.get(offre.pk))] for offre in offres
    ]


def _cases(offre: Offre, a_secourir: bool, attente: Attente | None) -> list[str]:
    departement = offre.commune.departement
    marche = offre.engagement.marche if offre.engagement else None
    return [
        departement.academie.nom if departement.academie else "",
        f"{departement.code} {departement.nom}",
        offre.commune.nom,
        offre.entreprise.nom,
        offre.intitule,
        offre.get_domaines_display(),
        str(offre.heures_a_faire),
        offre.get_etat_display(),
        "oui" if a_secourir else "non",
        _jour(offre.publiee_le),
        _jour(offre.date_debut),
        _jour(offre.date_fin),
        marche.acheteur.nom if marche else "",
        (marche.reference or marche.objet) if marche else "",
        attente.action if attente else "",
        attente.proprietaire if attente else "",
        _jour(attente.echeance) if attente else "",
    ]


def _jour(moment: dt.datetime | dt.date | None) -> str:
    if moment is None:
        return ""
    jour = moment.astimezone(calendrier.PARIS) if isinstance(moment, dt.datetime) else moment
    return jour.strftime("%d/%m/%Y")


def sans_formule(case: str) -> str:
    """A cell that a spreadsheet must not compute."""
    return f"'{case}" if case.startswith(FORMULES) else case
