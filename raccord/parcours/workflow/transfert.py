"""The transfer: a stay entrusted to another territory."""

from typing import Any

from raccord.parcours import attentes as a
from raccord.parcours.enums import EtatTransfert as X
from raccord.parcours.gardes import parcours as g_parcours
from raccord.parcours.workflow.roles import PILOTES
from raccord.socle.workflow import Transition, Workflow

TRANSFERT: Workflow[Any] = Workflow(
    "transfert",
    X,
    (
        Transition(
            nom="demander",
            libelle="Confier à un autre territoire",
            fait="a demandé à confier le parcours à un autre territoire",
            cible=X.DEMANDE,
            roles=PILOTES,
            gardes=(g_parcours.transferable,),
            ouvre=(a.REPONDRE_TRANSFERT,),
        ),
        Transition(
            nom="accepter",
            libelle="Accepter le parcours",
            fait="a accepté le parcours confié",
            sources=frozenset({X.DEMANDE}),
            cible=X.ACCEPTE,
            roles=PILOTES,
            gardes=(g_parcours.accueillant,),
            clot=(a.REPONDRE_TRANSFERT,),
        ),
        Transition(
            nom="refuser",
            libelle="Refuser avec une raison",
            fait="a refusé le parcours confié",
            sources=frozenset({X.DEMANDE}),
            cible=X.REFUSE,
            roles=PILOTES,
            gardes=(g_parcours.accueillant,),
            clot=(a.REPONDRE_TRANSFERT,),
        ),
        Transition(
            nom="annuler",
            libelle="Annuler la demande",
            fait="a annulé la demande",
            sources=frozenset({X.DEMANDE}),
            cible=X.ANNULE,
            roles=PILOTES,
            gardes=(g_parcours.confiant,),
            clot=(a.REPONDRE_TRANSFERT,),
        ),
    ),
)
