"""Rungs about the circle (the tutor is reminded, then the coordination is told) and about the context sheet."""

from raccord.echeances.attentes import clore_celle
from raccord.echeances.echelle import echelon
from raccord.echeances.models import Attente
from raccord.jeunes import messages
from raccord.jeunes.actions import fiche
from raccord.jeunes.models import DemandeRetrait, FicheContexte, Jeune


def _demande(attente: Attente) -> DemandeRetrait:
    return DemandeRetrait.objects.select_related("jeune__tuteur", "jeune__organisation", "acces__organisation").get(
        pk=attente.objet_id
    )


@echelon("repondre_retrait", "rappel")
def rappeler_au_tuteur(attente: Attente) -> None:
    """The young person is still waiting."""
    messages.au_tuteur(messages.RETRAIT_RAPPEL, _demande(attente))


@echelon("repondre_retrait", "coordination")
def prevenir_la_coordination(attente: Attente) -> None:
    """The due date is past: tutor and coordinators are told."""
    demande = _demande(attente)
    messages.au_tuteur(messages.RETRAIT_RAPPEL, demande)
    messages.a_la_coordination(messages.RETRAIT_RETARD, demande)


def _jeune(attente: Attente) -> Jeune:
    return Jeune.objects.select_related("tuteur", "organisation").get(pk=attente.fil[-1])


@echelon("relire_brouillon", "rappel")
def rappeler_le_brouillon(attente: Attente) -> None:
    """The draft goes if nobody answers it: its owner is told, by link."""
    messages.au_sujet_de_la_fiche(messages.BROUILLON_RAPPEL, _jeune(attente), attente.echeance)


@echelon("relire_brouillon", "peremption")
def perimer_le_brouillon(attente: Attente) -> None:
    """At the due date a draft that was not approved is erased, and its tutor told."""
    # A person's action takes the sheet first, then the wait; we hold the wait: never wait for the sheet here.
    FicheContexte.objects.select_for_update(of=("self",), no_key=True, nowait=True).get(pk=attente.objet_id)
    fiche.perimer(attente.objet_id)
    messages.au_tuteur_de_la_fiche(messages.BROUILLON_PERIME, _jeune(attente), attente.echeance)


@echelon("renouveler_fiche", "rappel")
def rappeler_la_fin_de_la_fiche(attente: Attente) -> None:
    """Before it stops being shown: the young person by link, and the tutor who may speak of it."""
    jeune = _jeune(attente)
    messages.au_sujet_de_la_fiche(messages.FICHE_RAPPEL, jeune, attente.echeance)
    messages.au_tuteur_de_la_fiche(messages.FICHE_RAPPEL_TUTEUR, jeune, attente.echeance)


@echelon("renouveler_fiche", "fin")
def laisser_finir_la_fiche(attente: Attente) -> None:
    """The date has come: nobody reads the sheet any more (its policy says so), nothing is awaited."""
    clore_celle(attente, issue="expirée")
