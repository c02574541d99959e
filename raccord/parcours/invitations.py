"""Calendars follow the meeting: whatever road fixes, moves or ends it, everybody invited is told, once per change.

`suivre` watches every transition of a proposal, so no road can forget it. The number of the appointment only grows.
The tutor's time is taken or given back at once; calendars are told with the others, when an answer may no longer be
taken back (`RendezVous.annonce_le`): what was never announced is never cancelled.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone

from raccord.comptes.models import Contact, Utilisateur
from raccord.parcours import agenda
from raccord.parcours.enums import EtatPositionnement
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Positionnement, RendezVous
from raccord.parcours.reponses import en_suspens
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
    avant, libere, ancien = _ce_qui_se_voit(rendez_vous), rendez_vous.annule_le is not None, rendez_vous.tuteur
    agenda.remplir(rendez_vous, positionnement)
    rendez_vous.annule_le = None
    if _ce_qui_se_voit(rendez_vous) != avant:
        rendez_vous.rappele = None
        _grandir(rendez_vous)
        if rendez_vous.annonce_le is not None and rendez_vous.tuteur != ancien:
            # The files changed hands while the answer that freed the hour could be taken back; it was.
            _changer_d_agenda(rendez_vous, positionnement, ancien)
    elif libere:  # an answer was taken back: who was reminded of it need not be twice
        _grandir(rendez_vous)


def _ce_qui_se_voit(rendez_vous: RendezVous) -> tuple[object, ...]:
    return rendez_vous.debut, rendez_vous.lieu, rendez_vous.tuteur_id


def _grandir(rendez_vous: RendezVous) -> None:
    rendez_vous.numero += 1
    rendez_vous.change_le = timezone.now()
    rendez_vous.save()


def _verrouille(positionnement: Positionnement) -> RendezVous | None:
    return (
        RendezVous.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offre__entreprise", "tuteur")
        .filter(positionnement=positionnement.pk)
        .first()
    )


def joindre(positionnement: Positionnement, contacts: list[Contact]) -> dict[str, Any]:
    """What the messages of a meeting carry; remembers that calendars know, and whom of the company to tell if it is
    cancelled. Nothing when it was noted after the hour, or held before anybody was told.
    """
    rendez_vous = _verrouille(positionnement)
    if rendez_vous is None or (rendez_vous.annule_le and rendez_vous.annonce_le is None):
        return {}
    rendez_vous.annonce_le = None if rendez_vous.annule_le else timezone.now()
    nouveaux = {contact.pk for contact in contacts} - set(rendez_vous.contacts)
    rendez_vous.contacts = [*rendez_vous.contacts, *nouveaux]
    rendez_vous.save(update_fields=["annonce_le", "contacts"])
    return {"calendrier": agenda.invitation(rendez_vous, contacts)}


def _liberer(positionnement: Positionnement) -> RendezVous | None:
    """The tutor's time is free again, nor are there reminders; nobody is told yet. None when there is nothing ahead."""
    rendez_vous = _verrouille(positionnement)
    if rendez_vous is None or rendez_vous.debut <= timezone.now():
        return None
    if rendez_vous.annule_le is None:
        rendez_vous.annule_le = timezone.now()
        if retirer(messages.RAPPELS_DE_LA_VEILLE, positionnement):
            rendez_vous.rappele = None
        _grandir(rendez_vous)
    return rendez_vous


def annuler(positionnement: Positionnement) -> bool:
    """Take the meeting out of every calendar it was put in; not as long as the answer that ends it may be taken back.

    Safe to call twice; False when nobody had to be told.
    """
    rendez_vous = _liberer(positionnement)
    if rendez_vous is None or rendez_vous.annonce_le is None or en_suspens(positionnement):
        return False
    rendez_vous.annonce_le = rendez_vous.rappele = None
    rendez_vous.save(update_fields=["annonce_le", "rappele"])
    contacts = _contacts(rendez_vous.contacts)
    dit = {
        "calendrier": agenda.invitation(rendez_vous, contacts),
        "rencontre": messages.sur_place(rendez_vous.debut, positionnement),
        "lieu": rendez_vous.lieu,
    }
    messages.aux_contacts(messages.ANNULEE_ENTREPRISE, positionnement, contacts, **dit)
    qui = [rendez_vous.tuteur.destinataire(positionnement.reservation.organisation_id)]
    messages.a_ceux(messages.ANNULEE, qui + messages.acheteur(positionnement), positionnement, **dit)
    reportee = positionnement.etat == EtatPositionnement.CONTRE_PROPOSE
    messages.au_jeune(messages.REPORTEE_JEUNE if reportee else messages.ANNULEE_JEUNE, positionnement, **dit)
    return True


def changer_de_tuteur(positionnement: Positionnement, vers: Utilisateur) -> None:
    """Another tutor of the MLDS, who is free then, comes to the meeting: it leaves one calendar, enters the other."""
    rendez_vous = _verrouille(positionnement)
    if rendez_vous is None or rendez_vous.annule_le or rendez_vous.debut <= timezone.now():
        return
    ancien, rendez_vous.tuteur = rendez_vous.tuteur, vers
    _grandir(rendez_vous)
    if rendez_vous.annonce_le is not None:  # else nobody was invited yet: the new tutor will be, with the others
        _changer_d_agenda(rendez_vous, positionnement, ancien)


def _changer_d_agenda(rendez_vous: RendezVous, positionnement: Positionnement, ancien: Utilisateur) -> None:
    """Out of the former tutor's calendar, into that of the present one."""
    vers, rendez_vous.annonce_le = rendez_vous.tuteur, timezone.now()
    mlds_id, contacts = positionnement.reservation.organisation_id, _contacts(rendez_vous.contacts)
    # For the former tutor's calendar alone: not saved.
    rendez_vous.annule_le, rendez_vous.tuteur = timezone.now(), ancien
    dit = {"rencontre": messages.sur_place(rendez_vous.debut, positionnement), "lieu": rendez_vous.lieu}
    depart = dit | {"calendrier": agenda.invitation(rendez_vous, contacts), "suivi_par": vers.nom_complet}
    messages.a_ceux(messages.ANNULEE, [ancien.destinataire(mlds_id)], positionnement, **depart)
    rendez_vous.annule_le, rendez_vous.tuteur = None, vers
    _grandir(rendez_vous)
    arrivee = dit | {"calendrier": agenda.invitation(rendez_vous, contacts), "choisi": False, "jeune_joignable": True}
    messages.a_ceux(messages.FIXEE_TUTEUR, [vers.destinataire(mlds_id)], positionnement, **arrivee)


def _contacts(ids: list[UUID]) -> list[Contact]:
    return list(Contact.objects.filter(pk__in=ids).order_by("pk"))
