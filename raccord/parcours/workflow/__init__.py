"""The five linked machines of the heart, as data."""

from raccord.parcours.workflow.offre import OFFRE
from raccord.parcours.workflow.parcours import PARCOURS
from raccord.parcours.workflow.positionnement import OUVERTS, POSITIONNEMENT
from raccord.parcours.workflow.reservation import RESERVATION
from raccord.parcours.workflow.roles import PEDAGOGIQUE
from raccord.parcours.workflow.transfert import TRANSFERT

__all__ = ["OFFRE", "OUVERTS", "PARCOURS", "PEDAGOGIQUE", "POSITIONNEMENT", "RESERVATION", "TRANSFERT", "WORKFLOWS"]

WORKFLOWS = (OFFRE, RESERVATION, POSITIONNEMENT, PARCOURS, TRANSFERT)
