"""Planned absence: a colleague in the same role sees and does what waits, from a day to a day."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from raccord.comptes.models import Absence, Adhesion
from raccord.comptes.organisations import acces, messages
from raccord.comptes.organisations.membres import PasAdministrateur, verrouiller
from raccord.socle import calendrier, journal
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import TypeMessage
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu
from raccord.socle.lignes import ou_disparu
from raccord.socle.verrous import contraintes_en_mots


def prevoir(contexte: Contexte, adhesion_id: UUID, *, suppleant_id: UUID, debut: dt.date, fin: dt.date) -> Absence:
    """Mine, or a colleague's when I administer. Raises ErreurMetier on a field: days passed or taken, no such
    colleague, a colleague who is absent too.
    """
    with contraintes_en_mots(), transaction.atomic():
        adhesion = _adhesion(contexte, adhesion_id)
        suppleant = acces.collegues(adhesion).filter(pk=suppleant_id).first()
        if suppleant is None:
            raise ErreurMetier("Choisissez un collègue qui a le même rôle.", champ="suppleant")
        if fin < calendrier.aujourdhui():
            raise ErreurMetier("Cette absence est déjà finie : vérifiez les dates.", champ="fin")
        if _absent(suppleant, debut, fin):
            raise ErreurMetier("Ce collègue est absent lui aussi à ces dates.", champ="suppleant")
        absence = Absence(adhesion=adhesion, suppleant=suppleant, debut=debut, fin=fin)
        absence.save(force_insert=True)
        journal.inscrire(
            contexte,
            absence,
            "absence.prevoir",
            "a prévu une absence et qui la supplée",
            faits={"adhesion": str(adhesion.pk), "suppleant": str(suppleant.pk)},
        )
        _dire(messages.ABSENCE_CONFIEE, suppleant, absence)
        if adhesion.utilisateur_id != contexte.utilisateur_id:
            _dire(messages.ABSENCE_PREVUE, adhesion, absence)
        return absence


def annuler(contexte: Contexte, absence_id: UUID) -> Absence:
    """Called off, or back earlier than planned. Raises PasAdministrateur, DejaFait, ObjetDisparu."""
    with transaction.atomic():
        absence = ou_disparu(
            Absence.objects.select_for_update(of=("self",), no_key=True)
            .select_related("adhesion__utilisateur", "adhesion__organisation", "suppleant__utilisateur")
            .filter(Q(adhesion__organisation_id=contexte.organisation_id), pk=absence_id)
        )
        if not contexte.administrateur and absence.adhesion.utilisateur_id != contexte.utilisateur_id:
            raise PasAdministrateur
        if absence.annulee_le is not None:
            raise DejaFait
        absence.annulee_le = timezone.now()
        absence.save()
        journal.inscrire(contexte, absence, "absence.annuler", "a mis fin à une absence")
        _dire(messages.ABSENCE_ANNULEE, absence.suppleant, absence)
        return absence


def _adhesion(contexte: Contexte, adhesion_id: UUID) -> Adhesion:
    if contexte.organisation_id is None:
        raise ObjetDisparu
    verrouiller(contexte.organisation_id)
    adhesion = ou_disparu(acces.membres(contexte).filter(pk=adhesion_id))
    if not contexte.administrateur and adhesion.utilisateur_id != contexte.utilisateur_id:
        raise PasAdministrateur
    return adhesion


def _absent(adhesion: Adhesion, debut: dt.date, fin: dt.date) -> bool:
    siennes = Absence.objects.filter(adhesion=adhesion, annulee_le__isnull=True)
    return siennes.filter(debut__lte=fin, fin__gte=debut).exists()


def _dire(type_message: TypeMessage, adhesion: Adhesion, absence: Absence) -> None:
    messages.a_l_adhesion(
        type_message,
        adhesion,
        absence,
        absence=absence,
        absent=absence.adhesion.utilisateur.nom_complet,
        suppleant=absence.suppleant.utilisateur.nom_complet,
    )
