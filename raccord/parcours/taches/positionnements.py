"""Rungs about proposals: the company's silence goes up a ladder, each step once, and ends at a named person."""

from raccord.comptes.joignabilite import recoit
from raccord.comptes.models import Contact
from raccord.echeances import attentes as echeances
from raccord.echeances.echelle import Absent, SansObjet, echelon
from raccord.echeances.models import Attente
from raccord.parcours.acces.destinataires import second_contact
from raccord.parcours.actions import reponse
from raccord.parcours.attentes import ENVOYER_LETTRE
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.messages.parcours import equipe_nationale
from raccord.parcours.models import Positionnement
from raccord.parcours.workflow import OUVERTS
from raccord.socle.courrier import Destinataire


@echelon("repondre", "referent")
def retenir_le_premier_message(attente: Attente) -> list[Destinataire]:
    """The profile itself was the first message: nothing more leaves."""
    return [contact.destinataire() for contact in messages.contacts_de_l_entreprise(_sans_reponse(attente))]


@echelon("repondre", "second")
def relancer_le_second(attente: Attente) -> None:
    """The referent is reminded, a second contact is asked; without one, human resources are, at once."""
    positionnement = _sans_reponse(attente)
    second = second_contact(positionnement.offre)
    _relancer(positionnement, [positionnement.offre.referent, second])
    if second is None:
        raise Absent


@echelon("repondre", "rrh")
def relancer_les_ressources_humaines(attente: Attente) -> None:
    """Human resources; without any, the buyer is called at once."""
    positionnement = _sans_reponse(attente)
    _relancer(positionnement, [positionnement.offre.rrh])


@echelon("repondre", "acheteur")
def appeler_l_acheteur(attente: Attente) -> None:
    """The buyer is told what to do and can act in one tap; behind a spontaneous offer, the coordination is."""
    positionnement = _sans_reponse(attente)
    qui = messages.acheteur(positionnement)
    if qui:
        messages.a_ceux(messages.SILENCE_ACHETEUR, qui, positionnement)
    else:
        _appeler_le_programme(positionnement)


@echelon("repondre", "courrier")
def preparer_la_lettre(attente: Attente) -> None:
    """The last rung: a letter is ready for the buyer, tutor and coordination are told. The wait stays open."""
    positionnement = _sans_reponse(attente)
    messages.a_ceux(messages.DEPASSEE, messages.tuteur(positionnement), positionnement)
    messages.a_ceux(messages.DEPASSEE, messages.coordination(positionnement), positionnement)
    messages.au_jeune(messages.RETARD_JEUNE, positionnement)
    acheteur = messages.acheteur(positionnement)
    if acheteur:
        messages.a_ceux(messages.DEPASSEE_ACHETEUR, acheteur, positionnement)
        echeances.ouvrir(ENVOYER_LETTRE, positionnement)


def _relancer(positionnement: Positionnement, contacts: list[Contact | None]) -> None:
    """Nobody to whom nothing arrives: the others do not wait for that message to come back too."""
    joignables = (contact for contact in contacts if contact is not None and recoit(contact))
    messages.aux_contacts(messages.RELANCE, positionnement, dict.fromkeys(joignables))


def _appeler_le_programme(positionnement: Positionnement) -> None:
    qui = messages.coordination(positionnement) or equipe_nationale()
    messages.a_ceux(messages.SILENCE_PROGRAMME, qui, positionnement)


def _sans_reponse(attente: Attente) -> Positionnement:
    """The proposal while the company still owes an answer."""
    positionnement = Positionnement.objects.filter(pk=attente.objet_id, etat__in=OUVERTS).first()
    if positionnement is None:
        raise SansObjet
    return positionnement


@echelon("revenir", "acter")
def acter(attente: Attente) -> None:
    """The company's hour is over: everybody is told of its answer."""
    reponse.acter(attente.objet_id)


@echelon("rappeler", "retard")
def rappeler_le_rappel(attente: Attente) -> None:
    """The half-day is over and the company was not called: the tutor and the coordination are told."""
    positionnement = _sans_reponse(attente)
    qui = messages.tuteur(positionnement) + messages.coordination(positionnement)
    messages.a_ceux(messages.RAPPEL_EN_RETARD, qui, positionnement)
