"""The stay: agreed, begun, adapted, ended, assessed."""

from typing import Any

from raccord.comptes.enums import Role
from raccord.parcours import attentes as a
from raccord.parcours.enums import EtatParcours as P
from raccord.parcours.gardes import parcours as g_parcours
from raccord.parcours.workflow.roles import ENTREPRISE, PILOTES, SYSTEME, TUTEUR
from raccord.socle.workflow import Transition, Workflow

FINIS = frozenset({P.TERMINE, P.INTERROMPU})
PARCOURS: Workflow[Any] = Workflow(
    "parcours",
    P,
    (
        Transition(
            nom="convenir",
            libelle="Convenir du parcours",
            fait="a noté ce qui a été convenu à la rencontre",
            cible=P.CONVENTION_A_SIGNER,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi,),
            ouvre=(a.SIGNER_CONVENTION,),
        ),
        Transition(
            nom="signer_convention",
            libelle="La convention est signée",
            fait="a noté la convention signée",
            sources=frozenset({P.CONVENTION_A_SIGNER}),
            cible=P.A_VENIR,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi,),
            clot=(a.SIGNER_CONVENTION,),
            ouvre=(a.DEMARRER,),
        ),
        Transition(
            nom="decaler",
            libelle="Changer les dates",
            fait="a changé les dates avant le premier jour",
            sources=frozenset({P.CONVENTION_A_SIGNER, P.A_VENIR}),
            cible=None,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi,),
        ),
        Transition(
            nom="demarrer",
            libelle="Le parcours a commencé",
            fait="a confirmé le premier jour",
            sources=frozenset({P.A_VENIR}),
            cible=P.EN_COURS,
            roles=TUTEUR | ENTREPRISE,
            gardes=(g_parcours.a_moi, g_parcours.premier_jour_venu),
            clot=(a.DEMARRER,),
            ouvre=(a.TERMINER,),
        ),
        Transition(
            nom="adapter",
            libelle="Adapter le parcours",
            fait="a adapté les dates ou le rythme",
            sources=frozenset({P.EN_COURS}),
            cible=None,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi,),
            ouvre=(a.TERMINER,),
        ),
        Transition(
            nom="interrompre",
            libelle="Interrompre le parcours",
            fait="a interrompu le parcours",
            sources=frozenset({P.EN_COURS}),
            cible=P.INTERROMPU,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi,),
            clot=(a.TERMINER,),
            ouvre=(a.ECRIRE_BILAN,),
        ),
        Transition(
            nom="reprendre",
            libelle="Reprendre le parcours",
            fait="a repris le parcours interrompu",
            sources=frozenset({P.INTERROMPU}),
            cible=P.EN_COURS,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi, g_parcours.place_gardee),
            clot=(a.ECRIRE_BILAN,),
            ouvre=(a.TERMINER,),
        ),
        Transition(
            nom="terminer",
            libelle="Le parcours est terminé",
            fait="a clos le parcours et lancé le bilan",
            sources=frozenset({P.EN_COURS}),
            cible=P.TERMINE,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi, g_parcours.fin_atteinte, g_parcours.heures_connues),
            clot=(a.TERMINER,),
            ouvre=(a.ECRIRE_BILAN,),
        ),
        Transition(
            nom="annuler",
            libelle="Le parcours ne commencera pas",
            fait="a noté que le parcours n'a pas commencé",
            sources=frozenset({P.CONVENTION_A_SIGNER, P.A_VENIR}),
            cible=P.ANNULE,
            roles=TUTEUR | PILOTES,
            gardes=(g_parcours.a_moi,),
            clot=(a.SIGNER_CONVENTION, a.DEMARRER),
        ),
        Transition(
            nom="signer_bilan",
            libelle="Signer le bilan",
            fait="a donné la dernière voix : le bilan est signé",
            sources=FINIS,
            cible=P.BILAN_SIGNE,
            roles=TUTEUR | ENTREPRISE | frozenset({Role.JEUNE}),
            gardes=(g_parcours.a_moi, g_parcours.voix_reunies),
            clot=(a.ECRIRE_BILAN,),
            ouvre=(a.DIRE_SUITE,),
        ),
        Transition(
            nom="dire_suite",
            libelle="Noter la suite",
            fait="a noté ce qui vient ensuite",
            sources=frozenset({P.BILAN_SIGNE}),
            cible=P.SUITE_CONNUE,
            roles=TUTEUR,
            gardes=(g_parcours.a_moi,),
            clot=(a.DIRE_SUITE,),
        ),
        Transition(
            nom="reprendre_ancien",
            libelle="Reprendre un parcours réalisé",
            fait="a été repris de l'ancien outil, déjà réalisé",
            cible=P.SUITE_CONNUE,
            roles=SYSTEME,
        ),
    ),
)
