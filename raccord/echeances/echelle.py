"""Climbing the ladders: what falls due is said once, each wait in its own transaction."""

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from raccord.echeances.attentes import TYPES, Depuis, Echelon, echelons_de
from raccord.echeances.models import Attente, Rappel
from raccord.socle import identite, journal
from raccord.socle.contexte import SYSTEME
from raccord.socle.courrier import Destinataire, compter
from raccord.socle.models import ObjetSuivi

TRACES = logging.getLogger("raccord.echelle")
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
        return effet

    return enregistrer


def relever() -> int:
    """Climb what has fallen due on open waits that are not paused. Returns how many rungs. Two may run at once."""
    ouvertes = Attente.objects.ouvertes().filter(code__in=TYPES, echelle__isnull=False).select_related("echelle")
    montes = 0
    for attente in ouvertes.prefetch_related("rappels").iterator(500):
        if not attente.en_pause and _dus(attente, {rappel.echelon for rappel in attente.rappels.all()}):
            montes += _relever(attente)
    return montes


def monter_la_suite(attente_id: UUID) -> bool:
    """Climb the next rung now, whatever its day: whoever it was waiting for cannot be reached. False after the last."""
    with identite.agir(SYSTEME), transaction.atomic():
        attente = Attente.objects.select_for_update(of=("self",)).select_related("echelle").get(pk=attente_id)
        with identite.agir(SYSTEME, dossiers=tuple(attente.fil)):
            restants = _restants(attente, _passes(attente))
            if attente.close_le is not None or not restants:
                return False
            _gravir(attente, restants)
    return True


def _passes(attente: Attente) -> set[str]:
    return set(Rappel.objects.filter(attente=attente).values_list("echelon", flat=True))


def _restants(attente: Attente, passes: set[str]) -> list[Echelon]:
    """Rungs not climbed yet, in the order in which they fall."""
    barreaux = [barreau for barreau in echelons_de(attente) if barreau.code not in passes]
    return sorted(barreaux, key=lambda barreau: barreau.moment(attente))


def _dus(attente: Attente, passes: set[str]) -> list[Echelon]:
    return [barreau for barreau in _restants(attente, passes) if barreau.moment(attente) <= timezone.now()]


def _relever(attente: Attente) -> int:
    """One wait: after a long stop only the last rung due speaks, the others are written as passed."""
    try:
        with identite.agir(SYSTEME, dossiers=tuple(attente.fil)), transaction.atomic():
            ouverte = (
                Attente.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("echelle")
                .filter(pk=attente.pk, close_le__isnull=True)
                .first()
            )
            passes = _passes(ouverte) if ouverte else set()
            dus = _dus(ouverte, passes) if ouverte and not ouverte.en_pause else []
            if ouverte is None or not dus:
                return 0
            for barreau in dus[:-1]:
                _ecrire(ouverte, barreau, Rappel.Issue.PASSE, [])
            passes |= {barreau.code for barreau in dus[:-1]}
            return len(dus) - 1 + _gravir(ouverte, _restants(ouverte, passes))
    except Exception:  # one file that fails must not hold back the others; the trace keeps which
        TRACES.exception("échelon en échec", extra={"faits": {"attente": str(attente.pk)}})
        return 0


def _gravir(attente: Attente, restants: list[Echelon]) -> int:
    """The first of these rungs; and the next ones at once while nobody is there, save what waits for the due date."""
    for rang, barreau in enumerate(restants, 1):
        issue, prevenus = _dire(attente, barreau)
        dernier = rang == len(restants)
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
        objet_de(attente),
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
