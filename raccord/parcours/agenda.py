"""A meeting as a calendar file. Never the young person's name: agendas are shared in companies."""

import datetime as dt

from django.http import HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event

from raccord.parcours.creneaux import duree
from raccord.parcours.models import Positionnement
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.templatetags import raccord as mots


class PasDeRencontre(ErreurMetier):
    """Aucune rencontre n'est fixée : il n'y a rien à mettre dans l'agenda."""

    statut = 404


def fichier(positionnement: Positionnement) -> HttpResponse:
    """The .ics of the meeting, to download. Raises PasDeRencontre."""
    debut = positionnement.rencontre_le
    if debut is None:
        raise PasDeRencontre
    tuteur, mlds = positionnement.reservation.tuteur, positionnement.reservation.organisation
    numero = mots.telephone_fr(tuteur.telephone)
    evenement = Event()
    evenement.add("uid", f"{positionnement.pk}@raccord")
    evenement.add("dtstamp", timezone.now())
    evenement.add("dtstart", debut.astimezone(dt.UTC))
    evenement.add("dtend", (debut + duree()).astimezone(dt.UTC))
    evenement.add("summary", f"Rencontre à {positionnement.offre.entreprise.nom} : clause sociale de formation")
    evenement.add("location", positionnement.rencontre_lieu)
    evenement.add(
        "description",
        f"{positionnement.offre.intitule} ({mots.heures(positionnement.offre.heures_a_faire)}).\n"
        f"Un empêchement ? {tuteur.nom_complet}, {mlds.nom}{', ' + numero if numero else ''}, {tuteur.courriel}.",
    )
    agenda = Calendar()
    agenda.add("prodid", "-//Raccord//Rencontres//FR")
    agenda.add("version", "2.0")
    agenda.add_component(evenement)
    return HttpResponse(
        agenda.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rencontre.ics"', "Cache-Control": "private, no-store"},
    )
