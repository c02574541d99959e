"""The place that a stay takes on an offer: held under its lock, given back with the hours that are left."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.marches import registre
from raccord.parcours import rythme
from raccord.parcours.actions.restes import heures_restantes, inscrire_le_reste
from raccord.parcours.bornes import periode_ferme
from raccord.parcours.enums import EtatOffre, EtatParcours
from raccord.parcours.gardes.parcours import a_moi, heures_connues
from raccord.parcours.models import Offre, Parcours
from raccord.parcours.workflow import OFFRE
from raccord.socle import calendrier, journal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import DejaFait, ErreurMetier, RoleRefuse
from raccord.socle.lignes import ou_disparu
from raccord.socle.parametres import regle
from raccord.socle.verrous import contraintes_en_mots
from raccord.socle.workflow import executer

ZERO = Decimal(0)


def verrouiller_offre(offre_id: UUID) -> Offre:
    """Every writer takes the offer first. Raises ObjetDisparu."""
    return ou_disparu(
        Offre._base_manager.select_for_update(of=("self",), no_key=True)
        .select_related("engagement__marche", "entreprise")
        .filter(pk=offre_id)
        .order_by()
    )


def offre_de(parcours_id: UUID) -> UUID:
    """The offer of a stay. Raises ObjetDisparu."""
    return ou_disparu(Parcours.objects.filter(pk=parcours_id).values_list("offre_id", flat=True))


def heures_faites(parcours: Parcours) -> Decimal:
    """Hours entered for this stay."""
    return sum(parcours.semaines.values_list("heures", flat=True), ZERO)


def peut_rouvrir(offre: Offre) -> bool:
    """Enough hours for another stay, and time left in the firm period to prepare it and do them."""
    minimum = regle("heures_pour_rouvrir").valeur
    if heures_restantes(offre) < minimum:
        return False
    preparation = regle("delai_reponse_entreprise")
    depart = calendrier.ajouter(calendrier.aujourdhui(), preparation.valeur, preparation.unite)
    capacite = rythme.capacite(depart, periode_ferme(offre)[1], Decimal(regle("heures_hebdo_maximum").valeur))
    return bool(capacite >= minimum)


def rendre(contexte: Contexte, offre: Offre, parcours: Parcours) -> None:
    """Give the place back, once: hours held and not done are free, the offer reopens for them or closes.

    Offer and stay are locked by the caller, who saves the stay.
    """
    if parcours.place_rendue_le is not None:
        return
    parcours.place_rendue_le = timezone.now()
    if offre.engagement_id:
        registre.liberer_tout(offre.engagement_id, parcours_id=parcours.pk, motif="fin du parcours")
    if offre.etat != EtatOffre.EN_COURS:
        return
    reste = heures_restantes(offre)
    issue = "rouvrir" if peut_rouvrir(offre) else "clore"
    with executer(OFFRE[issue], contexte, Offre, offre.pk, faits={"heures_restantes": str(reste)}) as rendue:
        inscrire_le_reste(rendue, reste)


@transaction.atomic
def rendre_la_place(contexte: Contexte, parcours_id: UUID) -> Parcours:
    """After an interruption, another young person may come at once; this one can no longer be resumed.

    Raises DejaFait, RoleRefuse, TransitionRefusee when hours are missing.
    """
    offre = verrouiller_offre(offre_de(parcours_id))
    with contraintes_en_mots():
        parcours = Parcours._base_manager.select_for_update(of=("self",), no_key=True).get(pk=parcours_id)
        refus = refus_de_rendre(contexte, parcours)
        if refus is not None:
            raise refus
        rendre(contexte, offre, parcours)
        parcours.save(update_fields=["place_rendue_le", "modifie_le"])
        journal.inscrire(contexte, parcours, "parcours.rendre", "a rendu la place pour un autre jeune")
    return parcours


def refus_de_rendre(contexte: Contexte, parcours: Parcours) -> ErreurMetier | None:
    """Why the place cannot be given back now, or None."""
    if parcours.place_rendue_le is not None:
        return DejaFait()
    if parcours.etat != EtatParcours.INTERROMPU or contexte.role != Role.TUTEUR:
        return RoleRefuse()
    refus = a_moi(contexte, parcours) or heures_connues(contexte, parcours)
    return ErreurMetier(refus) if refus else None
