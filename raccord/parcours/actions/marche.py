"""A contract corrected once it is sent: its offers follow, the companies and whoever follows it are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from raccord.comptes import liens
from raccord.comptes.models import Contact
from raccord.echeances.attentes import ouvrir
from raccord.echeances.models import Attente
from raccord.marches import registre
from raccord.marches.actions import correction as corrections
from raccord.marches.models import Marche
from raccord.parcours import attentes
from raccord.parcours.actions.declaration import ETATS_VIVANTS, longueur_possible
from raccord.parcours.actions.restes import heures_restantes, inscrire_le_reste
from raccord.parcours.enums import ETATS_PARCOURS_OUVERTS, EtatOffre, EtatParcours
from raccord.parcours.messages import offres as messages
from raccord.parcours.messages import reservations
from raccord.parcours.messages.envoi import LIEN_MARCHE, MARCHE_CONFIE, lien_du_marche
from raccord.parcours.models import Offre, Parcours
from raccord.socle import journal, mots
from raccord.socle.contexte import Contexte
from raccord.socle.courrier import envoyer
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.lignes import ou_disparu
from raccord.socle.verrous import contraintes_en_mots

# A young person is expected or here: what was agreed with the company is not changed from the contract.
TENUES = (EtatOffre.RESERVEE, EtatOffre.EN_COURS)
SUIVIS = (*ETATS_PARCOURS_OUVERTS, EtatParcours.INTERROMPU)


@dataclass(frozen=True, slots=True, kw_only=True)
class Avant:
    """What the contract said before the correction."""

    fin: date
    heures: Mapping[UUID, int]
    contact: Contact | None


def corriger(
    contexte: Contexte, marche_id: UUID, correction: corrections.Correction, *, version: str
) -> corrections.Corrige:
    """Correct a contract that was sent. Offers that went to its last day go to the new one.

    Raises ModifieEntreTemps, RoleRefuse, ObjetDisparu, or a refusal on its field: dates that would leave a stay
    outside, hours that a young person already holds, a length longer than the amount proposes.
    """
    with contraintes_en_mots(), transaction.atomic():
        offres = _verrouiller_les_offres(marche_id)
        marche = ou_disparu(Marche.objects.select_related("contact").filter(pk=marche_id))
        avant = Avant(
            fin=marche.date_fin_clause,
            heures=dict(marche.engagements.values_list("pk", "heures")),
            contact=marche.contact,
        )
        corrige = corrections.corriger(contexte, marche_id, correction, version=version)
        _sejours_dedans(corrige.marche)
        for offre in offres:
            _suivre(contexte, offre, avant, corrige)
        _prevenir_les_entreprises(offres, avant, corrige)
        _prevenir_le_suivi(avant, corrige.marche)
    return corrige


def _verrouiller_les_offres(marche_id: UUID) -> list[Offre]:
    """Offers first, as everywhere; the living ones and those that ended, latest last."""
    return list(
        Offre.objects.select_for_update(of=("self",), no_key=True)
        .select_related("engagement", "entreprise", "commune", "referent", "rrh")
        .filter(engagement__marche_id=marche_id)
        .order_by("pk")
    )


def _sejours_dedans(marche: Marche) -> None:
    """A stay agreed or going on keeps its days inside the firm period."""
    sejours = Parcours.objects.filter(offre__engagement__marche=marche, etat__in=SUIVIS).select_related(
        "offre__entreprise"
    )
    dernier = sejours.filter(fin__gt=marche.date_fin_clause).order_by("-fin").first()
    if dernier is not None:
        raise ErreurMetier(
            f"Un jeune est attendu chez {dernier.offre.entreprise.nom} jusqu’au {mots.date_fr(dernier.fin)} : "
            "la période ferme ne peut pas finir avant. Voyez d’abord avec le tuteur MLDS.",
            champ="date_fin_clause",
        )
    premier = sejours.filter(debut__lt=marche.date_notification).order_by("debut").first()
    if premier is not None:
        raise ErreurMetier(
            f"Un jeune est accueilli chez {premier.offre.entreprise.nom} depuis le {mots.date_fr(premier.debut)} : "
            "la notification ne peut pas venir après.",
            champ="date_notification",
        )


def _suivre(contexte: Contexte, offre: Offre, avant: Avant, corrige: corrections.Corrige) -> None:
    """A living offer follows its contract: last day, length, hours left, the wait that runs to its end."""
    engagement = offre.engagement
    if offre.etat not in ETATS_VIVANTS or engagement is None:
        return
    faits: dict[str, Any] = {}
    fin, ancienne = corrige.marche.date_fin_clause, offre.date_fin
    if offre.date_fin != fin and (offre.date_fin == avant.fin or offre.date_fin > fin):
        if fin <= offre.date_debut:
            raise ErreurMetier(
                f"L’offre « {offre.intitule} » ne commence que le {mots.date_fr(offre.date_debut)} : "
                "la période ferme ne peut pas finir avant.",
                champ="date_fin_clause",
            )
        faits["date_fin"] = fin.isoformat()
        offre.date_fin = fin
    nouvelles = corrige.heures.get(engagement.pk)
    if nouvelles is not None:
        if offre.etat in TENUES:
            raise ErreurMetier(
                f"Un jeune est attendu ou accueilli chez {offre.entreprise.nom} : la durée ne change plus.",
                champ=corrections.champ_heures(engagement.pk),
            )
        faits["heures"] = nouvelles
        _prendre_la_duree(offre, avant.heures[engagement.pk], nouvelles)
    if not faits:
        return
    offre.save()
    if "date_fin" in faits:
        reservations.fin_changee(offre, ancienne)
    journal.inscrire(contexte, offre, "offre.suivre", "a changé les dates ou la durée de l’offre", faits=faits)
    if Attente.objects.ouvertes().filter(code=attentes.POURVOIR.code, objet_id=offre.pk).exists():
        ouvrir(attentes.POURVOIR, offre)


def _prendre_la_duree(offre: Offre, avant: int, nouvelles: int) -> None:
    """An offer for all the hours takes the new number; a shorter one, the longest that fits what is left."""
    engagement = offre.engagement
    if engagement is None:
        return
    engagement.heures = nouvelles
    if offre.heures == avant:
        offre.heures = nouvelles
    else:
        reste = registre.soldes(engagement.pk).a_placer
        offre.heures = longueur_possible(engagement, ouverte=False, a_placer=reste) or offre.heures
    if offre.parcours.filter(place_rendue_le__isnull=False).exists():
        inscrire_le_reste(offre, heures_restantes(offre))


# --- Telling ---------------------------------------------------------------------------------------


def _prevenir_les_entreprises(offres: Sequence[Offre], avant: Avant, corrige: corrections.Corrige) -> None:
    """Each company whose dates or hours changed, once per commitment, by its living offer or the latest one."""
    marche = corrige.marche
    dates = marche.date_fin_clause != avant.fin
    choisies: dict[UUID, Offre] = {}
    for offre in sorted(offres, key=lambda offre: (offre.etat in ETATS_VIVANTS, offre.cree_le)):
        if offre.engagement_id in corrige.vivants and offre.etat != EtatOffre.BROUILLON:
            choisies[offre.engagement_id] = offre
    for engagement_id, offre in choisies.items():
        heures = corrige.heures.get(engagement_id)
        if not dates and heures is None:
            continue
        offre.engagement = corrige.vivants[engagement_id]
        messages.aux_contacts(
            messages.MARCHE_CORRIGE,
            offre,
            fin=marche.date_fin_clause if dates else None,
            fin_avant=avant.fin,
            heures=heures,
            heures_avant=avant.heures[engagement_id],
        )


def _prevenir_le_suivi(avant: Avant, marche: Marche) -> None:
    """A new contact receives their link; the former one's stop."""
    if avant.contact is not None and avant.contact.pk != marche.contact_id:
        liens.revoquer_les(LIEN_MARCHE, marche.pk, contact_id=avant.contact.pk)
    if marche.contact is not None and (avant.contact is None or avant.contact.pk != marche.contact_id):
        donnees = {"marche": marche, "acheteur": marche.acheteur.nom, "lien": lien_du_marche(marche, marche.contact)}
        envoyer(MARCHE_CONFIE, [marche.contact.destinataire()], donnees, objet=marche)


def confier_le_suivi(contexte: Contexte, marche_id: UUID, *, ancien: Contact, nouveau: Contact) -> None:
    """'This is no longer me': the colleague follows the contract, and the former contact's other links stop."""
    with transaction.atomic():
        marche = (
            Marche.objects.select_for_update(of=("self",), no_key=True)
            .select_related("suivi_par")
            .filter(pk=marche_id)
            .first()
        )
        if marche is None or ancien.pk == nouveau.pk or marche.contact_id not in (ancien.pk, None):
            return
        if marche.suivi_par is not None and marche.suivi_par.is_active:
            return
        marche.suivi_par, marche.contact = None, nouveau
        marche.save(update_fields=["suivi_par", "contact", "modifie_le"])
        liens.revoquer_les(LIEN_MARCHE, marche.pk, contact_id=ancien.pk)
        journal.inscrire(contexte, marche, "marche.confier", "a confié le suivi du marché à un collègue")
