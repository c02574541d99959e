"""Rungs about proposals: the company's silence goes up a ladder, each step once."""

from raccord.echeances.echelle import echelon
from raccord.echeances.models import Attente
from raccord.parcours.actions import reponse
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Positionnement
from raccord.parcours.workflow import OUVERTS
from raccord.socle import journal
from raccord.socle.contexte import SYSTEME


@echelon("repondre", "relance")
def relancer(attente: Attente) -> None:
    """The referent and human resources are reminded, each by a link of their own."""
    positionnement = _sans_reponse(attente)
    if positionnement is not None:
        contacts = messages.contacts_de_l_entreprise(positionnement, tous=True)
        messages.aux_contacts(messages.RELANCE, positionnement, contacts)
        _noter(positionnement, "relancer", "a rappelé à l'entreprise de répondre")


@echelon("repondre", "acheteur")
def appeler_l_acheteur(attente: Attente) -> None:
    """The buyer is told of the silence and what to do."""
    positionnement = _sans_reponse(attente)
    qui = messages.acheteur(positionnement) if positionnement else []
    if positionnement is not None and qui:  # nobody to call behind a spontaneous offer
        messages.a_ceux(messages.SILENCE_ACHETEUR, qui, positionnement)
        _noter(positionnement, "appeler_acheteur", "a demandé à l'acheteur d'appeler l'entreprise")


@echelon("repondre", "depasse")
def constater_le_retard(attente: Attente) -> None:
    """Fifteen days are over: everybody is told, the wait stays open, late, visible."""
    positionnement = _sans_reponse(attente)
    if positionnement is not None:
        qui = messages.tuteur(positionnement) + messages.coordination(positionnement)
        messages.a_ceux(messages.DEPASSEE, qui, positionnement)
        messages.a_ceux(messages.DEPASSEE_ACHETEUR, messages.acheteur(positionnement), positionnement)
        messages.au_jeune(messages.RETARD_JEUNE, positionnement)
        _noter(positionnement, "constater_retard", "a constaté que le délai de réponse est dépassé")


def _sans_reponse(attente: Attente) -> Positionnement | None:
    """The proposal while the company still owes an answer."""
    return Positionnement.objects.filter(pk=attente.objet_id, etat__in=OUVERTS).first()


def _noter(positionnement: Positionnement, verbe: str, texte: str) -> None:
    journal.inscrire(SYSTEME, positionnement, f"positionnement.{verbe}", texte)


@echelon("revenir", "acter")
def acter(attente: Attente) -> None:
    """The company's hour is over: everybody is told of its answer."""
    reponse.acter(attente.objet_id)


@echelon("rappeler", "retard")
def rappeler_le_rappel(attente: Attente) -> None:
    """The half-day is over and the company was not called: the tutor and the coordination are told."""
    positionnement = _sans_reponse(attente)
    if positionnement is not None:
        qui = messages.tuteur(positionnement) + messages.coordination(positionnement)
        messages.a_ceux(messages.RAPPEL_EN_RETARD, qui, positionnement)
        _noter(positionnement, "rappel_en_retard", "a constaté que l'entreprise n'a pas été rappelée")
