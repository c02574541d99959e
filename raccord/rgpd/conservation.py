"""What time erases: a warning, a delay to answer it, then nobody is meant any more (GDPR art. 5.1.e).

Durations and the delay are dated parameters. `appliquer` is the daily round and the command: it simulates unless told
otherwise, and one file that fails holds nothing back.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction, Utilisateur
from raccord.echeances.models import QUI_PARTENT, Message
from raccord.jeunes.models import Jeune
from raccord.parcours.acces.destinataires import coordonnateurs_de
from raccord.rgpd import messages
from raccord.rgpd.actions import LIEN_DONNEES, page_du_jeune, role_de
from raccord.rgpd.effacement import EffacementRefuse, effacer, simuler
from raccord.rgpd.models import Avertissement, Copie
from raccord.socle import calendrier, identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.courrier import envoyer
from raccord.socle.donnees_personnelles import Personne
from raccord.socle.models import Journal
from raccord.socle.parametres import regle

TRACES = logging.getLogger("raccord.conservation")
# Looking at a file, or handing its data over, is not following somebody.
SANS_EFFET = ("jeune.ouvrir", "document.ouvrir", "rgpd.copier", "rgpd.telecharger", "rgpd.envoyer_lien")
DERNIERES = """
    SELECT jeune.id, (SELECT max(le) FROM socle_journal WHERE fil @> ARRAY[jeune.id] AND NOT verbe = ANY(%s))
    FROM public.raccord_jeunes_a_revoir() AS jeune(id)
"""
DUREES = {
    Personne.JEUNE: "conservation_jeune",
    Personne.CONTACT: "conservation_contact",
    Personne.UTILISATEUR: "conservation_compte",
}


@dataclass
class Bilan:
    """What was done, or would be."""

    prevenus: int = 0
    effaces: int = 0
    reportes: int = 0
    messages: int = 0
    liens: int = 0
    copies: int = 0
    sessions: int = 0

    @property
    def total(self) -> int:
        """Everything that changed."""
        return self.prevenus + self.effaces + self.messages + self.liens + self.copies + self.sessions


@dataclass(frozen=True)
class Dormant:
    """Somebody of whom nothing was heard for long. `terme`: the day the duration ends."""

    genre: Personne
    id: UUID
    depuis: dt.date
    terme: dt.date


def appliquer(*, pour_de_vrai: bool) -> Bilan:
    """Warn, erase, purge. Without `pour_de_vrai` nothing changes and the counts say what would."""
    bilan = Bilan()
    for dormant in dormants():
        try:
            _revoir(dormant, bilan, pour_de_vrai=pour_de_vrai)
        except Exception:  # one file that fails must not hold back the others; the trace keeps which
            TRACES.exception("conservation en échec", extra={"faits": {"genre": dormant.genre, "id": str(dormant.id)}})
    _purger(bilan, pour_de_vrai=pour_de_vrai)
    return bilan


# --- People ----------------------------------------------------------------------------------------


def dormants() -> Iterator[Dormant]:
    """Everybody whose duration ends within the delay, or has ended."""
    delai = regle("preavis_effacement")
    for genre, chercher in _DERNIERES.items():
        duree = regle(DUREES[genre])
        for personne_id, dernier in chercher().items():
            depuis = timezone.localdate(dernier)
            terme = calendrier.ajouter(depuis, duree.valeur, duree.unite)
            if calendrier.ajouter(terme, -delai.valeur, delai.unite) <= calendrier.aujourdhui():
                yield Dormant(genre, personne_id, depuis, terme)


def _des_jeunes() -> dict[UUID, dt.datetime]:
    with identite.agir(SYSTEME), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(DERNIERES, [list(SANS_EFFET)])
        dernieres: dict[UUID, dt.datetime | None] = dict(curseur.fetchall())
    muets = tuple(pk for pk, le in dernieres.items() if le is None)
    with identite.agir(SYSTEME, dossiers=muets), transaction.atomic():
        ouverts = dict(Jeune.objects.filter(pk__in=muets).order_by().values_list("pk", "cree_le"))
    return {pk: le or ouverts[pk] for pk, le in dernieres.items()}


def _des_contacts() -> dict[UUID, dt.datetime]:
    """A link that was merely opened says nothing: scanners of mail open them all."""
    dernieres = _actes("contact")
    return {
        pk: max(filter(None, (cree, verifie, dernieres.get(pk))))
        for pk, cree, verifie in Contact.objects.order_by().values_list("pk", "cree_le", "verifie_le")
    }


def _des_comptes() -> dict[UUID, dt.datetime]:
    dernieres = _actes("utilisateur")
    comptes = Utilisateur.objects.exclude(courriel__endswith="@efface.invalid").order_by()
    return {
        pk: max(filter(None, (cree, entre, dernieres.get(pk))))
        for pk, cree, entre in comptes.values_list("pk", "cree_le", "last_login")
    }


_DERNIERES: dict[Personne, Callable[[], dict[UUID, dt.datetime]]] = {
    Personne.JEUNE: _des_jeunes,
    Personne.CONTACT: _des_contacts,
    Personne.UTILISATEUR: _des_comptes,
}


def _actes(acteur_genre: str) -> dict[UUID, dt.datetime]:
    lignes = Journal.objects.filter(acteur_genre=acteur_genre, acteur_id__isnull=False).order_by()
    return dict(lignes.values_list("acteur_id").annotate(dernier=Max("le")))


def _revoir(dormant: Dormant, bilan: Bilan, *, pour_de_vrai: bool) -> None:
    """Warn, wait, erase: each step once. Heard of again since the warning, the warning no longer counts."""
    aujourdhui = calendrier.aujourdhui()
    with identite.agir(SYSTEME, dossiers=(dormant.id,)), transaction.atomic():
        averti = Avertissement.objects.filter(genre=dormant.genre, personne_id=dormant.id).first()
        if averti is not None and timezone.localdate(averti.prevenu_le) < dormant.depuis:
            if pour_de_vrai:
                averti.delete()
            averti = None
        if averti is None:
            if simuler(dormant.genre, dormant.id).obstacles:  # nobody is told of what would be refused
                bilan.reportes += 1
                return
            if pour_de_vrai:
                _prevenir(dormant)
            bilan.prevenus += 1
            return
    if aujourdhui < max(averti.efface_le, dormant.terme):
        return
    try:
        if pour_de_vrai:
            effacer(SYSTEME, dormant.genre, dormant.id)
    except EffacementRefuse:
        bilan.reportes += 1
    else:
        bilan.effaces += 1


def _prevenir(dormant: Dormant) -> None:
    delai = regle("preavis_effacement")
    le = max(dormant.terme, calendrier.ajouter(calendrier.aujourdhui(), delai.valeur, delai.unite))
    Avertissement.objects.create(genre=dormant.genre, personne_id=dormant.id, efface_le=le)
    donnees: dict[str, Any] = {"le": le, "depuis": dormant.depuis}
    if dormant.genre == Personne.JEUNE:
        jeune = Jeune.objects.select_related("organisation", "tuteur").get(pk=dormant.id)
        qui = coordonnateurs_de(jeune.organisation)
        if jeune.tuteur.is_active:
            qui = [jeune.tuteur.destinataire(jeune.organisation_id), *qui]
        donnees |= {"organisation": jeune.organisation.nom, "page": page_du_jeune(jeune.pk)}
        envoyer(messages.BIENTOT_EFFACE, qui, donnees, objet=jeune)
    elif dormant.genre == Personne.CONTACT:
        contact = Contact.objects.get(pk=dormant.id)
        page = liens.creer_pour_contact(LIEN_DONNEES, contact.pk, contact, role=role_de(contact))
        envoyer(
            messages.BIENTOT_FERME, [contact.destinataire()], donnees | {"page": page, "compte": False}, objet=contact
        )
    else:
        compte = Utilisateur.objects.get(pk=dormant.id)
        page = settings.ADRESSE_PUBLIQUE + reverse("comptes:connexion")
        envoyer(messages.BIENTOT_FERME, [compte.destinataire()], donnees | {"page": page, "compte": True})


# --- Rows that are nobody's file -------------------------------------------------------------------


def _avant(cle: str) -> dt.datetime:
    duree = regle(cle)
    jour = calendrier.ajouter(calendrier.aujourdhui(), -duree.valeur, duree.unite)
    return calendrier.fin_du_jour(jour)


@transaction.atomic
def _purger(bilan: Bilan, *, pour_de_vrai: bool) -> None:
    """Letters sent, given up or withheld long ago, links long dead, copies past their day, sessions that are over."""
    anciens = _avant("conservation_message")
    with identite.agir(SYSTEME):
        a_purger = {
            "messages": Message.objects.filter(
                Q(envoye_le__lt=anciens) | Q(echec_le__lt=anciens) | Q(cree_le__lt=anciens) & ~Q(envoi__in=QUI_PARTENT)
            ),
            "liens": LienAction.objects.filter(expire_le__lt=_avant("conservation_lien")),
            "copies": Copie.objects.filter(expire_le__lte=timezone.now()),
            "sessions": Session.objects.filter(expire_date__lt=timezone.now()),
        }
        for nom, lignes in a_purger.items():
            setattr(bilan, nom, lignes.count())
            if pour_de_vrai:
                lignes.delete()
