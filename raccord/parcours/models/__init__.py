"""The rows of the heart."""

from raccord.parcours.models.bilan import Bilan, Evaluation, Voix
from raccord.parcours.models.offre import FicheEntreprise, Mot, Offre
from raccord.parcours.models.parcours import Adaptation, Parcours, Semaine, Signalement, Transfert
from raccord.parcours.models.passation import Passation
from raccord.parcours.models.positionnement import Creneau, Positionnement, Reponse, Reservation
from raccord.parcours.models.rendez_vous import AdresseAgenda, RendezVous
from raccord.parcours.models.run import DossierRun, Run

__all__ = [
    "Adaptation",
    "AdresseAgenda",
    "Bilan",
    "Creneau",
    "DossierRun",
    "Evaluation",
    "FicheEntreprise",
    "Mot",
    "Offre",
    "Parcours",
    "Passation",
    "Positionnement",
    "RendezVous",
    "Reponse",
    "Reservation",
    "Run",
    "Semaine",
    "Signalement",
    "Transfert",
    "Voix",
]
