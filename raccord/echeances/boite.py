"""The outbox: writing in the business transaction. The postman (`facteur`) sends afterwards."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.template import Context, Engine
from django.utils import timezone

from raccord.echeances.models import QUI_PARTENT, Attente, Canal, Envoi, Message
from raccord.echeances.preferences import decider
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.courrier import Destinataire, TypeMessage
from raccord.socle.models import ObjetSuivi

PONCTUATION = re.compile(r" ([:;?!»])")
# What the machine writes in one go waits for the rest of it: one person then receives one digest.
REPIT = dt.timedelta(minutes=2)
_repit: ContextVar[dt.timedelta] = ContextVar("repit", default=dt.timedelta(0))
# The wait of which a rung speaks, and the letters it has written.
_rappel: ContextVar[tuple[UUID, list[UUID]] | None] = ContextVar("rappel", default=None)


@contextmanager
def en_reunissant() -> Iterator[None]:
    """Messages written inside may wait for one another: nobody's gesture caused them."""
    avant = _repit.set(REPIT)
    try:
        yield
    finally:
        _repit.reset(avant)


@contextmanager
def rappelant(attente: Attente) -> Iterator[None]:
    """What is written inside reminds of this wait, and will not leave when it is over. What a rung writes while it ends
    the wait itself is no reminder: it is the news.
    """
    lettres: list[UUID] = []
    jeton = _rappel.set((attente.pk, lettres))
    try:
        yield
    finally:
        _rappel.reset(jeton)
    if lettres and not Attente.objects.filter(pk=attente.pk, close_le__isnull=True).exists():
        with identite.agir(SYSTEME):
            Message.objects.filter(pk__in=lettres).update(attente=None)


@contextmanager
def sans_attendre_le_disque() -> Iterator[None]:
    """Each commit inside is final for everybody, and reaches the disk within the second.

    A machine that loses its power then may do the last second again: letters under the same names, rungs whose letters
    had not left. A worker or a database that is killed loses nothing. Waiting for the disk cost as much as the letter.
    """
    with connection.cursor() as curseur:
        curseur.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as curseur:
            curseur.execute("RESET synchronous_commit")


def deposer(
    type_message: TypeMessage, destinataire: Destinataire, donnees: dict[str, Any], objet: ObjetSuivi | None
) -> None:
    """Write one message. Outside a transaction it is refused: a message without its cause would be a lie."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Un message ne s'écrit que dans la transaction de ce qu'il annonce.")
    gabarit = Engine.get_default().get_template(type_message.gabarit)
    # Plain text: an apostrophe stays an apostrophe.
    texte = composer(gabarit.render(Context({"adresse": settings.ADRESSE_PUBLIQUE, **donnees}, autoescape=False)))
    sujet, _, corps = texte.strip().partition("\n")
    maintenant, calendrier = timezone.now(), donnees.get("calendrier")
    piece = calendrier(destinataire) if calendrier else ""
    depart = decider(type_message, destinataire, maintenant, avant=donnees.get("avant"), reuni=not piece)
    attente_id, lettres = _rappel.get() or (None, [])
    for courriel, telephone in _chemins(depart.canal, destinataire):
        lettre = Message(
            code=type_message.code,
            sujet=" ".join(sujet.split())[:200],
            corps=corps.strip() + "\n",
            courriel=courriel,
            telephone=telephone,
            utilisateur_id=destinataire.utilisateur_id,
            contact_id=destinataire.contact_id,
            jeune_id=destinataire.jeune_id,
            representant_id=destinataire.representant_id,
            organisation_id=destinataire.organisation_id,
            objet_type=objet._meta.label_lower if objet else "",
            objet_id=objet.pk if objet else None,
            calendrier=piece if courriel else "",
            attente_id=attente_id,
            envoi=depart.envoi,
            prochain_essai=max(depart.le, maintenant + _repit.get()),
        )
        lettre.save(force_insert=True)
        lettres.append(lettre.pk)


def _chemins(canal: str, destinataire: Destinataire) -> list[tuple[str, str]]:
    """One line for each road, which fails and is tried again by itself: a line without a mail address is an SMS."""
    lettre, court = (destinataire.courriel, destinataire.telephone), ("", destinataire.telephone)
    return {Canal.COURRIEL: [lettre], Canal.SMS: [court], Canal.DEUX: [lettre, court]}[Canal(canal)]


def retirer(codes: list[str], objet: ObjetSuivi) -> int:
    """What was written about the object and has not left says something that is no longer true. Returns how many."""
    with identite.agir(SYSTEME):
        perimes = Message.objects.filter(
            code__in=codes, objet_id=objet.pk, envoye_le__isnull=True, echec_le__isnull=True, envoi__in=QUI_PARTENT
        )
        recueils = list(perimes.exclude(reuni_dans=None).values_list("reuni_dans_id", flat=True))
        retires = perimes.update(envoi=Envoi.SANS_OBJET, reuni_dans=None)
        # A digest that gathered nothing else is not sent empty.
        Message.objects.en_file().filter(pk__in=recueils, reunis__isnull=True).update(envoi=Envoi.SANS_OBJET)
        return retires


def composer(texte: str) -> str:
    """French punctuation stays with its word: no line begins with « : », « ? » or a closing quotation mark."""
    return PONCTUATION.sub("\u00a0\\1", texte).replace("« ", "«\u00a0")
