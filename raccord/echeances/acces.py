"""The only road to waits."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.utils import timezone

from raccord.echeances.attentes import TYPES
from raccord.echeances.models import Attente
from raccord.socle import calendrier
from raccord.socle.contexte import Contexte

LIMITE = 200
EN_RETARD = "En retard"
BIENTOT = 7
"""Days that make the near future of 'Ma journée'."""

# Names of the people among these ids, to whoever may read them. `jeunes` stands above and fills it: a wait keeps
# no name, it is looked up each time it is shown.
NOMS: list[Callable[[Contexte, Collection[UUID]], dict[UUID, str]]] = []


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
    attentes = list(Attente.objects.ouvertes().de(contexte)[:LIMITE])
    noms = _noms(contexte, {objet_id for attente in attentes for objet_id in attente.fil})
    for attente in attentes:
        attente.url = TYPES[attente.code].url(attente.objet_id)  # type: ignore[attr-defined]  # read by the card
        attente.lien = TYPES[attente.code].lien  # type: ignore[attr-defined]  # read by the page of a link
        attente.personne = next((noms[pk] for pk in attente.fil if pk in noms), "")  # type: ignore[attr-defined]
        qui = attente.utilisateur_id
        absent = (absents or {}).get(qui, "") if qui and qui != contexte.utilisateur_id else ""
        attente.pour = f"À la place de {absent}, absent." if absent else ""  # type: ignore[attr-defined]
    return attentes


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


def attentes_de(objet_id: UUID) -> list[Attente]:
    """Open waits that concern an object the caller may already see: who must act, by when."""
    return list(Attente.objects.ouvertes().du_fil(objet_id))


def attentes_situees(contexte: Contexte, objet_id: UUID) -> list[Attente]:
    """The same, with the page where one acts on those that are the caller's own."""
    attentes = attentes_de(objet_id)
    for attente in attentes:
        a_moi = attente.utilisateur_id in contexte.tient_lieu_de
        attente.url = TYPES[attente.code].url(attente.objet_id) if a_moi else ""  # type: ignore[attr-defined]
    return attentes
