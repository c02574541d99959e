"""A wait on one line: since when, what was already sent, when the next rung falls; its whole ladder one tap away."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone

from raccord.comptes.models import Contact, Utilisateur
from raccord.echeances.attentes import Depuis, Echelon, echelons_de
from raccord.echeances.models import Attente, Rappel
from raccord.socle import mots

SEMAINE = 7


@dataclass(frozen=True, kw_only=True)
class Suivi:
    """What everybody who sees the wait reads of its ladder."""

    depuis: dt.datetime
    ligne: str
    """'Depuis 6 jours · 2 rappels, le dernier lundi · prochain mercredi : l'acheteur'."""
    dits: list[str]
    """Who was told, each with its day."""
    a_venir: list[str]
    """Who will be told, each with its day."""
    ensuite: str
    pause: str
    tenue: str


def suivre(attentes: Iterable[Attente], *, contacts: bool) -> list[Attente]:
    """Give each wait its `suivi`. People without account are named only when `contacts` (level 2). Five queries."""
    attentes = list(attentes)
    prefetch_related_objects(attentes, "rappels", "echelle")
    noms = _noms(attentes, contacts)
    for attente in attentes:
        attente.suivi = _suivi(attente, noms)
    return attentes


def _suivi(attente: Attente, noms: Mapping[UUID, str]) -> Suivi:
    dits = sorted((rappel for rappel in attente.rappels.all() if rappel.prevenus), key=lambda rappel: rappel.le)
    restants = _restants(attente)
    barreaux = {barreau.code: barreau for barreau in echelons_de(attente)}
    rappels = [rappel for rappel in dits if not _demande(barreaux.get(rappel.echelon))]
    envoye = _rappels(rappels) if rappels else "demande envoyée" if dits else ""
    morceaux = [_depuis(attente.ouverte_le), envoye, _prochain(attente, rappels, restants)]
    return Suivi(
        depuis=attente.ouverte_le,
        ligne=" · ".join(filter(None, morceaux)),
        dits=[_dit(rappel, barreaux, noms) for rappel in dits],
        a_venir=[f"le {mots.date_fr(moment)} : {barreau.qui}" for moment, barreau in restants],
        ensuite=_ensuite(attente, restants),
        pause=_pause(attente, noms),
        tenue=_tenue(attente, noms),
    )


def _noms(attentes: list[Attente], contacts: bool) -> dict[UUID, str]:
    ids = {pk for attente in attentes for rappel in attente.rappels.all() for pk in rappel.prevenus}
    comptes = ids | {pk for attente in attentes for pk in (attente.pause_par_id, attente.tenue_par_id) if pk}
    if not comptes:
        return {}
    noms = {compte.pk: compte.nom_complet for compte in Utilisateur.objects.filter(pk__in=comptes)}
    return noms | (dict(Contact.objects.filter(pk__in=ids).values_list("pk", "nom")) if contacts else {})


def _restants(attente: Attente) -> list[tuple[dt.datetime, Echelon]]:
    """The rungs that have not fallen, with their day."""
    passes, maintenant = {rappel.echelon for rappel in attente.rappels.all()}, timezone.now()
    moments = [(barreau.moment(attente), barreau) for barreau in echelons_de(attente) if barreau.code not in passes]
    return sorted((un for un in moments if un[0] > maintenant), key=lambda un: un[0])


def _depuis(quand: dt.datetime) -> str:
    jours = -_jours(quand)
    proches = {0: "aujourd’hui", 1: "hier"}
    return f"Depuis {proches.get(jours) or mots.pluriel(jours, 'jour')}"


def _demande(barreau: Echelon | None) -> bool:
    """The first message asks; those that follow remind."""
    return barreau is not None and barreau.delai == 0 and barreau.depuis == Depuis.OUVERTURE


def _rappels(rappels: list[Rappel]) -> str:
    dernier = f"{', le dernier' if len(rappels) > 1 else ''} {_jour(rappels[-1].le)}"
    return f"{mots.pluriel(len(rappels), 'rappel')}{dernier}"


def _prochain(attente: Attente, rappels: list[Rappel], restants: list[tuple[dt.datetime, Echelon]]) -> str:
    if restants:
        moment, barreau = restants[0]
        premier, virgule, _ = barreau.qui.partition(",")
        return f"{'prochain' if rappels else 'rappel'} {_jour(moment)} : {premier}{'…' if virgule else ''}"
    return "tous les rappels sont partis" if rappels and attente.en_retard else ""


def _jours(quand: dt.datetime) -> int:
    return (timezone.localdate(quand) - timezone.localdate()).days


def _jour(quand: dt.datetime) -> str:
    """As one says it: 'hier', 'lundi' within the week, then 'le 11 novembre', with its year when it is another."""
    jours = _jours(quand)
    if abs(jours) <= 1:
        return {-1: "hier", 0: "aujourd’hui", 1: "demain"}[jours]
    jour, numero, annee = (mots.date_fr(quand, "jour").split(" ", 1)[0], *mots.date_fr(quand).rsplit(" ", 1))
    if abs(jours) < SEMAINE:
        return jour
    return f"le {numero}" if annee == str(timezone.localdate().year) else f"le {numero} {annee}"


def _dit(rappel: Rappel, barreaux: Mapping[str, Echelon], noms: Mapping[UUID, str]) -> str:
    nommes = [noms[pk] for pk in rappel.prevenus if pk in noms]
    barreau = barreaux.get(rappel.echelon)
    qui = barreau.qui if barreau else ""
    return f"le {mots.date_fr(rappel.le)} : {qui}{f' ({mots.liste_fr(nommes)})' if nommes else ''}"


def _ensuite(attente: Attente, restants: list[tuple[dt.datetime, Echelon]]) -> str:
    """The next rung, and its day; what remains when all have fallen."""
    if restants:
        moment, barreau = restants[0]
        return f"Prochain rappel le {mots.date_fr(moment)} : {barreau.qui}."
    barreaux = echelons_de(attente)
    if barreaux and attente.en_retard:
        return f"Tous les rappels sont passés, jusqu’au dernier ({barreaux[-1].qui}) : la demande reste ouverte."
    return ""


def _pause(attente: Attente, noms: Mapping[UUID, str]) -> str:
    if not attente.en_pause or attente.pause_jusqua is None:
        return ""
    qui = noms.get(attente.pause_par_id, "") if attente.pause_par_id else ""
    jusqua = mots.date_fr(attente.pause_jusqua)
    return f"Rappels en pause jusqu’au {jusqua}{f', par {qui}' if qui else ''} : {attente.pause_raison}"


def _tenue(attente: Attente, noms: Mapping[UUID, str]) -> str:
    if attente.tenue_par_id is None or attente.tenue_jusqua is None or attente.tenue_jusqua <= timezone.now():
        return ""
    return f"{noms.get(attente.tenue_par_id, 'Quelqu’un')} s’en occupe."
