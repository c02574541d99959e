"""The stories of the territory: together they leave every state of every workflow somewhere, waits late and on time.

`j` is a number of days before today. The first tutor keeps young people without an offer, to play the journey with.
"""

from collections.abc import Callable

from raccord.demo.generateur.recits import cercles, offres, propositions, sejours
from raccord.demo.generateur.recits.conteur import Conteur

CHAPITRES: tuple[Callable[[Conteur], None], ...] = (
    offres.declarations,
    offres.spontanees,
    offres.ancien_outil,
    offres.offres_disponibles,
    offres.contrat_perdu,
    propositions.reservations,
    propositions.propositions,
    sejours.avant_le_premier_jour,
    sejours.parcours_en_cours,
    sejours.interruptions,
    sejours.bilans,
    sejours.transferts,
    cercles.cercles,
)


def raconter(conteur: Conteur) -> None:
    """One chapter after the other; within a chapter each story has its own days."""
    for chapitre in CHAPITRES:
        conteur.gestes.nouvelle_histoire()
        chapitre(conteur)
