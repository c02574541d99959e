"""The outbox: writing in the business transaction, sending afterwards."""

import datetime as dt
import logging
import re
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import Context, Engine
from django.utils import timezone

from raccord.echeances.calendriers import joindre_calendrier
from raccord.echeances.models import Canal, Envoi, Message
from raccord.echeances.preferences import decider
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.courrier import Destinataire, TypeMessage
from raccord.socle.models import ObjetSuivi

TRACES = logging.getLogger("raccord.boite")
LOT = 50
PONCTUATION = re.compile(r" ([:;?!»])")
ATTENTE_MAXIMALE = dt.timedelta(hours=6)


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
    depart = decider(type_message, destinataire, timezone.now(), avant=donnees.get("avant"))
    calendrier = donnees.get("calendrier")
    Message.objects.create(
        code=type_message.code,
        sujet=" ".join(sujet.split())[:200],
        corps=corps.strip() + "\n",
        courriel=destinataire.courriel,
        telephone=destinataire.telephone,
        utilisateur_id=destinataire.utilisateur_id,
        contact_id=destinataire.contact_id,
        jeune_id=destinataire.jeune_id,
        representant_id=destinataire.representant_id,
        organisation_id=destinataire.organisation_id,
        objet_type=objet._meta.label_lower if objet else "",
        objet_id=objet.pk if objet else None,
        calendrier=calendrier(destinataire) if calendrier else "",
        canal=depart.canal,
        envoi=depart.envoi,
        prochain_essai=depart.le,
    )


def retirer(codes: list[str], objet: ObjetSuivi) -> int:
    """What was written about the object and has not left says something that is no longer true. Returns how many."""
    with identite.agir(SYSTEME):
        return (
            Message.objects.filter(code__in=codes, objet_id=objet.pk, envoye_le__isnull=True)
            .exclude(envoi=Envoi.COUPE)
            .update(envoi=Envoi.SANS_OBJET)
        )


def composer(texte: str) -> str:
    """French punctuation stays with its word: no line begins with « : », « ? » or a closing quotation mark."""
    return PONCTUATION.sub("\u00a0\\1", texte).replace("« ", "«\u00a0")


def expedier() -> int:
    """Send what is due by mail, each row locked while it goes. Returns the number sent.

    A message without a mail address waits (a later channel may carry it); a failure is tried again,
    later each time.
    """
    envoyes = 0
    for _ in range(LOT):
        with identite.agir(SYSTEME, motif="expedier"), transaction.atomic():
            message = (
                Message.objects.select_for_update(skip_locked=True)
                .filter(envoye_le__isnull=True, envoi=Envoi.SEUL, prochain_essai__lte=timezone.now())
                .exclude(courriel="")
                .exclude(canal=Canal.SMS)
                .order_by("prochain_essai")
                .first()
            )
            if message is None:
                break
            envoyes += _expedier(message)
    return envoyes


def _expedier(message: Message) -> int:
    courriel = EmailMultiAlternatives(
        subject=message.sujet,
        body=message.corps,
        to=[message.courriel],
        headers={"Message-ID": f"<{message.pk}@raccord>", "Auto-Submitted": "auto-generated"},
    )
    joindre_calendrier(courriel, message)
    try:
        courriel.send()
    except OSError as erreur:
        message.essais += 1
        attente = min(dt.timedelta(minutes=2) * 2**message.essais, ATTENTE_MAXIMALE)
        message.prochain_essai = timezone.now() + attente
        message.save(update_fields=["essais", "prochain_essai"])
        TRACES.warning("envoi refusé", extra={"faits": {"message": str(message.pk), "cause": type(erreur).__name__}})
        return 0
    message.envoye_le = timezone.now()
    message.save(update_fields=["envoye_le"])
    return 1
