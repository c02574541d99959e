"""The postman: takes what is due, hands it over, says what came of it (docs/delai.md).

Three steps, never one transaction: a server that is slow holds no row. To take a message is to count a try and to put
its next one off by `BAIL`; a postman that dies between two steps leaves it to the next one, which sends it again under
the same Message-ID. Only the acceptance that nobody could write down makes a second copy.
"""

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from raccord.echeances import adresses, recapitulatif, sms
from raccord.echeances.boite import REPIT, sans_attendre_le_disque
from raccord.echeances.courriel import Bureau
from raccord.echeances.models import Attente, Envoi, Message
from raccord.echeances.refus import Coupure, Definitif, Injoignable, Refus, Temporaire
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.parametres import valeur

TRACES = logging.getLogger("raccord.facteur")
LOT = 50
BAIL = dt.timedelta(minutes=10)
TENUE = 240.0  # seconds: a batch that lasts gives the rest back well before its lease ends
COUPURES = 2  # in a row: the server is to blame, not the messages
VERROU = 7221  # one postman chooses at a time: what one person is to receive stays together
RECAPITULATIF = "echeances.recapitulatif"
ENVOI = "expedier"  # why the postman writes
# Everything a letter asks of the base, in one round trip, which is one transaction: four of them cost more than the
# letter. The one that was accepted is noted; is the next one still ours to send, does what it reminds of still stand?
# Looked for by its key alone: conditions on rows are what takes long to plan.
TRAJET = """
SELECT set_config('raccord.role', 'systeme', true), set_config('raccord.motif', %(motif)s, true);
UPDATE echeances_message SET envoye_le = %(instant)s,
    envoi = CASE envoi WHEN 'sans_objet' THEN 'seul' ELSE envoi END -- withdrawn while it was in our hands: it has left
WHERE id = %(accepte)s OR reuni_dans_id = %(accepte)s;
SELECT m.essais = %(essais)s AND m.envoi IN ('seul', 'recapitulatif') AND m.envoye_le IS NULL AND m.echec_le IS NULL
    AND m.reuni_dans_id IS NULL AND a.close_le IS NULL AND coalesce(a.pause_jusqua <= %(instant)s, true)
FROM echeances_message m LEFT JOIN echeances_attente a ON a.id = m.attente_id WHERE m.id = %(suivant)s
"""


@dataclass
class Tournee:
    """One go through the outbox. `injoignable`: something refuses everybody, there is no use in insisting."""

    envoyes: int = 0
    injoignable: bool = False


def expedier(arret: Callable[[], bool] = lambda: False) -> Tournee:
    """Send what is due, batch after batch, until nothing is, `arret` says so, or nobody answers."""
    tournee = Tournee()
    with sans_attendre_le_disque():
        while not tournee.injoignable and not arret() and (lot := _prendre()):
            _porter(lot, tournee, arret)
    return tournee


def _porter(lot: list[Message], tournee: Tournee, arret: Callable[[], bool]) -> None:
    bureau, fin, coupures, permis = Bureau(), time.monotonic() + TENUE, 0, False
    try:
        while lot and not arret() and time.monotonic() < fin and coupures < COUPURES:
            message, suivant = lot[0], lot[1] if len(lot) > 1 else None
            if permis or _peut_partir(message) or _retenir(message):
                refus = _remettre(message, bureau)
                permis = refus is None and _accepter(message, suivant)
                coupures = coupures + 1 if isinstance(refus, Coupure) else 0
                tournee.envoyes += refus is None
            lot.pop(0)
        tournee.injoignable = coupures >= COUPURES
    except Injoignable as refus:
        TRACES.warning("service injoignable", extra={"faits": {"cause": refus.cause, "en_file": len(lot)}})
        tournee.injoignable = True
    finally:
        _rendre(lot)
        bureau.partir()


def _remettre(message: Message, bureau: Bureau) -> Refus | None:
    """One message. Returns why it did not leave; what came of it then is noted. Raises Injoignable."""
    try:
        if message.courriel:
            bureau.remettre(message, _corps(message))
        else:
            sms.fournisseur().envoyer(message.telephone, sms.texte_court(message), str(message.pk))
    except Definitif as refus:
        _abandonner(message, refus)
        return refus
    except Temporaire as refus:
        _reporter(message, refus)
        return refus
    except Injoignable:
        raise
    except Exception:  # a defect of ours on one message: the others go, this one waits
        TRACES.exception("message en échec", extra={"faits": {"message": str(message.pk)}})
        panne = Temporaire("panne")
        _reporter(message, panne)
        return panne
    return None


# --- Taking ----------------------------------------------------------------------------------------------


@contextmanager
def _postier() -> Iterator[None]:
    with identite.agir(SYSTEME, motif=ENVOI), transaction.atomic():
        yield


def _prendre() -> list[Message]:
    """Take the oldest due, with what the same people are to receive besides; many for one person become one."""
    instant = timezone.now()
    file = Message.objects.select_for_update(skip_locked=True).en_file()
    with _postier():
        with connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
        # Two that waited for the same hour leave as they were written: an invitation, then its cancellation.
        lot = list(file.filter(prochain_essai__lte=instant).order_by("prochain_essai", "cree_le", "pk")[:LOT])
        compagnons = file.filter(
            courriel__in={message.courriel for message in lot} - {""}, essais=0, prochain_essai__lte=instant + REPIT
        ).exclude(pk__in=[message.pk for message in lot])
        lot = _reunir([*lot, *compagnons.order_by("prochain_essai", "cree_le", "pk")])
        for message in lot:
            message.du_le = message.prochain_essai  # type: ignore[attr-defined]  # where it goes back to
            message.essais += 1
        Message.objects.filter(pk__in=[message.pk for message in lot]).update(
            essais=F("essais") + 1, prochain_essai=instant + BAIL
        )
    return lot


def _reunir(lot: list[Message]) -> list[Message]:
    """What still goes, once gathered in a digest: what somebody wants once a day, however few; what waits for them in
    too great a number. A line is of one kind or of the other (`Message.envoi`), never of both.
    """
    par_personne: dict[tuple[str | UUID | None, ...], list[Message]] = defaultdict(list)
    for message in lot:
        if recapitulatif.se_reunit(message):
            par_personne[_personne(message)].append(message)
    seuil = valeur("seuil_recapitulatif")
    recueils = [
        _recueillir(messages)
        for messages in par_personne.values()
        if messages[0].envoi == Envoi.RECAPITULATIF or len(messages) >= seuil
    ]
    return [message for message in lot if message.reuni_dans_id is None] + recueils


def _personne(message: Message) -> tuple[str | UUID | None, ...]:
    qui = (message.utilisateur_id, message.contact_id, message.jeune_id, message.representant_id)
    chez = None if message.envoi == Envoi.RECAPITULATIF else message.organisation_id  # one a day, whatever the hat
    return (message.courriel.lower(), message.envoi, *qui, chez)


def _recueillir(messages: list[Message]) -> Message:
    """Its words are made when it leaves, from what it gathers: nothing is kept twice."""
    premier = messages[0]
    recueil = Message.objects.create(
        code=RECAPITULATIF,
        sujet=recapitulatif.sujet(messages),
        courriel=premier.courriel,
        utilisateur_id=premier.utilisateur_id,
        contact_id=premier.contact_id,
        jeune_id=premier.jeune_id,
        representant_id=premier.representant_id,
        organisation_id=premier.organisation_id,
        prochain_essai=premier.prochain_essai,
    )
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(reuni_dans=recueil)
    for message in messages:
        message.reuni_dans = recueil
    return recueil


def _corps(message: Message) -> str:
    if message.code != RECAPITULATIF:
        return message.corps
    with _postier():
        reunis = list(message.reunis.order_by("cree_le", "pk"))
    return recapitulatif.corps(reunis)


# --- Before it leaves ------------------------------------------------------------------------------------


def _peut_partir(message: Message) -> bool:
    """It is still ours to send, and what it reminds of still stands. Nothing is said of a digest."""
    return _faire_le_trajet(None, message)


def _retenir(message: Message) -> bool:
    """Since it was taken, something has ended or was paused: what reminds of the former is withdrawn, what reminds of
    the latter waits. Whether anything is left to send.
    """
    with _postier():
        lettres = Message.objects.filter(Q(pk=message.pk) | Q(reuni_dans=message), envoye_le__isnull=True)
        lettres.filter(attente__close_le__isnull=False).update(envoi=Envoi.SANS_OBJET, reuni_dans=None)
        for attente in Attente.objects.filter(lettres__in=lettres, pause_jusqua__gt=timezone.now()).distinct():
            lettres.filter(attente=attente).update(prochain_essai=attente.pause_jusqua, essais=0, reuni_dans=None)
        restante = Message.objects.en_file().filter(pk=message.pk, essais=message.essais)
        if message.code == RECAPITULATIF and not message.reunis.exists():
            restante.update(envoi=Envoi.SANS_OBJET)
        return restante.exists()


# --- What came of it -------------------------------------------------------------------------------------


def _accepter(message: Message, suivant: Message | None) -> bool:
    """The server has it, and what it gathers. Whether the next one may leave at this instant."""
    return _faire_le_trajet(message, suivant)


def _faire_le_trajet(accepte: Message | None, suivant: Message | None) -> bool:
    faits: dict[str, Any] = {
        "motif": ENVOI,
        "instant": timezone.now(),
        "accepte": accepte and accepte.pk,
        "suivant": suivant and suivant.pk,
        "essais": suivant.essais if suivant else 0,
    }
    with identite.agir(SYSTEME, motif=ENVOI), connection.cursor() as curseur:
        curseur.execute(TRAJET, faits)
        while curseur.nextset():
            pass
        ligne = curseur.fetchone()
    # A digest is looked at letter by letter (`_retenir`).
    return bool(ligne and ligne[0]) and suivant is not None and suivant.code != RECAPITULATIF


def _reporter(message: Message, refus: Refus) -> None:
    """Later, each time later, as the dated rule says; then never again."""
    TRACES.warning("envoi remis", extra={"faits": {"message": str(message.pk), "cause": refus.cause}})
    reprises = valeur("reprises_envoi")
    if message.essais > len(reprises):
        _abandonner(message, Definitif(f"{refus.cause}, {message.essais} essais"))
        return
    plus_tard = timezone.now() + dt.timedelta(minutes=reprises[message.essais - 1])
    with _postier():  # unless the lease was over and somebody else has taken it since
        Message.objects.en_file().filter(pk=message.pk, essais=message.essais).update(prochain_essai=plus_tard)


def _abandonner(message: Message, refus: Refus) -> None:
    """Never silently: the address is marked and a person is asked to find another."""
    TRACES.warning("envoi abandonné", extra={"faits": {"message": str(message.pk), "cause": refus.cause}})
    with _postier():
        Message.objects.filter(Q(pk=message.pk) | Q(reuni_dans=message)).update(
            echec_le=timezone.now(), cause=refus.cause
        )
        adresses.signaler(message, refus.cause)


def _rendre(lot: Iterable[Message]) -> None:
    """What was taken and not tried goes back as it was."""
    with _postier():
        for message in lot:
            Message.objects.en_file().filter(pk=message.pk, essais=message.essais).update(
                essais=message.essais - 1,
                prochain_essai=message.du_le,  # type: ignore[attr-defined]  # set when it was taken
            )
