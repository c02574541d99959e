"""Climbing the ladders: what falls due is said once, each wait in its own transaction."""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from raccord.echeances.attentes import TYPES, Depuis, Echelon, a_gravir, prochain_moment
from raccord.echeances.boite import en_reunissant, rappelant, sans_attendre_le_disque
from raccord.echeances.models import Attente, Rappel
from raccord.socle import identite, journal
from raccord.socle.contexte import SYSTEME
from raccord.socle.courrier import Destinataire, compter
from raccord.socle.models import ObjetSuivi
from raccord.socle.passe import MOTIFS

TRACES = logging.getLogger("raccord.echelle")
PAGE = 500
Effet = Callable[[Attente], Sequence[Destinataire] | None]
EFFETS: dict[tuple[str, str], Effet] = {}
# Who is told when a ladder ends and nobody could be: a slice above says it. Every silence ends at a named person.
RECOURS: list[Effet] = []


class SansObjet(Exception):
    """Il n'y a plus rien à dire : la situation a changé."""


class Absent(Exception):
    """La personne de cet échelon manque : l'échelon suivant est prévenu tout de suite."""


def echelon(code_attente: str, code_echelon: str) -> Callable[[Effet], Effet]:
    """Register what a rung does; the function receives the wait, locked, still open, not paused.

    Those told are those it writes to; it returns others who were told otherwise. It raises Absent when the person of
    the rung is missing, SansObjet when there is nothing to say any more.
    """

    def enregistrer(effet: Effet) -> Effet:
        EFFETS[code_attente, code_echelon] = effet
        MOTIFS[f"{code_attente}.{code_echelon}"] = f"Échéance passée : {TYPES[code_attente].action}"
        return effet

    return enregistrer


def relever() -> int:
    """Climb what has fallen due on open waits that are not paused. Returns how many rungs. Two may run at once.

    Only what is due is read, page after page: a wait that fails is met once, and again at the next round.
    """
    montes, instant = 0, timezone.now()
    page = dues = _dues(instant)
    with en_reunissant(), sans_attendre_le_disque():
        while lignes := list(page[:PAGE]):
            montes += sum(_relever(pk, tuple(fil)) for _, pk, fil in lignes)
            dernier, cle, _ = lignes[-1]
            page = dues.filter(Q(prochain__gt=dernier) | Q(prochain=dernier, pk__gt=cle))
    return montes


def _dues(instant: dt.datetime) -> "QuerySet[Attente, tuple[dt.datetime | None, UUID, list[UUID]]]":
    dues = Attente.objects.filter(code__in=TYPES, close_le__isnull=True, prochain__lte=instant)
    return dues.order_by("prochain", "pk").values_list("prochain", "pk", "fil")


def monter_la_suite(attente_id: UUID, *, avant_l_echeance: bool = False) -> bool:
    """Climb the next rung now, whatever its day: whoever it was waiting for cannot be reached. False after the last.

    `avant_l_echeance`: not those that the due date alone commands.
    """
    fil = Attente.objects.values_list("fil", flat=True).get(pk=attente_id)
    with identite.agir(SYSTEME, dossiers=tuple(fil)), transaction.atomic():
        attente = Attente.objects.select_for_update(of=("self",)).select_related("echelle").get(pk=attente_id)
        passes = _passes(attente)
        restants = a_gravir(attente, passes) if attente.close_le is None else []
        if avant_l_echeance and restants and restants[0].depuis != Depuis.OUVERTURE:
            return False
        if restants:
            _gravir(attente, restants, passes)
    return bool(restants)


def _passes(attente: Attente) -> set[str]:
    return set(Rappel.objects.filter(attente=attente).values_list("echelon", flat=True))


def _relever(attente_id: UUID, fil: tuple[UUID, ...]) -> int:
    try:
        with identite.agir(SYSTEME, dossiers=fil, motif="echelle"), transaction.atomic():
            return _monter(attente_id)
    except Exception:  # one file that fails must not hold back the others; the trace keeps which
        TRACES.exception("échelon en échec", extra={"faits": {"attente": str(attente_id)}})
        return 0


def _monter(attente_id: UUID) -> int:
    """One wait: after a long stop only the last rung due speaks, the others are written as passed."""
    instant = timezone.now()
    ouvertes = Attente.objects.select_for_update(skip_locked=True, of=("self",)).select_related("echelle")
    attente = ouvertes.filter(pk=attente_id, close_le__isnull=True, prochain__lte=instant).first()
    if attente is None or attente.en_pause:
        return 0
    passes = _passes(attente)
    restants = a_gravir(attente, passes)
    dus = [barreau for barreau in restants if barreau.moment(attente) <= instant]
    if not dus:
        Attente.objects.filter(pk=attente_id).update(prochain=prochain_moment(attente, passes))
        return 0
    for barreau in dus[:-1]:
        _ecrire(attente, barreau, Rappel.Issue.PASSE, [])
        passes.add(barreau.code)
    return len(dus) - 1 + _gravir(attente, restants[len(dus) - 1 :], passes)


def _gravir(attente: Attente, restants: list[Echelon], passes: set[str]) -> int:
    """The first of these rungs; and the next ones at once while nobody is there, save what waits for the due date."""
    montes = _dire_jusqu_a_quelqu_un(attente, restants)
    passes |= {barreau.code for barreau in restants[:montes]}
    Attente.objects.filter(pk=attente.pk).update(prochain=prochain_moment(attente, passes))
    return montes


def _dire_jusqu_a_quelqu_un(attente: Attente, restants: list[Echelon]) -> int:
    for rang, barreau in enumerate(restants, 1):
        identite.pour(f"{attente.code}.{barreau.code}")
        dernier = rang == len(restants)
        with rappelant(attente):
            issue, prevenus = _dire(attente, barreau)
            if dernier and issue == Rappel.Issue.ABSENT and not prevenus:
                prevenus = _dire_en_dernier_recours(attente)
        _ecrire(attente, barreau, issue, prevenus)
        if dernier or issue != Rappel.Issue.ABSENT or restants[rang].depuis != Depuis.OUVERTURE:
            return rang
    return 0


def _dire(attente: Attente, barreau: Echelon) -> tuple[str, list[Destinataire]]:
    with compter() as ecrits:
        try:
            autres = EFFETS[attente.code, barreau.code](attente) or ()
        except SansObjet:
            return Rappel.Issue.SANS_OBJET, []
        except Absent:
            return Rappel.Issue.ABSENT, ecrits
    prevenus = [*ecrits, *autres]
    return (Rappel.Issue.DIT if prevenus else Rappel.Issue.ABSENT), prevenus


def _dire_en_dernier_recours(attente: Attente) -> list[Destinataire]:
    with compter() as ecrits:
        for recourir in RECOURS:
            recourir(attente)
    if not ecrits:
        TRACES.error("silence sans personne", extra={"faits": {"attente": str(attente.pk), "code": attente.code}})
    return ecrits


def _ecrire(attente: Attente, barreau: Echelon, issue: str, prevenus: Sequence[Destinataire]) -> None:
    """What was climbed, and its line in the journal: whom it told, by ids."""
    ids = list(dict.fromkeys(pk for qui in prevenus if (pk := qui.contact_id or qui.utilisateur_id)))
    Rappel.objects.create(attente=attente, echelon=barreau.code, issue=issue, prevenus=ids)
    if issue == Rappel.Issue.SANS_OBJET:
        return
    journal.inscrire(
        SYSTEME,
        journal.Repere(attente.objet_type, attente.objet_id, attente.fil),
        f"echelle.{barreau.code}",
        PHRASES[issue].format(qui=barreau.qui)[:200],
        faits={"attente": attente.code, "issue": issue, "prevenus": [str(pk) for pk in ids]},
        audience=TYPES[attente.code].audience,
    )


PHRASES: dict[str, str] = {
    Rappel.Issue.DIT: "a prévenu {qui}",
    Rappel.Issue.ABSENT: "n’a pas trouvé {qui} : la suite est prévenue sans attendre",
    Rappel.Issue.PASSE: "n’a pas écrit à part à {qui} : l’échelon suivant était venu",
}


def objet_de(attente: Attente) -> ObjetSuivi:
    """What is waited for."""
    objet: ObjetSuivi = apps.get_model(attente.objet_type)._base_manager.get(pk=attente.objet_id)
    return objet
