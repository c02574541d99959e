"""The only road to waits."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.utils import timezone

from raccord.comptes.enums import GenreOrganisation, Role
from raccord.comptes.models import Organisation
from raccord.echeances.attentes import TYPES, Depuis, Echelon, Unite, lire
from raccord.echeances.models import Attente, Echelle
from raccord.echeances.suivi import suivre
from raccord.socle import calendrier, mots
from raccord.socle.contexte import Contexte
from raccord.territoires.models import RegionAcademique

LIMITE = 200
EN_RETARD = "En retard"
FRANCE = "France entière"
BIENTOT = 7
"""Days that make the near future of 'Ma journée'."""

# Names of the people among these ids, to whoever may read them. `jeunes` stands above and fills it: a wait keeps
# no name, it is looked up each time it is shown.
NOMS: list[Callable[[Contexte, Collection[UUID]], dict[UUID, str]]] = []
# Ids of what this person leads and hopes an answer about; what stands above says it.
MENES: list[Callable[[Contexte], Collection[UUID]]] = []


@dataclass(frozen=True, kw_only=True)
class RencontreDuJour:
    """A meeting as 'Ma journée' shows it, at the hour of its place: where to go and whom to call."""

    quand: str
    titre: str
    url: str = ""
    personne: str = ""
    lieu: str = ""
    qui: str = ""
    telephone: str = ""


# Meetings of the day of somebody with an account, meetings ahead of whoever holds a link. `parcours` fills it.
RENCONTRES: list[Callable[[Contexte], list[RencontreDuJour]]] = []


def mes_rencontres(contexte: Contexte) -> list[RencontreDuJour]:
    """What is fixed and comes first, by hour."""
    return [rencontre for trouver in RENCONTRES for rencontre in trouver(contexte)]


def mes_attentes(contexte: Contexte, absents: Mapping[UUID, str] | None = None) -> list[Attente]:
    """My open waits, oldest due first, each with the page where I act and whom it is about if I may know.

    `absents` names the colleagues whom I stand in for: their waits say so.
    """
    miennes = Attente.objects.ouvertes().de(contexte).exclude(code__in=_facultatives())
    attentes = suivre(miennes[:LIMITE], contacts=False)
    noms = _noms(contexte, {objet_id for attente in attentes for objet_id in attente.fil})
    for attente in attentes:
        attente.url = TYPES[attente.code].url(attente.objet_id)
        attente.lien = TYPES[attente.code].lien
        attente.personne = next((noms[pk] for pk in attente.fil if pk in noms), "")
        qui = attente.utilisateur_id
        absent = (absents or {}).get(qui, "") if qui and qui != contexte.utilisateur_id else ""
        attente.pour = f"À la place de {absent}, absent." if absent else ""
    return attentes


def attentes_des_autres(contexte: Contexte) -> list[Attente]:
    """What others owe on the files this person leads, oldest due first: with the page of each, and whom it is about."""
    menes = {pk for mener in MENES for pk in mener(contexte)}
    if not menes:
        return []
    autres = Attente.objects.ouvertes().filter(objet_id__in=menes).exclude(role=contexte.role)
    autres = autres.exclude(code__in=_facultatives())
    attentes = suivre(autres[:LIMITE], contacts=False)
    noms = _noms(contexte, {objet_id for attente in attentes for objet_id in attente.fil})
    for attente in attentes:
        attendu = TYPES[attente.code]
        attente.url = (attendu.page_de_suivi or attendu.url)(attente.objet_id)
        attente.personne = next((noms[pk] for pk in attente.fil if pk in noms), "")
    return attentes


def _facultatives() -> list[str]:
    return [code for code, attendu in TYPES.items() if attendu.facultative]


def attente_du_porteur(contexte: Contexte, attente_id: UUID) -> Attente | None:
    """One of my open waits that a link can do."""
    attente = Attente.objects.ouvertes().de(contexte).filter(pk=attente_id).first()
    return attente if attente is not None and TYPES[attente.code].lien else None


def par_urgence(attentes: Iterable[Attente]) -> list[tuple[str, list[Attente]]]:
    """Waits in the order given, oldest due first, cut where one may stop reading for today."""
    return [(titre, list(groupe)) for titre, groupe in groupby(attentes, _urgence)]


def _urgence(attente: Attente) -> str:
    jours = (timezone.localdate(attente.echeance) - calendrier.aujourdhui()).days
    if jours < 0:
        return EN_RETARD
    return "Dans les sept jours" if jours <= BIENTOT else "Plus tard"


def _noms(contexte: Contexte, ids: Collection[UUID]) -> dict[UUID, str]:
    return {pk: nom for nommer in NOMS for pk, nom in nommer(contexte, ids).items()} if ids else {}


def attentes_de(objet_id: UUID, *, contacts: bool = False) -> list[Attente]:
    """Open waits that concern an object the caller may already see: who must act, by when, who was told.

    `contacts`: whether people without account are named (level 2).
    """
    return suivre(Attente.objects.ouvertes().du_fil(objet_id), contacts=contacts)


def attentes_situees(contexte: Contexte, objet_id: UUID) -> list[Attente]:
    """The same, with the page where one acts on those that are the caller's own."""
    attentes = attentes_de(objet_id)
    for attente in attentes:
        a_moi = attente.utilisateur_id in contexte.tient_lieu_de
        attente.url = TYPES[attente.code].url(attente.objet_id) if a_moi else ""
    return attentes


# --- Ladders ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EchelleLue:
    """A ladder as people read it."""

    code: str
    ou: str
    debut: dt.date
    source: str
    quand: str
    echelons: list[tuple[str, str, str]]
    """When, who, what is asked."""

    @property
    def a_part(self) -> bool:
        """Not the one of everybody, today."""
        return self.quand == "à venir" or (self.quand == "en vigueur" and self.ou != FRANCE)


@dataclass(frozen=True, kw_only=True)
class EchellesLues:
    """What is awaited, and its ladders: the one of everybody first."""

    code: str
    action: str
    echelles: list[EchelleLue]

    @property
    def a_part(self) -> list[EchelleLue]:
        """Those that do not go without saying."""
        return [echelle for echelle in self.echelles if echelle.a_part]

    @property
    def resume(self) -> str:
        """'2 échelons, le dernier : l'acheteur ; autrement : Partenariat avec la Ville de Lille (en vigueur)'."""
        commune = next((echelle for echelle in self.echelles if not echelle.a_part), self.echelles[0])
        autres = mots.liste_fr(f"{echelle.ou} ({echelle.quand})" for echelle in self.a_part)
        nombre, (_, dernier, _) = mots.pluriel(len(commune.echelons), "échelon"), commune.echelons[-1]
        ecarts = f" ; autrement : {autres}" if autres else ""
        return f"{nombre}{', le dernier' if len(commune.echelons) > 1 else ''} : {dernier}{ecarts}"


def echelles_par_attente() -> list[EchellesLues]:
    """Every ladder on one screen."""
    groupes = groupby(_toutes_les_echelles(), lambda echelle: echelle.code)
    return [EchellesLues(code=code, action=TYPES[code].action, echelles=list(groupe)) for code, groupe in groupes]


def _toutes_les_echelles() -> list[EchelleLue]:
    """Every ladder, by what is awaited, France first, the latest first."""
    portees = dict(portees_possibles())
    ordre = list(TYPES)
    echelles = [echelle for echelle in Echelle.objects.order_by("portee", "-debut") if echelle.attente in TYPES]
    vues: set[tuple[str, str]] = set()
    lues = []
    for echelle in sorted(echelles, key=lambda echelle: ordre.index(echelle.attente)):
        cle = (echelle.attente, echelle.portee)
        a_venir = echelle.debut > calendrier.aujourdhui()
        quand = "à venir" if a_venir else "avant" if cle in vues else "en vigueur"
        vues |= set() if a_venir else {cle}
        lues.append(
            EchelleLue(
                code=echelle.attente,
                ou=portees.get(echelle.portee, echelle.portee),
                debut=echelle.debut,
                source=echelle.source,
                quand=quand,
                echelons=[(_quand(barreau), barreau.qui, barreau.demande) for barreau in lire(echelle)],
            )
        )
    return lues


def _quand(barreau: Echelon) -> str:
    if barreau.delai == 0:
        return "À l’ouverture" if barreau.depuis == Depuis.OUVERTURE else "À l’échéance"
    unite = Unite(barreau.unite).label
    return f"{barreau.delai} {unite if barreau.delai > 1 else 'jour'} {Depuis(barreau.depuis).label}"


def portees_possibles() -> list[tuple[str, str]]:
    """France, the régions académiques, the buyers who have contracts (their partnership)."""
    regions = [(f"region:{pk}", nom) for pk, nom in RegionAcademique.objects.values_list("pk", "nom")]
    acheteurs = Organisation.objects.filter(genre=GenreOrganisation.ACHETEUR).order_by("nom", "pk")
    partenariats = [(f"acheteur:{pk}", f"Partenariat avec {nom}") for pk, nom in acheteurs.values_list("pk", "nom")]
    return [("", FRANCE), *regions, *partenariats]


def peut_changer_les_echelles(contexte: Contexte) -> bool:
    """The national administrator alone."""
    return contexte.role == Role.NATIONAL and contexte.administrateur
