"""A meeting as calendars read it (RFC 5545, 5546). Never the young person's name: agendas are shared in companies."""

import datetime as dt
from collections.abc import Callable, Iterable
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpResponse
from icalendar import Calendar, Event, vCalAddress

from raccord.comptes.models import Contact
from raccord.parcours.creneaux import duree
from raccord.parcours.models import Positionnement, RendezVous
from raccord.socle import mots
from raccord.socle.courrier import Destinataire
from raccord.socle.exceptions import ErreurMetier

EN_PIECE = {"Content-Disposition": 'attachment; filename="rencontre.ics"', "Cache-Control": "private, no-store"}
ORGANISATEUR = "Raccord, clause sociale de formation"


class PasDeRencontre(ErreurMetier):
    """Aucune rencontre n'est fixée : il n'y a rien à mettre dans l'agenda."""

    statut = 404


def fichier(positionnement: Positionnement) -> HttpResponse:
    """The .ics of the meeting, to download: the same entry as the invitation's. Raises PasDeRencontre."""
    if positionnement.rencontre_le is None:
        raise PasDeRencontre
    rendez_vous = RendezVous.objects.filter(positionnement=positionnement).first() or _neuf(positionnement)
    return HttpResponse(
        calendrier([evenement(rendez_vous)]), content_type="text/calendar; charset=utf-8", headers=EN_PIECE
    )


def _neuf(positionnement: Positionnement) -> RendezVous:
    """A meeting that was never announced to calendars: one already held, or noted afterwards."""
    rendez_vous = RendezVous(positionnement=positionnement)
    remplir(rendez_vous, positionnement)
    return rendez_vous


def remplir(rendez_vous: RendezVous, positionnement: Positionnement) -> None:
    """What calendars show, from the proposal as it is now."""
    reservation, debut = positionnement.reservation, positionnement.rencontre_le
    if debut is None:
        raise PasDeRencontre
    rendez_vous.offre, rendez_vous.tuteur = reservation.offre, reservation.tuteur
    rendez_vous.dossier = reservation.jeune_id
    rendez_vous.debut, rendez_vous.fin = debut, debut + duree()
    rendez_vous.lieu = positionnement.rencontre_lieu


def evenement(rendez_vous: RendezVous) -> Event:
    """One entry, in UTC: a calendar shows it at its reader's own hour, whatever the night when clocks change."""
    offre, tuteur = rendez_vous.offre, rendez_vous.tuteur
    numero = mots.telephone_fr(tuteur.telephone)
    entree = Event()
    entree.add("uid", rendez_vous.uid)
    entree.add("sequence", rendez_vous.numero)
    entree.add("dtstamp", rendez_vous.change_le.astimezone(dt.UTC))
    entree.add("dtstart", rendez_vous.debut.astimezone(dt.UTC))
    entree.add("dtend", rendez_vous.fin.astimezone(dt.UTC))
    entree.add("status", "CANCELLED" if rendez_vous.annule_le else "CONFIRMED")
    entree.add("summary", f"Rencontre à {offre.entreprise.nom} : clause sociale de formation")
    entree.add("location", rendez_vous.lieu)
    entree.add(
        "description",
        f"{offre.intitule} ({mots.heures(offre.heures_a_faire)}).\n"
        f"Un empêchement ? {tuteur.nom_complet}{', ' + numero if numero else ''}, {tuteur.courriel}.",
    )
    return entree


def calendrier(entrees: Iterable[Event], *, methode: str = "", nom: str = "") -> bytes:
    """The entries in one calendar object; `methode` makes it a message between calendars (RFC 5546), `nom` a feed."""
    agenda = Calendar()
    agenda.add("prodid", "-//Raccord//Rencontres//FR")
    agenda.add("version", "2.0")
    if methode:
        agenda.add("method", methode)
    if nom:
        agenda.add("x-wr-calname", nom)
    for entree in entrees:
        agenda.add_component(entree)
    return bytes(agenda.to_ical())


def invitation(rendez_vous: RendezVous, contacts: Iterable[Contact] = ()) -> Callable[[Destinataire], str]:
    """What joins a message to each recipient: the invitation, its update or its cancellation.

    The tutor and the company's people read each other's names. The buyer may attend. The young person and the parents
    of a minor read the tutor's name and nobody else's, and stand in their own copy by their address alone.
    """
    invites = list(contacts)
    methode = "CANCEL" if rendez_vous.annule_le else "REQUEST"

    def pour(destinataire: Destinataire) -> str:
        if not destinataire.courriel:
            return ""
        entree = evenement(rendez_vous)
        entree.add("organizer", _personne(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], ORGANISATEUR))
        presents = {rendez_vous.tuteur.courriel: rendez_vous.tuteur.nom_complet}
        if not (destinataire.jeune_id or destinataire.representant_id):
            presents |= {contact.courriel: contact.nom for contact in invites if contact.courriel}
        for courriel, nom in presents.items():
            entree.add("attendee", _participant(courriel, nom))
        if destinataire.courriel not in presents:
            role = "REQ-PARTICIPANT" if destinataire.jeune_id else "OPT-PARTICIPANT"
            entree.add("attendee", _participant(destinataire.courriel, role=role))
        return calendrier([entree], methode=methode).decode()

    return pour


def _personne(courriel: str, nom: str = "") -> vCalAddress:
    adresse = vCalAddress(f"mailto:{courriel}")
    if nom:
        adresse.params["CN"] = nom
    return adresse


def _participant(courriel: str, nom: str = "", role: str = "REQ-PARTICIPANT") -> vCalAddress:
    """No answer is asked by mail: the programme's address reads none."""
    adresse = _personne(courriel, nom)
    adresse.params |= {"ROLE": role, "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    return adresse
