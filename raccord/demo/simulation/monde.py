"""The territory of the simulation: the same kinds of people as in the demonstration, as many as the model says."""

import datetime as dt
import random
from dataclasses import dataclass
from uuid import UUID

from raccord.comptes.enums import GenreOrganisation, Role, TypeAcheteur
from raccord.comptes.models import Organisation
from raccord.demo.generateur import fictif
from raccord.demo.generateur.gestes import Besoin, Gestes
from raccord.demo.generateur.troupe import Personne, Troupe
from raccord.demo.simulation.modele import Territoire
from raccord.parcours.models import Offre

ACHETEURS = (("Ville de Rivebelle", TypeAcheteur.COLLECTIVITE), ("Hôpital de Clairpré", TypeAcheteur.HOPITAL))
DECLARATION, CONFIRMATION = 30, 20  # days before the first day
DUREE = 1_100  # days that the firm periods last: longer than the simulation


@dataclass(frozen=True)
class Monde:
    """Who acts. Young people by tutor, in the order in which they are proposed."""

    tuteurs: list[Personne]
    jeunes: list[list[UUID]]
    offres: list[UUID]
    acheteurs: dict[UUID, Personne]
    """Who follows each offer."""


def peupler(territoire: Territoire, hasard: random.Random, debut: dt.date) -> Monde:
    """Everybody, some days before the first one, by the real actions; nothing has been proposed yet."""
    troupe, gestes = Troupe(hasard), Gestes(hasard, debut)
    with gestes.le(DECLARATION + 10):
        equipe = Organisation.objects.create(
            genre=GenreOrganisation.NATIONALE, nom="Équipe nationale", courriel="equipe@raccord.example"
        )
        troupe.compte(Role.NATIONAL, equipe, administrateur=True)
        acheteurs = [
            troupe.compte(
                Role.ACHETEUR,
                troupe.organisation(GenreOrganisation.ACHETEUR, nom, territoire.academie, type_acheteur=genre),
                administrateur=True,
            )
            for nom, genre in ACHETEURS
        ]
        mlds = troupe.organisation(GenreOrganisation.MLDS, "MLDS du territoire", territoire.academie)
        troupe.compte(Role.COORDONNATEUR, mlds, administrateur=True)
        tuteurs = [troupe.compte(Role.TUTEUR, mlds) for _ in range(territoire.tuteurs)]
        jeunes: list[list[UUID]] = [[] for _ in tuteurs]
        for rang in range(territoire.jeunes):
            suivi = rang % len(tuteurs)
            jeunes[suivi].append(troupe.jeune(tuteurs[suivi], territoire.communes, rang).pk)
    offres = [
        _offre(gestes, acheteurs[rang % len(acheteurs)], _besoin(troupe, territoire, rang))
        for rang in range(territoire.offres)
    ]
    suivies = {offre.pk: acheteurs[rang % len(acheteurs)] for rang, offre in enumerate(offres)}
    return Monde(tuteurs, jeunes, list(suivies), suivies)


def _besoin(troupe: Troupe, territoire: Territoire, rang: int) -> Besoin:
    entreprise = troupe.entreprise(rang, fictif.METIERS[rang % len(fictif.METIERS)])
    return Besoin(
        entreprise=entreprise, commune=territoire.communes[rang % len(territoire.communes)], heures=300, fin_dans=DUREE
    )


def _offre(gestes: Gestes, acheteur: Personne, besoin: Besoin) -> Offre:
    gestes.nouvelle_histoire()
    [offre] = gestes.declarer(DECLARATION, acheteur, besoin)
    return gestes.confirmer(CONFIRMATION, offre)
