"""Meetings: calendars follow every step of a proposal; the day before, each one is reminded."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.models import Contact
from raccord.echeances.tournees import a_chaque_tour
from raccord.parcours.invitations import suivre
from raccord.parcours.messages import positionnements as messages
from raccord.parcours.models import Positionnement, RendezVous
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.parametres import valeur
from raccord.socle.workflow import OBSERVATEURS
from raccord.territoires.fuseaux import fuseau_de

if suivre not in OBSERVATEURS:
    OBSERVATEURS.append(suivre)

# No place is further from the others than that: what is beyond cannot be tomorrow anywhere.
HORIZON = dt.timedelta(days=2)


@a_chaque_tour("parcours.rappels")
def rappeler_la_veille() -> int:
    """Remind of tomorrow's meetings, once for each version of the appointment. Returns how many meetings.

    On the clock of the place: from the parameter's hour the day before, in decent hours only. A loop that was stopped
    that evening reminds in the morning; whoever was told of the meeting since that hour has just read when it is, and
    nobody is reminded of one they were not told of.
    """
    maintenant = timezone.now()
    with identite.agir(SYSTEME), transaction.atomic():
        proches = (
            RendezVous.objects.filter(
                annule_le__isnull=True,
                annonce_le__isnull=False,
                rappele__isnull=True,
                debut__gt=maintenant,
                debut__lte=maintenant + HORIZON,
            )
            .select_related("offre__commune")
            .order_by("debut", "pk")
        )
        dus = [
            (rendez_vous.pk, rendez_vous.dossier) for rendez_vous in proches if _est_l_heure(rendez_vous, maintenant)
        ]
    return sum(_rappeler(pk, dossier) for pk, dossier in dus)


def _est_l_heure(rendez_vous: RendezVous, maintenant: dt.datetime) -> bool:
    fuseau = fuseau_de(rendez_vous.offre.commune)
    ouverture, fermeture = valeur("heures_decentes")
    veille = rendez_vous.debut.astimezone(fuseau).date() - dt.timedelta(days=1)
    moment = dt.datetime.combine(veille, dt.time(int(valeur("heure_rappel_rencontre"))), tzinfo=fuseau)
    decent = dt.time(ouverture) <= maintenant.astimezone(fuseau).time() < dt.time(fermeture)
    annonce = rendez_vous.annonce_le
    return decent and annonce is not None and annonce < moment <= maintenant


def _rappeler(rendez_vous_id: UUID, dossier: UUID) -> int:
    with identite.agir(SYSTEME, dossiers=(dossier,)), transaction.atomic():
        return _rappeler_de(rendez_vous_id)


def _rappeler_de(rendez_vous_id: UUID) -> int:
    """Under the lock: a meeting moved or cancelled in between is not reminded of, nor the same one twice."""
    rendez_vous = (
        RendezVous.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("offre__commune", "tuteur")
        .filter(pk=rendez_vous_id, annule_le__isnull=True, rappele__isnull=True)
        .first()
    )
    if rendez_vous is None or not _est_l_heure(rendez_vous, timezone.now()):
        return 0
    rendez_vous.rappele = rendez_vous.numero
    rendez_vous.save(update_fields=["rappele"])
    _ecrire(rendez_vous)
    return 1


def _ecrire(rendez_vous: RendezVous) -> None:
    positionnement = Positionnement.objects.get(pk=rendez_vous.positionnement_id)
    dit = {"avant": rendez_vous.debut, "quand": _quand(rendez_vous)}
    contacts = Contact.objects.filter(pk__in=rendez_vous.contacts).order_by("pk")
    messages.aux_contacts(messages.VEILLE_ENTREPRISE, positionnement, contacts, **dit)
    messages.a_ceux(messages.VEILLE, messages.tuteur(positionnement), positionnement, **dit)
    messages.au_jeune(messages.VEILLE_JEUNE, positionnement, **dit)


def _quand(rendez_vous: RendezVous) -> str:
    fuseau = fuseau_de(rendez_vous.offre.commune)
    jours = (rendez_vous.debut.astimezone(fuseau).date() - timezone.now().astimezone(fuseau).date()).days
    return "demain" if jours else "aujourd'hui"
