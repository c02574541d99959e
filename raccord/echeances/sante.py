"""What a probe asks of the outbox and of the loop that climbs the ladders."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from raccord.echeances.models import Canal, Envoi, Message, Passage
from raccord.echeances.tournees import marquer
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.sante import MESURE, verifier

BOUCLE = "echeances"
# The loop turns every minute or so: three missed turns and a quarter of an hour are not a delay any more.
PATIENCE = dt.timedelta(minutes=15)


def marquer_passage() -> None:
    """The loop has gone through."""
    marquer(BOUCLE)


def boucle() -> MESURE:
    """Whether the loop turned lately."""
    dernier = Passage.objects.filter(nom=BOUCLE).values_list("le", flat=True).first()
    if dernier is None:
        return {"ok": False, "dernier_tour_s": None}
    age = timezone.now() - dernier
    return {"ok": age <= PATIENCE, "dernier_tour_s": round(age.total_seconds())}


def file() -> MESURE:
    """Whether messages go. The demo keeps its own: they are read on a page."""
    with identite.agir(SYSTEME), transaction.atomic():
        age = max(_attend_depuis(), _echoue_depuis())
    return {"ok": settings.DEMO or age <= PATIENCE, "plus_ancien_s": round(age.total_seconds())}


def _attend_depuis() -> dt.timedelta:
    """How long the oldest message that should have been tried has been waiting for it."""
    du_le = _non_partis().filter(prochain_essai__lte=timezone.now()).aggregate(du=Min("prochain_essai"))["du"]
    return timezone.now() - du_le if du_le else dt.timedelta(0)


def _echoue_depuis() -> dt.timedelta:
    """How long tries have failed with nothing sent since: a wrong address alone does not stop the others."""
    refuses = _non_partis().filter(essais__gt=0, cree_le__lt=timezone.now() - PATIENCE)
    dernier = refuses.order_by("-cree_le").values_list("cree_le", flat=True).first()
    if dernier is None or Message.objects.filter(envoye_le__gt=dernier).exists():
        return dt.timedelta(0)
    return timezone.now() - dernier


def _non_partis() -> QuerySet[Message]:
    seuls = Message.objects.filter(envoye_le__isnull=True, envoi=Envoi.SEUL)
    return seuls.exclude(courriel="").exclude(canal=Canal.SMS)


verifier("file", file)
verifier("boucle", boucle)
