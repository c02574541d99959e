"""Where a territory stands: offers by what happens to them, stays that were done. No identity anywhere here.

Offers are counted as they are today. What was done is counted from the journal, at the first line that says the stay
ended: a state column forgets, a journal does not (conception §1.2).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Organisation
from raccord.echeances.models import Attente
from raccord.parcours import rythme
from raccord.parcours.attentes import SANS_GESTE
from raccord.parcours.enums import EtatOffre, EtatParcours, EtatReservation
from raccord.parcours.models import Offre, Parcours, Reservation
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte
from raccord.socle.models import Journal
from raccord.socle.parametres import Regle, regle
from raccord.territoires.models import Academie, Departement

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
ECRIT_SUR_LA_LIGNE = ("entreprise", "commune__departement", "engagement__marche__acheteur")
BLOCS = {
    "a_secourir": "À secourir",
    "disponibles": "Disponibles",
    "preparation": "En préparation",
    "en_cours": "En cours",
    "realises": "Réalisés",
}


@dataclass(frozen=True, kw_only=True)
class Perimetre:
    """What is looked at: an académie or the whole of France, maybe one département of it. A page makes one of it, and
    what its many questions have in common is read there once.
    """

    academie: Academie | None
    departement: str = ""

    @property
    def libelle(self) -> str:
        """In words."""
        return f"académie : {self.academie}" if self.academie else "toute la France"

    @property
    def offres(self) -> Q:
        """Offers of the place, and those that an MLDS of the place holds or follows elsewhere."""
        q = Q(code_departement=self.departement) if self.departement else Q()
        if self.academie is None:
            return q
        return q & (Q(code_departement__in=self._departements) | Q(pk__in=self._suivies_ailleurs))

    @property
    def parcours(self) -> Q:
        """Stays of the place, and those that an MLDS of the place followed elsewhere."""
        q = Q(offre__code_departement=self.departement) if self.departement else Q()
        if self.academie is None:
            return q
        return q & (Q(offre__code_departement__in=self._departements) | Q(organisation__in=self._mlds))

    @cached_property
    def regle(self) -> Regle:
        """How long before its end a contract without a young person is to be rescued."""
        return regle("alerte_expiration")

    @property
    def limite(self) -> dt.date:
        """The day until which it is, by that rule."""
        return calendrier.ajouter(calendrier.aujourdhui(), self.regle.valeur, self.regle.unite)

    @cached_property
    def _departements(self) -> list[str]:
        return list(Departement.objects.filter(academie=self.academie).values_list("pk", flat=True))

    @cached_property
    def _mlds(self) -> list[UUID]:
        mlds = Organisation.objects.filter(genre=GenreOrganisation.MLDS, academie=self.academie)
        return list(mlds.values_list("pk", flat=True))

    @cached_property
    def _suivies_ailleurs(self) -> list[UUID]:
        """Few, and named: a condition on another table beside that of the place has every offer of France read."""
        d_ici = {"organisation__in": self._mlds}
        ailleurs = ~Q(offre__code_departement__in=self._departements)
        tenues = Reservation.objects.filter(ailleurs, etat=EtatReservation.ACTIVE, **d_ici)
        suivies = Parcours.objects.filter(ailleurs, etat__in=SUIVIS, **d_ici)
        return list(tenues.values_list("offre_id", flat=True).union(suivies.values_list("offre_id", flat=True)))


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


def _blocs(lieu: Perimetre) -> dict[str, Q]:
    vivante = Q(date_fin__gte=calendrier.aujourdhui())
    return {
        "a_secourir": vivante
        & Q(etat__in=(EtatOffre.PUBLIEE, EtatOffre.A_CONFIRMER, EtatOffre.A_REPRENDRE), date_fin__lte=lieu.limite),
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
    departements: dict[UUID, str]
    """Stay to the code of its département, latest stay first."""
    dates: dict[UUID, dt.datetime]
    """Stay to the moment it was done; those taken over from the former tool, to the day they were taken over."""
    repris: set[UUID]


def _lignes_du_journal() -> QuerySet[Journal]:
    return Journal.objects.filter(objet_type=Parcours._meta.label_lower, apres__in=REALISES)


def realises(lieu: Perimetre) -> Realises:
    """This school year, last school year at the same date and whole, and in all."""
    departements = dict(
        Parcours.objects.filter(lieu.parcours, pk__in=_lignes_du_journal().values("objet_id"))
        .order_by("-fin", "-cree_le", "pk")
        .values_list("pk", "offre__code_departement")
    )
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
        total=len(departements),
        libelle_annee=f"{debut.year}-{debut.year + 1}",
        libelle_precedente=f"{avant.year}-{avant.year + 1}",
        departements=departements,
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


def par_departement(lieu: Perimetre, faits: Realises) -> list[Compte]:
    """The five figures of each département where something stands."""
    blocs = _blocs(lieu)
    lignes = (
        Offre.objects.filter(lieu.offres)
        .exclude(etat__in=HORS_TERRITOIRE)
        .order_by()
        .values("code_departement")
        .annotate(**{nom: Count("pk", filter=condition) for nom, condition in blocs.items()})
    )
    comptes: dict[str, dict[str, int]] = {}
    for ligne in lignes:
        nombres: Mapping[str, Any] = ligne
        comptes[ligne["code_departement"]] = {nom: nombres[nom] for nom in blocs} | {"realises": 0}
    for code, nombre in Counter(faits.departements.values()).items():
        comptes.setdefault(code, dict.fromkeys(BLOCS, 0))["realises"] = nombre
    noms = dict(Departement.objects.values_list("pk", "nom"))
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
    return Offre.objects.filter(lieu.offres).filter(_blocs(lieu)[bloc]).order_by("date_fin", "cree_le", "pk")


def pages_des_blocs(
    lieu: Perimetre, faits: Realises, nombres: Mapping[str, int], numero: str | None, par_page: int = PAR_PAGE
) -> "dict[str, Page[Any]]":
    """One page of each block that has a number of lines here. What is not shown is neither counted again nor joined to
    anything: the lines of every block are read whole together, and their waits.
    """
    pages: dict[str, Page[Any]] = {}
    for bloc, nombre in nombres.items():
        fait = bloc == "realises"
        ordre = list(faits.departements) if fait else offres_du_bloc(lieu, bloc).values_list("pk", flat=True)
        paginateur: Paginator[Any] = Paginator(ordre, par_page)
        paginateur.count = nombre
        pages[bloc] = paginateur.get_page(numero)
    cles = [cle for page in pages.values() for cle in page]
    objets: dict[UUID, Offre | Parcours] = {
        **Offre.objects.select_related(*ECRIT_SUR_LA_LIGNE).in_bulk(cles),
        **Parcours.objects.select_related(*(f"offre__{nom}" for nom in ECRIT_SUR_LA_LIGNE)).in_bulk(cles),
    }
    attentes = _attentes(objets.values())
    for page in pages.values():  # what vanished between two readings is left out
        page.object_list = [_ligne(objets[cle], faits, attentes.get(cle)) for cle in page if cle in objets]
    return pages


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
