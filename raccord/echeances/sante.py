"""What a probe asks of the outbox and of the loop that climbs the ladders."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from raccord.echeances.models import Message, Passage
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.sante import MESURE, verifier

BOUCLE = "echeances"
# The loop turns every minute or so: three missed turns and a quarter of an hour are not a delay any more.
PATIENCE = dt.timedelta(minutes=15)


def marquer_passage() -> None:
    """The loop has gone through."""
    Passage.objects.update_or_create(nom=BOUCLE, defaults={"le": timezone.now()})


def boucle() -> MESURE:
    """Whether the loop turned lately."""
    dernier = Passage.objects.filter(nom=BOUCLE).values_list("le", flat=True).first()
    if dernier is None:
        return {"ok": False, "dernier_tour_s": None}
    age = timezone.now() - dernier
    return {"ok": age <= PATIENCE, "dernier_tour_s": round(age.total_seconds())}


def file() -> MESURE:
    """Whether a message that should have gone is still there. The demo keeps its messages: they are read on a page."""
    maintenant = timezone.now()
    with identite.agir(SYSTEME), transaction.atomic():
        a_envoyer = Message.objects.filter(envoye_le__isnull=True, prochain_essai__lte=maintenant).exclude(courriel="")
        du_le = a_envoyer.aggregate(plus_ancien=Min("prochain_essai"))["plus_ancien"]
    age = maintenant - du_le if du_le else dt.timedelta(0)
    return {"ok": settings.DEMO or age <= PATIENCE, "plus_ancien_s": round(age.total_seconds())}


verifier("file", file)
verifier("boucle", boucle)
