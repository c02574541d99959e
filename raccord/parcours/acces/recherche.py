"""Searching what is published: words, place, lengths, domains, dates. Level-1 columns only, few queries.

A search is one query, and one for the count when there are more offers than the map can show. Words are looked
for by PostgreSQL's French full-text search (stems, no accents). Only when nothing is found are the words compared,
one by one, with the lexicon of the offers: a word that no published offer has is replaced by those that look like
it.
"""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, FloatField, Func, Q, Value
from django.urls import reverse

from raccord.comptes.enums import Domaine
from raccord.parcours.models import Offre
from raccord.parcours.models.offre import CONFIG_RECHERCHE, OffreQuerySet, duree_dite, qui_dure
from raccord.socle import calendrier
from raccord.socle.mots import distance_km, periode
from raccord.territoires.distances import CubeField, avec_distance, dans_un_rayon
from raccord.territoires.models import Commune

PAR_PAGE = 20
POINTS_SUR_LA_CARTE = 200
RAYONS = (5, 10, 20, 30, 50, 100)
RAYON_HABITUEL = 30
MOTS_LUS = 8
# Share of letters in common, in order, and of a common beginning. Below, two words only share a few letters; just
# under the best, others are kept.
RESSEMBLANCE = 0.75
ECART_AU_MEILLEUR = 0.04
MEME_DEBUT = 0.02  # per letter: people rarely err on the first ones
AUTRES_MOTS = 5
COLONNES = (
    "pk",
    "intitule",
    "heures",
    "heures_restantes",
    "domaines",
    "date_debut",
    "date_fin",
    "entreprise__nom",
    "commune__nom",
    "commune__departement_id",
    "commune__latitude",
    "commune__longitude",
)
Ligne = tuple[Any, ...]
SANS_OBJET = str(UUID(int=0))
LIBELLES_DOMAINES: dict[str, str] = {valeur: str(libelle) for valeur, libelle in Domaine.choices}
# One query whatever the number of words. numnode = 0: nothing but stop words, such as 'de'.
SONDE = """
    SELECT saisi.mot,
           numnode(plainto_tsquery('public.francais', saisi.mot)) = 0,
           EXISTS (
               SELECT 1 FROM parcours_offre
               WHERE etat = 'publiee' AND date_fin >= %s
                 AND recherche @@ plainto_tsquery('public.francais', saisi.mot)
           )
    FROM unnest(%s::text[]) WITH ORDINALITY AS saisi (mot, rang)
    ORDER BY saisi.rang
"""
# Candidates: alike by trigrams, or beginning alike (a short word with two letters swapped shares no trigram).
PROCHES = """
    SELECT saisi.mot, proche.mot
    FROM unnest(%s::text[]) AS saisi (mot)
    CROSS JOIN LATERAL (
        SELECT mot
        FROM parcours_mot
        WHERE mot %% saisi.mot OR mot LIKE left(saisi.mot, 2) || '%%'
        ORDER BY mot LIKE saisi.mot || '%%' DESC, similarity(mot, saisi.mot) DESC, mot
        LIMIT 60
    ) AS proche
    ORDER BY saisi.mot, proche.mot
"""


@dataclass(frozen=True, kw_only=True)
class Criteres:
    """What is looked for. `rayon` in kilometres, None for the whole of France; used only with a commune."""

    q: str = ""
    commune: Commune | None = None
    rayon: int | None = None
    durees: Sequence[int] = ()
    domaines: Sequence[str] = ()
    du: dt.date | None = None
    au: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OffreListee:
    """One line of results, in words: level 1, nothing else was fetched."""

    pk: UUID
    intitule: str
    entreprise: str
    lieu: str
    duree: str
    periode: str
    domaines: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    distance: str = ""

    @property
    def url(self) -> str:
        """Its page; resolving the address once is enough."""
        return _modele_url().replace(SANS_OBJET, str(self.pk))


@dataclass(frozen=True, kw_only=True)
class Resultats:
    """One page of results, how many there are in all, the words read otherwise than typed, and what the map shows.

    The map shows every result with a position when there are few enough, else those of the page.
    """

    page: "Page[OffreListee]"
    total: int
    sur_la_carte: Sequence[OffreListee] = ()
    corrections: dict[str, list[str]] = field(default_factory=dict)


def chercher(criteres: Criteres, *, numero: Any = 1) -> Resultats:
    """The page asked for (the nearest one that exists), by distance when a place is given, else newest first."""
    trouves = _page(_filtrer(Offre.objects.publiques(), criteres, _mots(criteres)), criteres, numero)
    if trouves.total or not criteres.q:
        return trouves
    corriges, corrections = _corriger(criteres.q)
    if corriges is None:
        return trouves
    proches = _page(_filtrer(Offre.objects.publiques(), criteres, corriges), criteres, numero)
    return replace(proches, corrections=corrections)


def compter(criteres: Criteres) -> int:
    """How many offers answer, spelling as typed."""
    return _filtrer(Offre.objects.publiques(), criteres, _mots(criteres)).count()


def voisines(offre: Offre, *, limite: int = 3) -> list[OffreListee]:
    """Other published offers, the nearest first: what to look at when this one is gone."""
    criteres = Criteres(commune=offre.commune)
    requete = Offre.objects.publiques().exclude(pk=offre.pk)
    return _listees(_lire(_ordonner(requete, criteres)[:limite], criteres))


def recentes(*, limite: int = 3) -> list[OffreListee]:
    """The newest published offers."""
    return _listees(_lire(_ordonner(Offre.objects.publiques(), Criteres())[:limite], Criteres()))


def _mots(criteres: Criteres) -> Q:
    return Q(recherche=SearchQuery(criteres.q, config=CONFIG_RECHERCHE)) if criteres.q else Q()


def _filtrer(requete: OffreQuerySet, criteres: Criteres, mots: Q) -> OffreQuerySet:
    requete = requete.filter(mots)
    if criteres.durees:
        requete = requete.filter(qui_dure(criteres.durees))
    if criteres.domaines:
        requete = requete.filter(domaines__overlap=list(criteres.domaines))
    if criteres.du:
        requete = requete.filter(date_fin__gte=criteres.du)
    if criteres.au:
        requete = requete.filter(date_debut__lte=criteres.au)
    position = _position(criteres)
    if position and criteres.rayon is not None:
        requete = dans_un_rayon(requete, *position, criteres.rayon, prefixe="commune__")
    return requete


def _position(criteres: Criteres) -> tuple[float, float] | None:
    commune = criteres.commune
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude


def _ordonner(requete: OffreQuerySet, criteres: Criteres) -> OffreQuerySet:
    position = _position(criteres)
    if position is None:
        return requete.order_by("-publiee_le", "id")
    requete = avec_distance(requete, *position, prefixe="commune__")
    return requete.order_by(_Proximite(*position).asc(), "-publiee_le", "id")


class _Proximite(Func):
    """`commune <-> place`: what the GiST index of the communes gives in order, nearest first, so that the twenty
    nearest offers of 10 000 cost one millisecond. Communes without a position come last.
    """

    template = "(%(expressions)s)"
    arg_joiner = " <-> "
    output_field = FloatField()

    def __init__(self, latitude: float, longitude: float) -> None:
        lieu = (Value(float(degres), output_field=FloatField()) for degres in (latitude, longitude))
        ligne = (F("commune__latitude"), F("commune__longitude"))
        super().__init__(*(Func(*point, function="f_terre", output_field=CubeField()) for point in (ligne, lieu)))


def _page(requete: OffreQuerySet, criteres: Criteres, numero: Any) -> Resultats:
    """One query for as many offers as the map can show: page, number and map come together; at most three beyond.

    Words are put only on what is shown: rows read to know whether the whole fits cost little.
    """
    voulu = _entier(numero)
    ordonnee = _ordonner(requete, criteres)
    lignes = _lire(ordonnee[: POINTS_SUR_LA_CARTE + 1], criteres)
    if len(lignes) <= POINTS_SUR_LA_CARTE:
        return _decouper(lignes, voulu)
    total = requete.count()
    voulu = min(voulu, -(-total // PAR_PAGE))  # beyond the last page: show the last one
    debut = (voulu - 1) * PAR_PAGE
    tient = debut + PAR_PAGE <= POINTS_SUR_LA_CARTE
    page = lignes[debut : debut + PAR_PAGE] if tient else _lire(ordonnee[debut : debut + PAR_PAGE], criteres)
    offres = _listees(page)
    return _resultats(offres, voulu, total, offres)


def _decouper(toutes: list[Ligne], voulu: int) -> Resultats:
    """The page out of the whole."""
    voulu = min(voulu, max(1, -(-len(toutes) // PAR_PAGE)))
    debut = (voulu - 1) * PAR_PAGE
    listees = _listees(toutes)
    return _resultats(listees[debut : debut + PAR_PAGE], voulu, len(toutes), listees)


def _resultats(page: list[OffreListee], numero: int, total: int, sur_la_carte: list[OffreListee]) -> Resultats:
    paginateur: Paginator[OffreListee] = Paginator((), PAR_PAGE)
    paginateur.count = total
    situees = [offre for offre in sur_la_carte if offre.latitude is not None]
    return Resultats(page=Page(page, numero, paginateur), total=total, sur_la_carte=situees)


def _entier(numero: Any) -> int:
    texte = str(numero)
    return max(1, int(texte)) if texte.isascii() and texte.isdecimal() and len(texte) <= len("99999") else 1


def _lire(requete: OffreQuerySet, criteres: Criteres) -> list[Ligne]:
    colonnes = (*COLONNES, "distance_km") if _position(criteres) else COLONNES
    return list(requete.values_list(*colonnes))


def _listees(lignes: Sequence[Ligne]) -> list[OffreListee]:
    return [
        OffreListee(
            pk=pk,
            intitule=intitule,
            entreprise=entreprise,
            lieu=f"{commune} ({departement})",
            duree=_duree(nombre, restantes),
            periode=_periode(debut, fin),
            domaines=tuple(LIBELLES_DOMAINES[domaine] for domaine in domaines),
            latitude=latitude,
            longitude=longitude,
            distance=distance_km(reste[0]) if reste else "",
        )
        for (
            pk,
            intitule,
            nombre,
            restantes,
            domaines,
            debut,
            fin,
            entreprise,
            commune,
            departement,
            latitude,
            longitude,
            *reste,
        ) in lignes
    ]


@lru_cache(maxsize=1)
def _modele_url() -> str:
    return reverse("parcours:offre", args=[UUID(SANS_OBJET)])


# The same lengths and periods come back all day long: their words are made once.
_duree = lru_cache(maxsize=512)(duree_dite)
_periode = lru_cache(maxsize=20_000)(periode)


def _corriger(texte: str) -> tuple[Q | None, dict[str, list[str]]]:
    """The same search with each unknown word replaced by those that look like it; None when nothing comes near."""
    mots = re.findall(r"[^\W_]+", texte)[:MOTS_LUS]
    utiles = _sonder(mots)
    inconnus = {mot: _simple(mot) for mot, connu in utiles.items() if not connu}
    candidats: dict[str, list[str]] = {}
    if inconnus:
        with connection.cursor() as curseur:
            curseur.execute(PROCHES, [list(inconnus.values())])
            for saisi, mot in curseur.fetchall():
                candidats.setdefault(saisi, []).append(mot)
    proches = {mot: _plus_proches(simple, candidats.get(simple, [])) for mot, simple in inconnus.items()}
    publies = _sonder(sorted({mot for groupe in proches.values() for mot in groupe}))
    corrections = {mot: [proche for proche in groupe if publies.get(proche)] for mot, groupe in proches.items()}
    if not corrections or not all(corrections.values()):
        return None, {}
    groupes = [corrections.get(mot, [mot]) for mot in utiles]
    requetes = [reduce(or_, (SearchQuery(mot, config=CONFIG_RECHERCHE) for mot in groupe)) for groupe in groupes]
    return Q(recherche=reduce(and_, requetes)), corrections


def _sonder(mots: list[str]) -> dict[str, bool]:
    """For each word that is not a stop word ('de', 'la'), whether a published offer has it."""
    if not mots:
        return {}
    with connection.cursor() as curseur:
        curseur.execute(SONDE, [calendrier.aujourdhui(), mots])
        return {mot: connu for mot, vide, connu in curseur.fetchall() if not vide}


def _plus_proches(saisi: str, candidats: list[str]) -> list[str]:
    """Words that begin with what was typed; else those that share most of its letters, best first."""
    debuts = [mot for mot in candidats if mot.startswith(saisi)]
    if debuts:
        return debuts[:AUTRES_MOTS]
    notes = {mot: _ressemblance(saisi, mot) for mot in candidats}
    seuil = max(RESSEMBLANCE, max(notes.values(), default=0) - ECART_AU_MEILLEUR)
    retenus = sorted((mot for mot, note in notes.items() if note >= seuil), key=lambda mot: (-notes[mot], mot))
    return retenus[:AUTRES_MOTS]


@lru_cache(maxsize=20_000)
def _ressemblance(saisi: str, mot: str) -> float:
    commun = next((rang for rang, (une, autre) in enumerate(zip(saisi, mot, strict=False)) if une != autre), len(saisi))
    return difflib.SequenceMatcher(None, saisi, mot, autojunk=False).ratio() + MEME_DEBUT * min(commun, len(mot))


def _simple(mot: str) -> str:
    """As the lexicon writes it: lower case, no accents."""
    texte = unicodedata.normalize("NFKD", mot.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(signe for signe in texte if not unicodedata.combining(signe))
