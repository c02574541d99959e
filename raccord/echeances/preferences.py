"""How each person wants to be written to: the one place that decides when and how a message leaves.

Whatever it decides, the line of the outbox is written: what was muted is marked so and never leaves.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from raccord.echeances.models import Canal, Envoi, Preference
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME, Contexte
from raccord.socle.courrier import Destinataire, TypeMessage, a_couper
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.parametres import valeur

PORTEURS = ("utilisateur_id", "contact_id", "jeune_id", "representant_id")


class SilenceRefuse(ErreurMetier):
    """Donnez le début et la fin des heures de silence, différents l'un de l'autre."""


@dataclass(frozen=True, kw_only=True)
class Depart:
    """By what road a message leaves, with whom, and from when."""

    canal: str
    envoi: str
    le: dt.datetime


def decider(
    type_message: TypeMessage,
    destinataire: Destinataire,
    maintenant: dt.datetime,
    *,
    avant: dt.datetime | None = None,
    reuni: bool = True,
) -> Depart:
    """Now, after the quiet hours, in the day's digest, or never.

    What the contract asks is never muted nor gathered; it waits for the end of the quiet hours like the rest, unless
    its reader is waiting for it in front of the screen. `avant`: of no use from then on. Not `reuni`: it carries what
    a calendar reads, which no digest can.
    """
    preference = _de(destinataire)
    canal = _canal(preference, destinataire)
    if type_message.immediat:
        return Depart(canal=canal, envoi=Envoi.SEUL, le=maintenant)
    mutable = not type_message.contractuel
    if mutable and type_message.code in preference.coupes:
        return Depart(canal=canal, envoi=Envoi.COUPE, le=maintenant)
    groupe = mutable and reuni and not type_message.a_l_heure
    if groupe and destinataire.courriel and preference.rythme == Preference.Rythme.RECAPITULATIF:
        le = apres_le_silence(preference, heure_du_recapitulatif(preference, maintenant))
        return Depart(canal=Canal.COURRIEL, envoi=Envoi.RECAPITULATIF, le=le)
    le = apres_le_silence(preference, maintenant)
    trop_tard = avant is not None and le >= avant
    return Depart(canal=canal, envoi=Envoi.SANS_OBJET if trop_tard else Envoi.SEUL, le=le)


def _canal(preference: Preference, destinataire: Destinataire) -> str:
    """The road that was chosen, or the one there is."""
    if not destinataire.telephone:
        return Canal.COURRIEL
    return preference.canal if destinataire.courriel else Canal.SMS


def apres_le_silence(preference: Preference, moment: dt.datetime) -> dt.datetime:
    """That moment, or the end of the quiet hours it falls in, on the clock of that person.

    A night when clocks change has its hours: an end that does not exist is the instant it would have been.
    """
    debut, fin = preference.silence_de, preference.silence_a
    if debut is None or fin is None:
        return moment
    local = moment.astimezone(ZoneInfo(preference.fuseau))
    heure = local.time()
    if debut < fin:
        dans, lendemain = debut <= heure < fin, False
    else:
        dans, lendemain = heure >= debut or heure < fin, heure >= debut
    if not dans:
        return moment
    jour = local.date() + dt.timedelta(days=1 if lendemain else 0)
    return max(moment, dt.datetime.combine(jour, fin, tzinfo=local.tzinfo).astimezone(dt.UTC))


def heure_du_recapitulatif(preference: Preference, maintenant: dt.datetime) -> dt.datetime:
    """The next time the day's digest is made (parameter heure_recapitulatif), on the clock of that person."""
    local = maintenant.astimezone(ZoneInfo(preference.fuseau))
    heure = dt.time(int(valeur("heure_recapitulatif")))
    jour = local.date() if local.time() < heure else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(jour, heure, tzinfo=local.tzinfo).astimezone(dt.UTC)


def _de(destinataire: Destinataire) -> Preference:
    """Read in the postman's name: whoever writes to somebody knows nothing of how they want to be written to."""
    with identite.agir(SYSTEME):
        return _trouver({nom: getattr(destinataire, nom) for nom in PORTEURS})


def _trouver(ids: dict[str, UUID | None]) -> Preference:
    qui = next(((nom, pk) for nom, pk in ids.items() if pk is not None), None)
    if qui is None:  # a service's own address
        return Preference()
    return Preference.objects.filter(**dict([qui])).first() or Preference(**dict([qui]))


def les_miennes(contexte: Contexte) -> Preference:
    """Those of whoever acts; the usual ones, not saved, as long as nothing was chosen."""
    return _trouver({nom: getattr(contexte, nom) for nom in PORTEURS})


@transaction.atomic
def choisir(
    contexte: Contexte,
    *,
    canal: str,
    rythme: str,
    silence_de: dt.time | None,
    silence_a: dt.time | None,
    fuseau: str,
    recus: list[str],
) -> Preference:
    """Keep my choices. `recus`: the mutable messages I want; those of another role of mine stay as they were.

    Raises SilenceRefuse. What was already written leaves as it was decided then.
    """
    if (silence_de is None) != (silence_a is None) or (silence_de is not None and silence_de == silence_a):
        raise SilenceRefuse(champ="silence_a")
    preference = les_miennes(contexte)
    listes = {type_message.code for type_message in a_couper(contexte.role)}
    preference.coupes = sorted((set(preference.coupes) - listes) | (listes - set(recus)))
    preference.canal, preference.rythme, preference.fuseau = canal, rythme, fuseau
    preference.silence_de, preference.silence_a = silence_de, silence_a
    preference.save()
    return preference
