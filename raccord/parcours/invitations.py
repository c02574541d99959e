"""Calendars follow the meeting: whatever road fixes, moves or ends it, everybody invited is told, once per change.

`suivre` watches every transition of a proposal, so no road can forget it. The number of the appointment only grows.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone

from raccord.comptes.models import Contact, Utilisateur
from raccord.parcours import agenda
from raccord.parcours.enums import EtatPositionnement
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Positionnement, RendezVous
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import retirer
from raccord.socle.models import ObjetAEtat
from raccord.socle.workflow import Transition


def suivre(transition: Transition, contexte: Contexte, objet: ObjetAEtat) -> None:
    """After any step of a proposal: an appointment as long as a meeting is ahead, none as soon as it is not."""
    if not isinstance(objet, Positionnement):
        return
    if objet.etat != EtatPositionnement.RENCONTRE_FIXEE or objet.rencontre_le is None:
        annuler(objet)
    elif objet.rencontre_le > timezone.now():
        _retenir(objet)
    else:  # held before its hour: those who were there know, the slot is free again
        _liberer(objet)


def _retenir(positionnement: Positionnement) -> None:
    """The appointment, at its present hour and place; its number grows when anything changed. Raises the exclusion's
    words when the tutor is taken.
    """
    rendez_vous = _verrouille(positionnement)
    if rendez_vous is None:
        rendez_vous = RendezVous(positionnement=positionnement)
        agenda.remplir(rendez_vous, positionnement)
        rendez_vous.save(force_insert=True)
        return
    avant = _ce_qui_se_voit(rendez_vous)
    agenda.remplir(rendez_vous, positionnement)
    rendez_vous.annule_le = None
    if _ce_qui_se_voit(rendez_vous) != avant:
        _grandir(rendez_vous)


def _ce_qui_se_voit(rendez_vous: RendezVous) -> tuple[object, ...]:
    return rendez_vous.debut, rendez_vous.lieu, rendez_vous.tuteur_id, rendez_vous.annule_le


def _grandir(rendez_vous: RendezVous) -> None:
    rendez_vous.numero += 1
    rendez_vous.change_le, rendez_vous.rappele = timezone.now(), None
    rendez_vous.save()


def _verrouille(positionnement: Positionnement) -> RendezVous | None:
    return (
        RendezVous.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offre__entreprise", "tuteur")
        .filter(positionnement=positionnement.pk)
        .first()
    )


def joindre(positionnement: Positionnement, contacts: list[Contact]) -> dict[str, Any]:
    """What the messages of a meeting carry; remembers whom of the company to tell if it is cancelled."""
    rendez_vous = _verrouille(positionnement)
    if rendez_vous is None:  # noted after the hour: nothing for a calendar
        return {}
    nouveaux = {contact.pk for contact in contacts} - set(rendez_vous.contacts)
    if nouveaux:
        rendez_vous.contacts = [*rendez_vous.contacts, *nouveaux]
        rendez_vous.save(update_fields=["contacts"])
    return {"calendrier": agenda.invitation(rendez_vous, contacts)}


def _liberer(positionnement: Positionnement) -> RendezVous | None:
    """The appointment is no more, nor its reminders; nobody is told yet. None when there was nothing ahead."""
    rendez_vous = _verrouille(positionnement)
    if rendez_vous is None or rendez_vous.annule_le or rendez_vous.debut <= timezone.now():
        return None
    rendez_vous.annule_le = timezone.now()
    _grandir(rendez_vous)
    retirer(messages.RAPPELS_DE_LA_VEILLE, positionnement)
    return rendez_vous


def annuler(positionnement: Positionnement) -> bool:
    """Take the meeting out of every calendar it was put in. Safe to call twice; False when there is nothing ahead."""
    rendez_vous = _liberer(positionnement)
    if rendez_vous is None:
        return False
    contacts = _contacts(rendez_vous.contacts)
    dit = {
        "calendrier": agenda.invitation(rendez_vous, contacts),
        "rencontre": messages.sur_place(rendez_vous.debut, positionnement),
        "lieu": rendez_vous.lieu,
    }
    messages.aux_contacts(messages.ANNULEE_ENTREPRISE, positionnement, contacts, **dit)
    qui = [rendez_vous.tuteur.destinataire(positionnement.reservation.organisation_id)]
    messages.a_ceux(messages.ANNULEE, qui + messages.acheteur(positionnement), positionnement, **dit)
    messages.au_jeune(messages.ANNULEE_JEUNE, positionnement, **dit)
    return True


def changer_de_tuteur(positionnement: Positionnement, vers: Utilisateur) -> None:
    """Another tutor of the MLDS, who is free then, comes to the meeting: it leaves one calendar, enters the other."""
    rendez_vous = _verrouille(positionnement)
    if rendez_vous is None or rendez_vous.annule_le or rendez_vous.debut <= timezone.now():
        return
    ancien = rendez_vous.tuteur
    mlds_id, contacts = positionnement.reservation.organisation_id, _contacts(rendez_vous.contacts)
    _grandir(rendez_vous)
    rendez_vous.annule_le = timezone.now()  # for the former tutor's calendar alone: not saved
    dit = {"rencontre": messages.sur_place(rendez_vous.debut, positionnement), "lieu": rendez_vous.lieu}
    depart = dit | {"calendrier": agenda.invitation(rendez_vous, contacts), "suivi_par": vers.nom_complet}
    messages.a_ceux(messages.ANNULEE, [ancien.destinataire(mlds_id)], positionnement, **depart)
    rendez_vous.annule_le, rendez_vous.tuteur = None, vers
    _grandir(rendez_vous)
    arrivee = dit | {"calendrier": agenda.invitation(rendez_vous, contacts), "choisi": False, "jeune_joignable": True}
    messages.a_ceux(messages.FIXEE_TUTEUR, [vers.destinataire(mlds_id)], positionnement, **arrivee)


def _contacts(ids: list[UUID]) -> list[Contact]:
    return list(Contact.objects.filter(pk__in=ids).order_by("pk"))
