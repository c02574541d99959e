"""What makes a slot possible, whoever proposes it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils import timezone

from raccord.comptes.models import Utilisateur
from raccord.parcours.enums import EtatPositionnement
from raccord.parcours.models import Positionnement, RendezVous
from raccord.socle import calendrier, identite, mots
from raccord.socle.contexte import SYSTEME
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.parametres import valeur
from raccord.territoires.fuseaux import fuseau_de

CRENEAUX_MAX = 3
DIMANCHE = 6


class CreneauRefuse(ErreurMetier):
    """Ce créneau n'est pas possible : choisissez-en un autre."""


class TropDeCreneaux(ErreurMetier):
    """Proposez un à trois créneaux."""


class CreneauPris(ErreurMetier):
    """Ce créneau vient d'être pris par une autre rencontre : choisissez-en un autre."""


def duree() -> dt.timedelta:
    """How long a meeting lasts (parameter duree_rencontre, hours)."""
    return dt.timedelta(hours=valeur("duree_rencontre"))


def verifier(
    creneaux: Sequence[dt.datetime | None], positionnement: Positionnement, *, prendre: Iterable[dt.datetime] = ()
) -> list[dt.datetime]:
    """The slots, in order. One to three, ahead, in working hours, neither Sunday nor holiday of the place, never twice,
    inside the contract's period, and never at the time of another meeting (`prendre`: those that are fixed elsewhere).

    Raises TropDeCreneaux or CreneauRefuse on the field 'creneau_1', 'creneau_2'… Empty places are skipped.
    """
    donnes = [(numero, debut) for numero, debut in enumerate(creneaux, 1) if debut is not None]
    if not 1 <= len(donnes) <= CRENEAUX_MAX:
        raise TropDeCreneaux(champ="creneau_1")
    occupes, longueur = list(prendre), duree()
    retenus: list[dt.datetime] = []
    for numero, debut in donnes:
        motif = _refus(debut, longueur, positionnement, occupes, retenus)
        if motif:
            raise CreneauRefuse(motif, champ=f"creneau_{numero}")
        retenus.append(debut)
    return sorted(retenus)


def _refus(
    debut: dt.datetime,
    longueur: dt.timedelta,
    positionnement: Positionnement,
    occupes: Sequence[dt.datetime],
    retenus: Sequence[dt.datetime],
) -> str:
    commune = positionnement.offre.commune
    local, departement = debut.astimezone(fuseau_de(commune)), commune.departement_id
    ouverture, fermeture = valeur("plage_rencontre")
    fin = local + longueur
    if debut <= timezone.now():
        return "Ce moment est déjà passé : choisissez-en un à venir."
    if local.weekday() == DIMANCHE:
        return f"Le {mots.date_fr(local)} est un dimanche : choisissez un autre jour."
    if local.date() in calendrier.jours_feries(local.year, departement):
        return f"Le {mots.date_fr(local, 'jour')} est férié : choisissez un autre jour."
    if local.hour < ouverture or fin.date() > local.date() or fin.time() > dt.time(fermeture):
        plage = f"entre {mots.heures(ouverture)} et {mots.heures(fermeture)}"
        return f"Une rencontre se tient {plage} : choisissez une autre heure."
    if local.date() > positionnement.offre.date_fin:
        return f"La période du contrat se termine le {mots.date_fr(positionnement.offre.date_fin)} : choisissez avant."
    if debut in retenus:
        return "Ce créneau est proposé deux fois : changez l'un des deux."
    pris = conflit(debut, occupes, longueur)
    if pris is not None:
        return f"{_deja_pris(pris, positionnement)} : choisissez une autre heure."
    return ""


def conflit(debut: dt.datetime, occupes: Iterable[dt.datetime], longueur: dt.timedelta) -> dt.datetime | None:
    """The meeting that one at that time would overlap."""
    return next((autre for autre in occupes if abs(debut - autre) < longueur), None)


def _deja_pris(autre: dt.datetime, positionnement: Positionnement) -> str:
    """When, on the clock of this meeting's place; never with whom: it is somebody else's business."""
    quand = mots.moment_fr(timezone.make_naive(autre, fuseau_de(positionnement.offre.commune)))
    return f"Le tuteur a déjà une autre rencontre le {quand}"


def rencontres_du_tuteur(tuteur_id: UUID, *, sauf: UUID) -> list[dt.datetime]:
    """Meetings ahead of this tutor, whatever the MLDS and the company, the one of the proposal `sauf` apart.

    Asked in the machine's name: a company sees no meeting but its own, and two are still one too many.
    """
    with identite.agir(SYSTEME):
        return list(
            RendezVous.objects.filter(tuteur_id=tuteur_id, annule_le__isnull=True, fin__gt=timezone.now())
            .exclude(positionnement_id=sauf)
            .order_by("debut")
            .values_list("debut", flat=True)
        )


def rencontres_du_contact(contact_id: UUID | None, *, sauf: UUID) -> list[dt.datetime]:
    """Meetings ahead of somebody of the company: they may see two young people in a row, so it is said, not refused."""
    if contact_id is None:
        return []
    with identite.agir(SYSTEME):
        return list(
            RendezVous.objects.filter(contacts__contains=[contact_id], annule_le__isnull=True, fin__gt=timezone.now())
            .exclude(positionnement_id=sauf)
            .order_by("debut")
            .values_list("debut", flat=True)
        )


def croisees(fixees: Iterable[Positionnement], tuteur_id: UUID) -> list[Positionnement]:
    """Among these meetings, those that another one of this tutor's overlaps. The tutor is locked, as by `prendre`."""
    Utilisateur.objects.select_for_update(of=("self",), no_key=True).get(pk=tuteur_id)
    longueur = duree()
    return [
        fixee
        for fixee in fixees
        if fixee.etat == EtatPositionnement.RENCONTRE_FIXEE
        and fixee.rencontre_le is not None
        and conflit(fixee.rencontre_le, rencontres_du_tuteur(tuteur_id, sauf=fixee.pk), longueur)
    ]


def prendre(debut: dt.datetime, positionnement: Positionnement) -> None:
    """Take a slot for good, one taker at a time for this tutor. Raises CreneauRefuse (past) or CreneauPris."""
    tuteur_id = positionnement.reservation.tuteur_id
    Utilisateur.objects.select_for_update(of=("self",), no_key=True).get(pk=tuteur_id)
    if debut <= timezone.now():
        raise CreneauRefuse("Ce créneau est passé : choisissez-en un autre, ou proposez-en de nouveaux.")
    pris = conflit(debut, rencontres_du_tuteur(tuteur_id, sauf=positionnement.pk), duree())
    if pris is not None:
        raise CreneauPris(f"{_deja_pris(pris, positionnement)} : choisissez un autre créneau.")
