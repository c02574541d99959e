"""The rows of the heart."""

from raccord.parcours.models.bilan import Bilan, Evaluation, Voix
from raccord.parcours.models.offre import FicheEntreprise, Mot, Offre
from raccord.parcours.models.parcours import Adaptation, Parcours, Semaine, Signalement, Transfert
from raccord.parcours.models.passation import Passation
from raccord.parcours.models.positionnement import Creneau, Positionnement, Reponse, Reservation

__all__ = [
    "Adaptation",
    "Bilan",
    "Creneau",
    "Evaluation",
    "FicheEntreprise",
    "Mot",
    "Offre",
    "Parcours",
    "Passation",
    "Positionnement",
    "Reponse",
    "Reservation",
    "Semaine",
    "Signalement",
    "Transfert",
    "Voix",
]
