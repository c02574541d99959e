"""The reservation: an offer kept for one young person, for some days."""

from typing import Any

from raccord.parcours import attentes as a
from raccord.parcours.enums import EtatReservation as R
from raccord.parcours.gardes import reservations as g_reservations
from raccord.parcours.workflow.roles import ENTREPRISE, PEDAGOGIQUE, PILOTES, SYSTEME, TUTEUR
from raccord.socle.workflow import Transition, Workflow

RESERVATION: Workflow[Any] = Workflow(
    "reservation",
    R,
    (
        Transition(
            nom="reserver",
            libelle="Réserver",
            fait="a réservé l'offre pour un jeune",
            cible=R.ACTIVE,
            roles=TUTEUR,
            gardes=(g_reservations.jeune_de_ma_mlds, g_reservations.jeune_libre, g_reservations.age_au_debut),
            ouvre=(a.AGIR_RESERVATION,),
            audience=PEDAGOGIQUE,
        ),
        Transition(
            nom="lever",
            libelle="Rendre la réservation",
            fait="a rendu la réservation",
            sources=frozenset({R.ACTIVE}),
            cible=R.LEVEE,
            roles=TUTEUR | PILOTES | ENTREPRISE,
            gardes=(g_reservations.reservation_a_moi,),
            clot=(a.AGIR_RESERVATION,),
        ),
        Transition(
            nom="tomber",
            libelle="Constater la réservation sans action",
            fait="n'a pas été suivie d'effet : la réservation est tombée",
            sources=frozenset({R.ACTIVE}),
            cible=R.CADUQUE,
            roles=SYSTEME,
            clot=(a.AGIR_RESERVATION,),
        ),
        Transition(
            nom="honorer",
            libelle="Transformer en parcours",
            fait="a transformé la réservation en parcours",
            sources=frozenset({R.ACTIVE}),
            cible=R.HONOREE,
            roles=TUTEUR,
            clot=(a.AGIR_RESERVATION,),
        ),
    ),
)
