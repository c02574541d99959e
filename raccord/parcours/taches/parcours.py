"""Rungs about stays, their hours, their bilan and their hand-over: a reminder, then who stands above. No lock."""

from django.conf import settings

from raccord.comptes.enums import Role
from raccord.echeances.attentes import TYPES
from raccord.echeances.echelle import SansObjet, echelon
from raccord.echeances.models import Attente
from raccord.parcours import rythme
from raccord.parcours.acces.destinataires import coordonnateurs_de
from raccord.parcours.actions import bilan as actions_bilan
from raccord.parcours.messages import parcours as messages
from raccord.parcours.models import Parcours, Signalement, Transfert
from raccord.parcours.models.bilan import Voix
from raccord.socle.courrier import Destinataire, TypeMessage, envoyer

FAMILLE = ("offre__engagement__marche__acheteur", "offre__entreprise", "organisation", "tuteur", "referent", "jeune")


def _parcours(attente: Attente) -> Parcours:
    return Parcours.objects.select_related(*FAMILLE).get(pk=attente.objet_id)


def _ecrire(type_message: TypeMessage, qui: list[Destinataire], attente: Attente, parcours: Parcours) -> None:
    url = settings.ADRESSE_PUBLIQUE + TYPES[attente.code].url(attente.objet_id)
    donnees = messages.donnees(parcours, action=attente.action, echeance=attente.echeance, url=url)
    envoyer(type_message, qui, donnees, objet=parcours)


@echelon("signer_convention", "rappel")
@echelon("demarrer", "rappel")
@echelon("terminer", "rappel")
@echelon("dire_suite", "rappel")
def rappeler_au_tuteur(attente: Attente) -> None:
    """The tutor is reminded of what waits, with the page where it is done."""
    parcours = _parcours(attente)
    _ecrire(messages.RAPPEL, messages.tuteur(parcours), attente, parcours)


@echelon("signer_convention", "coordination")
@echelon("ecrire_bilan", "coordination")
def prevenir_la_coordination(attente: Attente) -> None:
    """The due date is past: tutor and coordinators are told."""
    parcours = _parcours(attente)
    _ecrire(messages.RAPPEL, messages.tuteur(parcours), attente, parcours)
    _ecrire(messages.RETARD, coordonnateurs_de(parcours.organisation), attente, parcours)


@echelon("traiter_signalement", "coordination")
def porter_le_signalement(attente: Attente) -> None:
    """An absence or an incident nobody answered: tutor and coordinators are told."""
    parcours = (
        Signalement.objects.select_related(*(f"parcours__{nom}" for nom in FAMILLE)).get(pk=attente.objet_id).parcours
    )
    _ecrire(messages.RAPPEL, messages.tuteur(parcours), attente, parcours)
    _ecrire(messages.RETARD, coordonnateurs_de(parcours.organisation), attente, parcours)


@echelon("noter_heures", "rappel")
def rappeler_les_heures(attente: Attente) -> None:
    """The company receives a fresh link: one week, two taps."""
    parcours = _parcours(attente)
    lundi = rythme.prochaine_a_noter(parcours, set(parcours.semaines.values_list("lundi", flat=True)))
    if lundi is None:
        raise SansObjet
    messages.aux_contacts(messages.HEURES_A_NOTER, parcours, "parcours.suivi", lundi=lundi)


@echelon("noter_heures", "tuteur")
def passer_les_heures_au_tuteur(attente: Attente) -> None:
    """The company does not answer: the tutor calls, or enters the hours."""
    parcours = _parcours(attente)
    lundi = rythme.prochaine_a_noter(parcours, set(parcours.semaines.values_list("lundi", flat=True)))
    if lundi is None:
        raise SansObjet
    messages.a_ceux(messages.HEURES_RELAIS, messages.tuteur(parcours), parcours, lundi=lundi)


@echelon("ecrire_bilan", "relance")
def relancer_le_bilan(attente: Attente) -> None:
    """Voices that are missing receive a fresh link; the tutor, a reminder when it is the tutor's own."""
    parcours = _parcours(attente)
    voix = {voix.auteur: voix for voix in Voix.objects.filter(bilan__parcours=parcours)}
    if not voix or voix[Role.TUTEUR].signee_le is None:
        _ecrire(messages.RAPPEL, messages.tuteur(parcours), attente, parcours)
    if voix:
        actions_bilan.redemander(parcours, voix)


@echelon("repondre_transfert", "national")
def porter_le_transfert(attente: Attente) -> None:
    """No answer from the receiving territory: the national team and whoever asked are told."""
    transfert = Transfert.objects.select_related("depuis", "vers", *(f"parcours__{nom}" for nom in FAMILLE)).get(
        pk=attente.objet_id
    )
    donnees = messages.donnees(
        transfert.parcours,
        depuis=transfert.depuis.nom,
        vers=transfert.vers.nom,
        echeance=attente.echeance,
        transfert=messages.page("parcours:transfert", transfert.pk),
    )
    qui = [*messages.equipe_nationale(), *coordonnateurs_de(transfert.depuis)]
    envoyer(messages.TRANSFERT_SILENCE, qui, donnees, objet=transfert)
