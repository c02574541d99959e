"""What the law and the contract allow of a stay: its dates, its rhythm, the age, six months in all."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from raccord.jeunes.models import Jeune
from raccord.parcours import rythme
from raccord.parcours.enums import EtatParcours
from raccord.parcours.models import Offre
from raccord.parcours.presence import INCONNUE, Presence
from raccord.parcours.presence import verifier as regles_de_presence
from raccord.socle import calendrier, mots
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.parametres import regle

ZERO = Decimal(0)


class DatesRefusees(ErreurMetier):
    """Ces dates ne conviennent pas à cette offre."""


class RythmeRefuse(ErreurMetier):
    """Ce rythme ne convient pas."""


class AgeRefuse(ErreurMetier):
    """L'âge du jeune ne permet pas ce parcours à cette date."""


def verifier(
    offre: Offre,
    jeune: Jeune | None,
    *,
    debut: dt.date,
    fin: dt.date,
    heures_hebdo: Decimal,
    heures_prevues: int | None = None,
    presence: Presence = INCONNUE,
    sauf: UUID | None = None,
) -> None:
    """Dates, rhythm and age, each refused in words on its field. `sauf` is the stay being changed.

    `heures_prevues=None` does not ask that the weeks hold all the hours: an adapted stay may fall short of them.
    """
    _dates(offre, debut, fin)
    _rythme(debut, fin, heures_hebdo, heures_prevues)
    # Agreed for later or changed along the way: the age that counts is that of the day from which it applies.
    effet = max(debut, calendrier.aujourdhui())
    regles_de_presence(presence, heures_hebdo=heures_hebdo, age=jeune.age(effet) if jeune else None, le=effet)
    if jeune is not None:
        _age(jeune, debut)
        _six_mois(jeune, debut, fin, sauf)


def periode_ferme(offre: Offre) -> tuple[dt.date, dt.date]:
    """When hours may be done: from the offer's first day to its last, never past the firm period of the contract."""
    fins = [offre.date_fin, *([offre.engagement.marche.date_fin_clause] if offre.engagement else [])]
    return offre.date_debut, min(fins)


def _dates(offre: Offre, debut: dt.date, fin: dt.date) -> None:
    ouverture, cloture = periode_ferme(offre)
    if fin < debut:
        raise DatesRefusees("Le dernier jour vient après le premier.", champ="fin")
    if debut < ouverture:
        raise DatesRefusees(f"L'offre commence le {mots.date_fr(ouverture)} : choisissez un jour après.", champ="debut")
    if fin > cloture:
        quoi = "le contrat se termine" if offre.engagement_id else "l'offre se termine"
        raise DatesRefusees(
            f"{mots.majuscule(quoi)} le {mots.date_fr(cloture)}, avant la fin du parcours. Avancez le dernier jour : "
            "les heures se font dans la période ferme.",
            champ="fin",
        )


def _rythme(debut: dt.date, fin: dt.date, heures_hebdo: Decimal, heures_prevues: int | None) -> None:
    maximum = regle("heures_hebdo_maximum", le=debut)
    if not ZERO < heures_hebdo <= maximum.valeur:
        raise RythmeRefuse(
            f"Une semaine compte au plus {mots.heures(maximum.valeur)} ({maximum.source}).", champ="heures_hebdo"
        )
    if heures_prevues is not None and heures_prevues > rythme.capacite(debut, fin, heures_hebdo):
        raise RythmeRefuse(
            f"{mots.majuscule(mots.periode(debut, fin))} : {rythme.calcul(debut, fin, heures_hebdo)}, moins que les "
            f"{mots.heures(heures_prevues)} prévues. Allongez le parcours, augmentez le rythme ou baissez les heures.",
            champ="heures_prevues",
        )


def _age(jeune: Jeune, debut: dt.date) -> None:
    minimum, maximum = regle("age_minimum", le=debut), regle("age_maximum", le=debut)
    age = jeune.age(debut)
    if not minimum.valeur <= age <= maximum.valeur:
        raise AgeRefuse(
            f"Le jeune aura {age} ans le {mots.date_fr(debut)} : un parcours se fait de {minimum.valeur} à "
            f"{maximum.valeur} ans ({minimum.source}).",
            champ="debut",
        )


def _six_mois(jeune: Jeune, debut: dt.date, fin: dt.date, sauf: UUID | None) -> None:
    limite = regle("duree_maximale_parcours", le=debut)
    encore = Q() if sauf is None else ~Q(pk=sauf)
    autres = jeune.parcours.exclude(etat=EtatParcours.ANNULE).filter(encore).only("debut", "fin", "arrete_le")
    deja = sum((rythme.dernier_jour(autre) - autre.debut).days + 1 for autre in autres)
    possible = rythme.dernier_jour_possible(debut, limite.valeur, deja)
    if fin > possible:
        passe = f" Ce jeune y a déjà passé {mots.pluriel(deja, 'jour')}." if deja else ""
        conseil = (
            f" En commençant le {mots.date_fr(debut)}, le dernier jour possible est le {mots.date_fr(possible)}."
            if possible >= debut
            else " Il ne lui reste pas de temps pour un autre parcours."
        )
        raise DatesRefusees(
            f"Un même jeune passe au plus {limite.valeur} mois en entreprise, tous parcours compris.{passe}{conseil}",
            champ="fin",
        )
