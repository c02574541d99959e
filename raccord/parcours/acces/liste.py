"""The list of what is under way: reservations, proposals and stays, each with its next action."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente
from raccord.parcours.acces import parcours as acces
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
SANS_ECHEANCE = "9999-12-31"


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
    toutes = (
        _cles(reservations, "reservation")
        .union(_cles(parcours, "parcours"), all=True)
        .order_by("echeance", "-cree_le", "pk")
    )
    page = Paginator(toutes, PAR_PAGE).get_page(numero)
    page.object_list = _lignes(contexte, list(page.object_list))
    return page


def _reservations(contexte: Contexte, mlds: bool) -> QuerySet[Reservation]:
    actives = Reservation.objects.filter(etat=EtatReservation.ACTIVE)
    if contexte.role == Role.TUTEUR and contexte.organisation_id:
        moi = Q() if mlds else Q(tuteur_id=contexte.utilisateur_id)
        return actives.filter(moi, organisation_id=contexte.organisation_id)
    if contexte.role == Role.COORDONNATEUR and contexte.academie_id:
        return actives.filter(
            Q(organisation__academie_id=contexte.academie_id)
            | Q(offre__commune__departement__academie_id=contexte.academie_id)
        )
    return actives if contexte.role == Role.NATIONAL else actives.none()


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


def _cles(requete: QuerySet[Any], genre: str) -> QuerySet[Any]:
    objet = OuterRef("pk") if genre == "parcours" else OuterRef("positionnement__pk")
    attentes = Attente.objects.filter(close_le__isnull=True).order_by("echeance")
    propre = attentes.filter(Q(objet_id=objet) | Q(objet_id=OuterRef("pk")))
    echeance = Coalesce(
        Subquery(propre.annotate(jour=_iso("echeance")).values("jour")[:1]),
        Value(SANS_ECHEANCE),
        output_field=CharField(),
    )
    cles: QuerySet[Any] = requete.order_by().annotate(genre=Value(genre), echeance=echeance)
    return cles.values("pk", "genre", "echeance", "cree_le")


def _iso(champ: str) -> Func:
    """A moment as sortable text, in universal time."""
    return Func(
        champ,
        function="to_char",
        template="%(function)s(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')",
        output_field=CharField(),
    )


def _lignes(contexte: Contexte, cles: list[dict[str, Any]]) -> list[Ligne]:
    famille = ("offre__entreprise", "offre__commune", "jeune", "tuteur", "organisation")
    ids = [cle["pk"] for cle in cles]
    objets: dict[UUID, Any] = {
        **{r.pk: r for r in Reservation.objects.filter(pk__in=ids).select_related("positionnement", *famille)},
        **{p.pk: p for p in Parcours.objects.filter(pk__in=ids).select_related(*famille)},
    }
    ordonnes = [objets[pk] for pk in ids if pk in objets]
    noms = acces.identites(contexte, [objet.jeune for objet in ordonnes])
    attentes = _attentes({_suivi(objet).pk for objet in ordonnes} | set(ids))
    return [_ligne(contexte, objet, noms, attentes) for objet in ordonnes]


def _suivi(objet: Any) -> Any:
    return getattr(objet, "positionnement", None) or objet if isinstance(objet, Reservation) else objet


def _attentes(objets: set[UUID]) -> dict[UUID, Attente]:
    """The soonest open wait of each object, in one query."""
    trouvees: dict[UUID, Attente] = {}
    for attente in Attente.objects.ouvertes().filter(objet_id__in=objets):
        trouvees.setdefault(attente.objet_id, attente)
    return trouvees


def _ligne(contexte: Contexte, objet: Any, noms: dict[UUID, str], attentes: dict[UUID, Attente]) -> Ligne:
    suivi = _suivi(objet)
    attente = attentes.get(suivi.pk) or attentes.get(objet.pk)
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
        a_moi=attente is not None
        and contexte.utilisateur_id is not None
        and attente.utilisateur_id == contexte.utilisateur_id,
    )


def _url(objet: Any, suivi: Any) -> str:
    if isinstance(objet, Parcours):
        return reverse("parcours:parcours", args=[objet.pk])
    if suivi is objet:
        return reverse("parcours:reservation", args=[objet.pk])
    return reverse("parcours:positionnement", args=[suivi.pk])
