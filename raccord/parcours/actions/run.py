"""The RUN: one file after the other, oldest first, never one that somebody else is on."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from raccord.echeances.actions import lacher, tenir
from raccord.parcours.acces.relances import bloques, perimetres, run_ouvert
from raccord.parcours.enums import IssueRun
from raccord.parcours.models import DossierRun, Run
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier, RoleRefuse
from raccord.socle.verrous import contraintes_en_mots

ESSAIS = 20


class PerimetreInconnu(ErreurMetier):
    """Choisissez un périmètre de la liste."""


@transaction.atomic
def commencer(contexte: Contexte, *, perimetre: str) -> Run:
    """A session and its first file; the one that was left open is resumed, whatever its scope."""
    if perimetre not in dict(perimetres(contexte)):
        raise PerimetreInconnu(champ="perimetre")
    run = run_ouvert(contexte)
    if run is None:
        run = Run(perimetre=perimetre)
        run.utilisateur_id, run.organisation_id = _qui(contexte)
        with contraintes_en_mots():
            run.save(force_insert=True)
    if run.en_cours is None or not tenir(contexte, run.en_cours):
        _prendre_le_suivant(contexte, run)
    return run


@transaction.atomic
def passer_au_suivant(contexte: Contexte, run_id: UUID, *, issue: str, attente_id: UUID) -> Run:
    """Write what came of the file on screen, let it go, take the next one.

    A second click, or an old tab, writes nothing: the file it speaks of is no longer the one on screen.
    """
    run = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.clos_le is not None or run.en_cours_id != attente_id:
        return run
    DossierRun.objects.create(run=run, attente_id=attente_id, issue=IssueRun(issue), le=timezone.now())
    lacher(contexte, attente_id)
    _prendre_le_suivant(contexte, run)
    return run


@transaction.atomic
def terminer(contexte: Contexte, run_id: UUID) -> Run:
    """Close the session; its recap stays."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.en_cours_id is not None:
        lacher(contexte, run.en_cours_id)
    run.en_cours, run.clos_le = None, run.clos_le or timezone.now()
    run.save()
    return run


def _qui(contexte: Contexte) -> tuple[UUID, UUID]:
    if contexte.utilisateur_id is None or contexte.organisation_id is None:
        raise RoleRefuse
    return contexte.utilisateur_id, contexte.organisation_id


def _prendre_le_suivant(contexte: Contexte, run: Run) -> None:
    """The oldest stuck file that did not go by and that nobody else holds."""
    passes = run.dossiers.values("attente_id")
    libres = bloques(contexte, run.perimetre).exclude(pk__in=passes)
    a_autrui = Q(tenue_jusqua__gt=timezone.now()) & ~Q(tenue_par_id=contexte.utilisateur_id)
    candidats = libres.exclude(a_autrui)[:ESSAIS]
    run.en_cours = next((attente for attente in candidats if tenir(contexte, attente)), None)
    run.save()
