"""What a company's answer remembers, so that it can be taken back; and what others read of it meanwhile."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.echeances.models import Attente
from raccord.parcours import creneaux as regles
from raccord.parcours.enums import EtatPositionnement, Geste
from raccord.parcours.models import Creneau, Positionnement, Reponse
from raccord.parcours.workflow import POSITIONNEMENT
from raccord.socle import workflow
from raccord.socle.contexte import Contexte
from raccord.socle.parametres import valeur


@contextmanager
def memoriser(contexte: Contexte, positionnement: Positionnement, geste: Geste, **champs: Any) -> Iterator[None]:
    """Around what an answer changes: keep what was there, and until when it may come back.

    Somebody who answers for the company by other means than its link has no hour: everybody is told at once. So is
    everybody when a meeting is too near to wait (parameters annulation_reponse, annulation_avant_rencontre, hours).
    """
    avant = _photographier(positionnement, geste)
    ancienne = positionnement.rencontre_le
    yield
    maintenant = timezone.now()
    limite = maintenant + dt.timedelta(hours=valeur("annulation_reponse"))
    trop_pres = limite + dt.timedelta(hours=valeur("annulation_avant_rencontre"))
    rencontres = [r for r in (ancienne, positionnement.rencontre_le) if r is not None and r > maintenant]
    entreprise = contexte.role == Role.ENTREPRISE
    if not entreprise or any(rencontre < trop_pres for rencontre in rencontres):
        limite = maintenant
    Reponse.objects.create(
        positionnement=positionnement,
        rang=positionnement.reponses.count() + 1,
        geste=geste,
        contact_id=contexte.contact_id if entreprise else None,
        donnee_le=maintenant,
        annulable_jusqu_a=limite,
        avant=avant,
        **champs,
    )


def _photographier(positionnement: Positionnement, geste: Geste) -> dict[str, Any]:
    ouvertes = Attente.objects.ouvertes().filter(
        objet_id=positionnement.pk, code__in=workflow.codes(POSITIONNEMENT[geste].clot)
    )
    siens = positionnement.creneaux.filter(propose_par=Role.ENTREPRISE).order_by("debut")
    return {
        "etat": positionnement.etat,
        "rencontre_le": positionnement.rencontre_le.isoformat() if positionnement.rencontre_le else None,
        "rencontre_lieu": positionnement.rencontre_lieu,
        "absence": positionnement.absence,
        "creneaux": [[creneau.debut.isoformat(), creneau.lieu] for creneau in siens],
        "attentes": [str(pk) for pk in ouvertes.values_list("pk", flat=True)],
    }


def remettre(positionnement: Positionnement, reponse: Reponse) -> None:
    """The proposal as it was before this answer, but its state. Raises CreneauPris when its meeting's time was taken
    meanwhile by another meeting.
    """
    avant = reponse.avant
    rencontre = dt.datetime.fromisoformat(avant["rencontre_le"]) if avant["rencontre_le"] else None
    if avant["etat"] == EtatPositionnement.RENCONTRE_FIXEE and rencontre is not None and rencontre > timezone.now():
        regles.prendre(rencontre, positionnement)
    positionnement.rencontre_le, positionnement.rencontre_lieu = rencontre, avant["rencontre_lieu"]
    positionnement.absence = avant["absence"]
    positionnement.motif_refus = positionnement.precisions_refus = ""
    positionnement.creneaux.filter(propose_par=Role.ENTREPRISE).delete()
    Creneau.objects.bulk_create(
        Creneau(
            positionnement=positionnement,
            debut=dt.datetime.fromisoformat(debut),
            propose_par=Role.ENTREPRISE,
            lieu=lieu,
        )
        for debut, lieu in avant["creneaux"]
    )


def courante(positionnement: Positionnement) -> Reponse | None:
    """The last answer that nobody took back."""
    return positionnement.reponses.valables().select_related("contact__organisation").first()


def en_suspens(positionnement: Positionnement) -> Reponse | None:
    """The answer of which the others are not told yet."""
    reponse = courante(positionnement)
    return reponse if reponse is not None and reponse.actee_le is None and _attend(positionnement) else None


def _attend(positionnement: Positionnement) -> bool:
    return Attente.objects.filter(code="revenir", objet_id=positionnement.pk, close_le__isnull=True).exists()


def tel_qu_annonce(positionnement: Positionnement) -> Positionnement:
    """A copy to be read by the young person and the parents: without any answer of which they are not told yet.

    A refusal is theirs to hear from the tutor: until then it shows as it was before.
    """
    lu = copy(positionnement)
    if en_suspens(positionnement) is None:
        return lu
    for reponse in positionnement.reponses.valables():
        if reponse.actee_le is not None:
            break
        avant = reponse.avant
        lu.etat, lu.rencontre_lieu = avant["etat"], avant["rencontre_lieu"]
        lu.rencontre_le = dt.datetime.fromisoformat(avant["rencontre_le"]) if avant["rencontre_le"] else None
    return lu


def a_entendre(positionnement: Positionnement) -> bool:
    """The company has said no, the hour is over, and the tutor has not spoken with the young person yet."""
    return positionnement.etat == EtatPositionnement.REFUSE and positionnement.annonce_le is None
