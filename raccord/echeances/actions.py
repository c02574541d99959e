"""What people do to a wait itself: pause its ladder, hold it while they are on it, set a ladder's delays."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from raccord.echeances.attentes import TYPES, Cadre, echelle_en_vigueur, prochain_moment
from raccord.echeances.echelle import EFFETS, objet_de
from raccord.echeances.models import Attente, Echelle
from raccord.socle import calendrier, journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.parametres import regle, valeur
from raccord.socle.verrous import contraintes_en_mots

MOTS_MINIMUM = 3


class AttenteClose(ErreurMetier):
    """La réponse est arrivée entre-temps : il n'y a plus rien à attendre ici."""


class PauseSansRaison(ErreurMetier):
    """Dites pourquoi en trois mots au moins : tous ceux qui attendent le lisent."""


class PauseImpossible(ErreurMetier):
    """Choisissez un jour à venir."""


class EchelleImpossible(ErreurMetier):
    """Cette échelle n'est pas possible."""


def attente_ouverte(attente_id: UUID) -> Attente:
    """The wait, locked. Raises AttenteClose."""
    attente = Attente.objects.select_for_update(of=("self",)).filter(pk=attente_id, close_le__isnull=True).first()
    if attente is None:
        raise AttenteClose
    return attente


@transaction.atomic
def mettre_en_pause(contexte: Contexte, attente_id: UUID, *, jusqu_au: dt.date, raison: str) -> Attente:
    """The ladder says nothing until that morning, then goes on by itself; its delays and the due date wait as long.

    A pause on a pause replaces it. Raises PauseSansRaison, PauseImpossible, AttenteClose.
    """
    if len(raison.split()) < MOTS_MINIMUM:
        raise PauseSansRaison(champ="raison")
    attente = attente_ouverte(attente_id)
    limite = regle("pause_maximale")
    plus_tard = calendrier.ajouter(calendrier.aujourdhui(attente.lieu), limite.valeur, limite.unite)
    if not calendrier.aujourdhui(attente.lieu) < jusqu_au <= plus_tard:
        raise PauseImpossible(
            f"Choisissez un jour à venir, au plus tard le {mots.date_fr(plus_tard)}.", champ="jusqu_au"
        )
    suspendre(contexte, attente, jusqu_au=jusqu_au, raison=raison)
    journal.inscrire(
        contexte,
        objet_de(attente),
        "attente.suspendre",
        f"a mis les rappels en pause jusqu’au {mots.date_fr(jusqu_au)}",
        faits={"attente": attente.code, "jusqu_au": jusqu_au.isoformat()},
        audience=TYPES[attente.code].audience,
    )
    return attente


def suspendre(contexte: Contexte, attente: Attente, *, jusqu_au: dt.date, raison: str) -> None:
    """Pause a wait that is locked; a former pause stops where it stands."""
    _decaler(attente, -_jours_restants(attente))
    _decaler(attente, (jusqu_au - calendrier.aujourdhui(attente.lieu)).days)
    attente.pause_jusqua = calendrier.matin(jusqu_au, attente.lieu)
    attente.pause_raison, attente.pause_par_id = raison[:300], contexte.utilisateur_id
    _enregistrer(attente)


@transaction.atomic
def reprendre(contexte: Contexte, attente_id: UUID) -> Attente:
    """End a pause before its day; a second click changes nothing. Raises AttenteClose."""
    attente = attente_ouverte(attente_id)
    if attente.en_pause:
        _decaler(attente, -_jours_restants(attente))
        attente.pause_jusqua = None
        _enregistrer(attente)
        journal.inscrire(
            contexte,
            objet_de(attente),
            "attente.reprendre",
            "a repris les rappels",
            faits={"attente": attente.code},
            audience=TYPES[attente.code].audience,
        )
    return attente


def _enregistrer(attente: Attente) -> None:
    """With the day its ladder moves next."""
    attente.prochain = prochain_moment(attente, attente.rappels.values_list("echelon", flat=True))
    attente.save()


def _jours_restants(attente: Attente) -> int:
    if not attente.en_pause or attente.pause_jusqua is None:
        return 0
    fin = timezone.localdate(attente.pause_jusqua, attente.lieu.fuseau)
    return (fin - calendrier.aujourdhui(attente.lieu)).days


def _decaler(attente: Attente, jours: int) -> None:
    """Move the due date by so many days, at the same hour of the place, whatever the night's clock did."""
    locale = attente.echeance.astimezone(attente.lieu.fuseau)
    attente.echeance = locale + dt.timedelta(days=jours)  # aware arithmetic keeps the wall clock
    attente.pause_jours += jours


# --- Holding ---------------------------------------------------------------------------------------


def tenir(contexte: Contexte, attente: Attente) -> bool:
    """Say that I am on it, for a while. False when somebody else already is."""
    maintenant = timezone.now()
    libre = Q(tenue_par_id__isnull=True) | Q(tenue_jusqua__lte=maintenant) | Q(tenue_par_id=contexte.utilisateur_id)
    jusqua = maintenant + dt.timedelta(minutes=valeur("duree_tenue"))
    tenues = Attente.objects.filter(libre, pk=attente.pk, close_le__isnull=True)
    return bool(tenues.update(tenue_par_id=contexte.utilisateur_id, tenue_jusqua=jusqua))


def lacher(contexte: Contexte, attente_id: UUID) -> None:
    """Let it go."""
    Attente.objects.filter(pk=attente_id, tenue_par_id=contexte.utilisateur_id).update(
        tenue_par_id=None, tenue_jusqua=None
    )


# --- Ladders ---------------------------------------------------------------------------------------


def poser_echelle(
    contexte: Contexte, code: str, *, portee: str, debut: dt.date, echelons: Sequence[dict[str, Any]], source: str
) -> Echelle:
    """A new ladder from that day on. What is past, and waits already open, keep theirs.

    The rungs are those of the ladder in force, with other delays, some left out. Raises EchelleImpossible.
    """
    if debut < calendrier.aujourdhui():
        raise EchelleImpossible("Le passé ne se change pas : choisissez aujourd'hui ou un jour à venir.", champ="debut")
    if not echelons:
        raise EchelleImpossible("Gardez au moins un échelon : un silence finit toujours par se dire.")
    if any((code, echelon["code"]) not in EFFETS for echelon in echelons):
        raise EchelleImpossible("Cet échelon n'existe pas pour cette attente.")
    actuelle = echelle_en_vigueur(code, Cadre())
    dernier = actuelle.echelons[-1]["code"] if actuelle else ""
    if dernier and dernier not in {echelon["code"] for echelon in echelons}:
        raise EchelleImpossible("Le dernier échelon reste : c'est lui qui nomme quelqu'un quand tout s'est tu.")
    with contraintes_en_mots(), transaction.atomic():
        return Echelle.objects.create(
            attente=code,
            portee=portee,
            debut=debut,
            echelons=list(echelons),
            source=source,
            posee_par_id=contexte.utilisateur_id,
        )
