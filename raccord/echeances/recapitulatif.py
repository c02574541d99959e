"""One mail a day for whoever prefers it: what waited, subject and first lines, with its links."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.template import Context, Engine
from django.utils import timezone

from raccord.echeances.models import Envoi, Message
from raccord.echeances.preferences import PORTEURS
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME

LIEN = re.compile(r"https?://\S+")
PREMIERES_LIGNES = 300
PERSONNE = (*PORTEURS, "courriel")


def recapituler() -> int:
    """The digests that are due, one per person. Returns how many were written. A loop that was stopped for a week
    writes one, not seven; two loops at once write one.
    """
    with identite.agir(SYSTEME), transaction.atomic():
        dus = Message.objects.filter(
            envoi=Envoi.RECAPITULATIF, recapitulatif__isnull=True, prochain_essai__lte=timezone.now()
        )
        personnes = list(dus.order_by(*PERSONNE).values(*PERSONNE).distinct())
    return sum(_ecrire(personne) for personne in personnes)


def _ecrire(personne: dict[str, Any]) -> int:
    with identite.agir(SYSTEME), transaction.atomic():
        return _reprendre(personne)


def _reprendre(personne: dict[str, Any]) -> int:
    a_reprendre = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        **{f"{cle}__isnull" if valeur is None else cle: valeur is None or valeur for cle, valeur in personne.items()},
        envoi=Envoi.RECAPITULATIF,
        recapitulatif__isnull=True,
        prochain_essai__lte=timezone.now(),
    )
    repris = list(a_reprendre.order_by("cree_le", "pk"))
    if not repris:
        return 0
    gabarit = Engine.get_default().get_template("echeances/messages/recapitulatif.txt")
    nouvelles = [{"sujet": message.sujet, "debut": debut(message.corps), "liens": liens(message)} for message in repris]
    texte = gabarit.render(Context({"nouvelles": nouvelles, "nombre": len(repris)}, autoescape=False))
    sujet, _, corps = texte.strip().partition("\n")
    recapitulatif = Message.objects.create(
        **personne,
        code="echeances.recapitulatif",
        sujet=sujet.strip()[:200],
        corps=corps.strip() + "\n",
        organisation_id=repris[0].organisation_id,
    )
    Message.objects.filter(pk__in=[message.pk for message in repris]).update(recapitulatif=recapitulatif)
    return 1


def debut(corps: str) -> str:
    """The first lines, without the greeting."""
    paragraphes = [p.strip() for p in corps.split("\n\n") if p.strip() and p.strip(" ,") != "Bonjour"]
    texte = " ".join(LIEN.sub("", paragraphes[0]).split()) if paragraphes else ""
    return texte if len(texte) <= PREMIERES_LIGNES else texte[:PREMIERES_LIGNES].rsplit(" ", 1)[0] + "…"


def liens(message: Message) -> Sequence[str]:
    """Where to act, each once, in order."""
    return list(dict.fromkeys(lien.rstrip(".,;)") for lien in LIEN.findall(message.corps)))
