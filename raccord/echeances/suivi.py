"""A wait on one line: since when, who was already told, when the next rung falls, whether it is paused or held."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone

from raccord.comptes.models import Contact, Utilisateur
from raccord.echeances.attentes import echelons_de
from raccord.echeances.models import Attente, Rappel
from raccord.socle.templatetags import raccord as mots


@dataclass(frozen=True, kw_only=True)
class Suivi:
    """What everybody who sees the wait reads of its ladder."""

    depuis: dt.datetime
    deja: str
    ensuite: str
    pause: str
    tenue: str


def suivre(attentes: Iterable[Attente], *, contacts: bool) -> list[Attente]:
    """Give each wait its `suivi`. People without account are named only when `contacts` (level 2). Five queries."""
    attentes = list(attentes)
    prefetch_related_objects(attentes, "rappels", "echelle")
    noms = _noms(attentes, contacts)
    for attente in attentes:
        attente.suivi = Suivi(
            depuis=attente.ouverte_le,
            deja=_deja(attente, noms),
            ensuite=_ensuite(attente),
            pause=_pause(attente, noms),
            tenue=_tenue(attente, noms),
        )
    return attentes


def _noms(attentes: list[Attente], contacts: bool) -> dict[UUID, str]:
    ids = {pk for attente in attentes for rappel in attente.rappels.all() for pk in rappel.prevenus}
    comptes = ids | {pk for attente in attentes for pk in (attente.pause_par_id, attente.tenue_par_id) if pk}
    if not comptes:
        return {}
    noms = {compte.pk: compte.nom_complet for compte in Utilisateur.objects.filter(pk__in=comptes)}
    return noms | (dict(Contact.objects.filter(pk__in=ids).values_list("pk", "nom")) if contacts else {})


def _deja(attente: Attente, noms: Mapping[UUID, str]) -> str:
    """'le référent de l'entreprise (Anne Petit) le 6 octobre ; l'acheteur le 16 octobre'."""
    qui = {barreau.code: barreau.qui for barreau in echelons_de(attente)}
    dits = sorted((rappel for rappel in attente.rappels.all() if rappel.prevenus), key=lambda rappel: rappel.le)
    return " ; ".join(_dit(rappel, qui.get(rappel.echelon, ""), noms) for rappel in dits)


def _dit(rappel: Rappel, qui: str, noms: Mapping[UUID, str]) -> str:
    nommes = [noms[pk] for pk in rappel.prevenus if pk in noms]
    return f"{qui}{f' ({mots.liste_fr(nommes)})' if nommes else ''} le {mots.date_fr(rappel.le)}"


def _ensuite(attente: Attente) -> str:
    """The next rung that has not fallen, and its day; what remains when all have."""
    passes = {rappel.echelon for rappel in attente.rappels.all()}
    barreaux = echelons_de(attente)
    restants = sorted((b.moment(attente), b.qui) for b in barreaux if b.code not in passes)
    maintenant = timezone.now()
    for moment, qui in restants:
        if moment > maintenant:
            return f"Prochain rappel le {mots.date_fr(moment)} : {qui}."
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
