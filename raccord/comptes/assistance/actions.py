"""Ask for help, give it, end it. The journal keeps each end of it, in the name of who did it."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.assistance import acces, messages
from raccord.comptes.enums import FinAssistance
from raccord.comptes.models import Adhesion, Assistance
from raccord.socle import journal
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu, RoleRefuse
from raccord.socle.parametres import valeur
from raccord.socle.verrous import contraintes_en_mots

TEXTES_DE_FIN = {
    FinAssistance.QUITTEE: "a quitté l'assistance",
    FinAssistance.ARRETEE: "a arrêté l'assistance",
    FinAssistance.TERME: "a constaté la fin de l'assistance",
}


def demander(contexte: Contexte, adhesion: Adhesion, *, motif: str) -> Assistance:
    """Say what is wrong; whoever may help is told. Raises ErreurMetier on `motif`, RoleRefuse, DejaFait."""
    if not acces.peut_demander(contexte):
        raise RoleRefuse
    with contraintes_en_mots(), transaction.atomic():
        Adhesion.objects.select_for_update().get(pk=adhesion.pk)
        for passee in Assistance.objects.passees().filter(adhesion=adhesion):
            terminer(SYSTEME, passee.pk, FinAssistance.TERME)
        if Assistance.objects.filter(adhesion=adhesion, finie_le__isnull=True).exists():
            raise DejaFait("Votre demande d'aide est déjà partie.")
        assistance = Assistance.objects.create(
            adhesion=adhesion, motif=motif.strip(), expire_le=_dans("validite_demande_aide")
        )
        journal.inscrire(contexte, assistance, "assistance.demander", "a demandé de l'aide")
        messages.aux_assistants(assistance)
    return assistance


def commencer(contexte: Contexte, adhesion: Adhesion, assistance_id: UUID) -> Assistance:
    """The national team takes it. Raises RoleRefuse, ObjetDisparu (taken by another, called off, out of time)."""
    if not acces.peut_assister(contexte):
        raise RoleRefuse
    with transaction.atomic():
        assistance = acces.demandes(contexte).select_for_update(of=("self",)).filter(pk=assistance_id).first()
        if assistance is None:
            raise ObjetDisparu("Cette demande d'aide n'attend plus : quelqu'un l'a prise, ou son temps est passé.")
        assistance.assistant, assistance.debut = adhesion, timezone.now()
        assistance.expire_le = _dans("duree_assistance")
        assistance.save()
        journal.inscrire(contexte, assistance, "assistance.commencer", "a commencé l'assistance")
        messages.a_la_personne_aidee(assistance, adhesion)
    return assistance


def terminer(contexte: Contexte, assistance_id: UUID, fin: FinAssistance) -> None:
    """End it, at once. Raises DejaFait."""
    with transaction.atomic():
        assistance = (
            Assistance.objects.select_for_update(of=("self",))
            .select_related("adhesion")
            .filter(pk=assistance_id)
            .first()
        )
        if assistance is None or assistance.finie_le is not None:
            raise DejaFait("C'est déjà fini.")
        assistance.finie_le, assistance.fin = min(timezone.now(), assistance.expire_le), fin
        assistance.save()
        journal.inscrire(contexte, assistance, "assistance.terminer", TEXTES_DE_FIN[fin])


def terminer_les_passees() -> int:
    """What ran out while nobody looked. Returns how many."""
    terminees = 0
    for assistance in Assistance.objects.passees().order_by("pk"):
        try:
            terminer(SYSTEME, assistance.pk, FinAssistance.TERME)
        except ErreurMetier:  # ended meanwhile
            continue
        terminees += 1
    return terminees


def _dans(parametre: str) -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=valeur(parametre))
