"""The list of what is under way: reservations, proposals and stays, each with its next action."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Func, QuerySet, TextField
from django.db.models.functions import Lower
from django.urls import reverse

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente
from raccord.parcours.acces import parcours as acces
from raccord.parcours.acces.reservation import mienne
from raccord.parcours.attentes import SANS_GESTE
from raccord.parcours.enums import EtatParcours, EtatReservation
from raccord.parcours.models import Parcours, Reservation
from raccord.socle.contexte import Contexte
from raccord.territoires.noms import normaliser

PAR_PAGE = 20
ETAPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "preparation": ("En préparation", ()),
    "convention": ("Convention à signer", (EtatParcours.CONVENTION_A_SIGNER,)),
    "a_venir": ("À venir", (EtatParcours.A_VENIR,)),
    "en_cours": ("En cours", (EtatParcours.EN_COURS,)),
    "bilan": ("Bilan à écrire", (EtatParcours.TERMINE, EtatParcours.INTERROMPU)),
    "suite": ("Suite à noter", (EtatParcours.BILAN_SIGNE,)),
    "finis": ("Terminés", (EtatParcours.SUITE_CONNUE, EtatParcours.ANNULE)),
}
CHOIX_ETAPES = [(cle, libelle) for cle, (libelle, _) in ETAPES.items()]
# Up to so many lines the database looks their waits up; beyond, reading every open one is quicker.
PEU = 500


@dataclass(frozen=True, kw_only=True)
class Ligne:
    """One line: what it is, where, for whom, and what is awaited."""

    objet: Reservation | Parcours
    suivi: Any
    """What bears the state shown: the proposal of a reservation once there is one."""
    url: str
    entreprise: str
    intitule: str
    commune: str
    jeune: str
    tuteur: str
    mlds: str
    attente: Attente | None
    a_moi: bool


def page_de(contexte: Contexte, *, q: str, etape: str, mlds: bool, numero: str | None) -> "Page[Any]":
    """One page of lines, what is due soonest first; the same number of queries for 1 and for 50 lines."""
    reservations, parcours = _reservations(contexte, mlds), _parcours(contexte, mlds)
    if q:
        reservations, parcours = _chez(reservations, q), _chez(parcours, q)
    if etape in ETAPES:
        reservations = reservations if etape == "preparation" else reservations.none()
        parcours = parcours.filter(etat__in=ETAPES[etape][1]) if ETAPES[etape][1] else parcours.none()
    page: Page[Any] = Paginator(_ordre(reservations, parcours), PAR_PAGE).get_page(numero)
    page.object_list = _lignes(contexte, list(page.object_list))
    return page


def _ordre(reservations: QuerySet[Reservation], parcours: QuerySet[Parcours]) -> list[UUID]:
    """Ids, what is due soonest first, then what is latest. Three queries.

    Sorted here: a correlated search of each line's wait takes the database seconds on thousands of lines, reading
    ids and dates alone takes it milliseconds.
    """
    cles = [*_cles(reservations), *_cles(parcours)]
    echeances = _echeances({pk for pk, _ in cles})
    jamais = dt.datetime.max.replace(tzinfo=dt.UTC)
    return [pk for pk, cree_le in sorted(cles, key=lambda cle: (echeances.get(cle[0], jamais), -cle[1].timestamp()))]


def _cles(requete: QuerySet[Any]) -> list[tuple[UUID, dt.datetime]]:
    return list(requete.order_by("pk").values_list("pk", "cree_le"))


def _echeances(objets: set[UUID]) -> dict[UUID, dt.datetime]:
    """The soonest due date of each: a wait belongs to whatever its timeline names."""
    attentes = Attente.objects.ouvertes().exclude(code__in=SANS_GESTE)
    if len(objets) <= PEU:
        attentes = attentes.filter(fil__overlap=list(objets))
    trouvees: dict[UUID, dt.datetime] = {}
    for fil, echeance in attentes.values_list("fil", "echeance") if objets else ():
        for objet_id in objets.intersection(fil):
            trouvees.setdefault(objet_id, echeance)
    return trouvees


def _reservations(contexte: Contexte, mlds: bool) -> QuerySet[Reservation]:
    actives = Reservation.objects.filter(mienne(contexte), etat=EtatReservation.ACTIVE)
    return actives.filter(tuteur_id=contexte.utilisateur_id) if contexte.role == Role.TUTEUR and not mlds else actives


def _parcours(contexte: Contexte, mlds: bool) -> QuerySet[Parcours]:
    suivis = Parcours.objects.filter(acces.partie(contexte))
    return suivis.filter(tuteur_id=contexte.utilisateur_id) if contexte.role == Role.TUTEUR and not mlds else suivis


def _chez(requete: QuerySet[Any], q: str) -> QuerySet[Any]:
    """Companies whose name holds these words, accents and capitals set aside."""
    nom = Lower(Func("offre__entreprise__nom", function="f_unaccent", output_field=TextField()))
    mots = normaliser(q).split()
    requete = requete.annotate(nom_cherche=nom)
    if not mots:
        return requete.none()
    for mot in mots:
        requete = requete.filter(nom_cherche__contains=mot)
    return requete


def _lignes(contexte: Contexte, ids: list[UUID]) -> list[Ligne]:
    famille = ("offre__entreprise", "offre__commune", "jeune", "tuteur", "organisation")
    objets: dict[UUID, Any] = {
        **{r.pk: r for r in Reservation.objects.filter(pk__in=ids).select_related("positionnement", *famille)},
        **{p.pk: p for p in Parcours.objects.filter(pk__in=ids).select_related(*famille)},
    }
    ordonnes = [objets[pk] for pk in ids if pk in objets]
    noms = acces.identites(contexte, [objet.jeune for objet in ordonnes])
    attentes = _attentes(set(ids))
    return [_ligne(contexte, objet, noms, attentes) for objet in ordonnes]


def _suivi(objet: Any) -> Any:
    return getattr(objet, "positionnement", None) or objet if isinstance(objet, Reservation) else objet


def _attentes(objets: set[UUID]) -> dict[UUID, Attente]:
    """The soonest open wait of each reservation or stay, proposal and hand-over included, in one query."""
    trouvees: dict[UUID, Attente] = {}
    attentes = Attente.objects.ouvertes().filter(fil__overlap=list(objets)).exclude(code__in=SANS_GESTE)
    for attente in attentes if objets else ():
        for objet_id in objets.intersection(attente.fil):
            trouvees.setdefault(objet_id, attente)
    return trouvees


def _ligne(contexte: Contexte, objet: Any, noms: dict[UUID, str], attentes: dict[UUID, Attente]) -> Ligne:
    suivi = _suivi(objet)
    attente = attentes.get(objet.pk)
    return Ligne(
        objet=objet,
        suivi=suivi,
        url=_url(objet, suivi),
        entreprise=objet.offre.entreprise.nom,
        intitule=objet.offre.intitule,
        commune=objet.offre.commune.nom,
        jeune=noms.get(objet.jeune_id, "") if objet.jeune_id else "",
        tuteur=objet.tuteur.nom_complet if objet.tuteur else "",
        mlds=objet.organisation.nom if objet.organisation else "",
        attente=attente,
        a_moi=attente is not None and attente.utilisateur_id in contexte.tient_lieu_de,
    )


def _url(objet: Any, suivi: Any) -> str:
    if isinstance(objet, Parcours):
        return reverse("parcours:parcours", args=[objet.pk])
    if suivi is objet:
        return reverse("parcours:reservation", args=[objet.pk])
    return reverse("parcours:positionnement", args=[suivi.pk])
