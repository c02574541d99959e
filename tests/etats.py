"""One object of each workflow, put straight into any of its states (an INSERT passes no trigger)."""

import datetime as dt
from typing import Any

from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.jeunes.models import AccesJeune, DemandeRetrait, FicheContexte
from raccord.jeunes.workflow import FICHE, RETRAIT
from raccord.marches.models import Engagement
from raccord.marches.workflow import ENGAGEMENT
from raccord.parcours.enums import EtatReservation, MotifAbandon, MotifInterruption, MotifRefus, Suite
from raccord.parcours.models import FicheEntreprise, Offre, Parcours, Positionnement, Reservation, Transfert
from raccord.parcours.workflow import OFFRE, PARCOURS, POSITIONNEMENT, RESERVATION, TRANSFERT
from raccord.socle import calendrier
from raccord.socle.models import ObjetAEtat
from raccord.socle.workflow import Workflow
from tests.distribution import Distribution

MODELES: dict[str, type[ObjetAEtat]] = {
    "engagement": Engagement,
    "offre": Offre,
    "reservation": Reservation,
    "positionnement": Positionnement,
    "parcours": Parcours,
    "transfert": Transfert,
    "retrait": DemandeRetrait,
    "fiche_contexte": FicheContexte,
}
WORKFLOWS: tuple[Workflow[Any], ...] = (
    ENGAGEMENT,
    OFFRE,
    RESERVATION,
    POSITIONNEMENT,
    PARCOURS,
    TRANSFERT,
    RETRAIT,
    FICHE,
)


def offre_en_etat(distribution: Distribution, etat: str) -> Offre:
    """With a whole fiche, so that no guard of completeness stands in the way."""
    modele = distribution.offre_brouillon()
    FicheEntreprise.objects.filter(offre=modele).delete()
    champs = {champ.attname: getattr(modele, champ.attname) for champ in Offre._meta.concrete_fields}
    del champs["id"], champs["recherche"]
    maintenant = timezone.now()
    offre = Offre.objects.create(**(champs | {"etat": etat, "publiee_le": maintenant, "prete_le": maintenant}))
    FicheEntreprise.objects.create(
        offre=offre,
        taches="Préparer, ranger.",
        poste_travail="Un établi.",
        activite="Menuiserie.",
        effectif=12,
        culture="Une équipe de douze.",
        transport="Arrêt de bus à cent mètres.",
        referent_motivation="Transmettre.",
        tenue=FicheEntreprise.Tenue.OUI,
        confirmee_le=maintenant,
        confirmee_par=distribution.referent,
    )
    return offre


def reservation_en_etat(distribution: Distribution, etat: str = EtatReservation.ACTIVE) -> Reservation:
    tuteur = distribution.tuteur
    return Reservation.objects.create(
        etat=etat,
        offre=offre_en_etat(distribution, "reservee"),
        jeune=distribution.jeune(),
        tuteur=tuteur.utilisateur,
        organisation=tuteur.organisation,
    )


def positionnement_en_etat(distribution: Distribution, etat: str) -> Positionnement:
    positionnement = Positionnement.objects.create(
        etat=etat,
        reservation=reservation_en_etat(distribution),
        presentation="Aime travailler en équipe.",
        transmis_le=timezone.now(),
        rencontre_le=timezone.now() + dt.timedelta(days=3),
        motif_refus=MotifRefus.DATES,
        motif_abandon=MotifAbandon.AUTRE,
    )
    for jours in (3, 4):
        positionnement.creneaux.create(debut=timezone.now() + dt.timedelta(days=jours), propose_par="tuteur")
    return positionnement


def parcours_en_etat(distribution: Distribution, etat: str) -> Parcours:
    positionnement = positionnement_en_etat(distribution, "confirme")
    aujourdhui = calendrier.aujourdhui()
    return Parcours.objects.create(
        etat=etat,
        offre=positionnement.offre,
        positionnement=positionnement,
        jeune=positionnement.jeune,
        organisation=distribution.tuteur.organisation,
        tuteur=distribution.tuteur.utilisateur,
        referent=distribution.referent,
        missions="Préparer les commandes.",
        debut=aujourdhui - dt.timedelta(days=20),
        fin=aujourdhui + dt.timedelta(days=40),
        heures_prevues=300,
        heures_hebdo=35,
        convention_signee_le=aujourdhui - dt.timedelta(days=30),
        motif_interruption=MotifInterruption.AUTRE,
        suite=Suite.REPRISE_SCOLARITE,
    )


def transfert_en_etat(distribution: Distribution, etat: str) -> Transfert:
    return Transfert.objects.create(
        etat=etat,
        parcours=parcours_en_etat(distribution, "en_cours"),
        depuis=distribution.coordonnateur.organisation,
        vers=distribution.coordonnateur_etranger.organisation,
        motif="La famille déménage.",
        reponse="Pas de place.",
    )


def engagement_en_etat(distribution: Distribution, etat: str) -> Engagement:
    engagement = Engagement.objects.create(
        etat=etat, marche=distribution.marche(), entreprise=distribution.entreprise, heures=300
    )
    engagement.lots.set(engagement.marche.lots.all())
    return engagement


def retrait_en_etat(distribution: Distribution, etat: str) -> DemandeRetrait:
    """About an opening to another MLDS."""
    jeune = distribution.jeune()
    acces = AccesJeune.objects.create(
        jeune=jeune, organisation=distribution.tuteur_etranger.organisation, motif="relais"
    )
    return DemandeRetrait.objects.create(
        etat=etat, jeune=jeune, acces=acces, demande_par=Role.JEUNE, repondu_le=timezone.now()
    )


def fiche_en_etat(distribution: Distribution, etat: str) -> FicheContexte:
    """Without words, which a finished one may not keep."""
    maintenant = timezone.now()
    return FicheContexte.objects.create(
        etat=etat, jeune=distribution.jeune(), approuvee_le=maintenant, expire_le=maintenant + dt.timedelta(days=30)
    )


FABRIQUES = {
    "engagement": engagement_en_etat,
    "offre": offre_en_etat,
    "reservation": reservation_en_etat,
    "positionnement": positionnement_en_etat,
    "parcours": parcours_en_etat,
    "transfert": transfert_en_etat,
    "retrait": retrait_en_etat,
    "fiche_contexte": fiche_en_etat,
}
