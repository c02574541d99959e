"""Many tutors on one offer at the same instant: one wins, the others read why, nothing breaks."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from raccord.parcours.actions.reservation import OffreDejaReservee, liberer, reserver
from raccord.parcours.enums import EtatOffre, EtatReservation, MotifAbandon
from raccord.parcours.models import Offre, Reservation
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier
from tests import coulisses
from tests.distribution import Distribution, personne

TENTATIVES = 20


def _en_meme_temps(appels: list) -> list:
    depart = Barrier(len(appels))

    def lancer(appel):
        coulisses.entrer()
        depart.wait()
        try:
            return appel()
        except ErreurMetier as refus:
            return refus
        finally:
            connection.close()

    with ThreadPoolExecutor(len(appels)) as fils:
        return list(fils.map(lancer, appels))


@pytest.mark.django_db(transaction=True)
def test_un_seul_tuteur_gagne() -> None:
    distribution = Distribution()
    offre = distribution.offre_publiee()
    concurrents: list[tuple[Contexte, object]] = []
    for _ in range(TENTATIVES):
        tuteur = personne("tuteur", distribution.tuteur.organisation)
        concurrents.append((tuteur.contexte, distribution.jeune(tuteur).pk))
    resultats = _en_meme_temps(
        [lambda c=contexte, j=jeune: reserver(c, offre.pk, jeune_id=j) for contexte, jeune in concurrents]
    )
    gagnees = [resultat for resultat in resultats if isinstance(resultat, Reservation)]
    perdues = [resultat for resultat in resultats if isinstance(resultat, OffreDejaReservee)]
    assert (len(gagnees), len(perdues)) == (1, TENTATIVES - 1)
    assert all(str(perdue).startswith("Cette offre vient d'être réservée") for perdue in perdues)
    assert Reservation.objects.get().pk == gagnees[0].pk


@pytest.mark.django_db(transaction=True)
def test_un_seul_jeune_deux_offres_a_la_fois() -> None:
    distribution = Distribution()
    jeune = distribution.jeune()
    offres = [distribution.offre_publiee() for _ in range(6)]
    resultats = _en_meme_temps(
        [lambda o=offre: reserver(distribution.tuteur.contexte, o.pk, jeune_id=jeune.pk) for offre in offres]
    )
    gagnees = [resultat for resultat in resultats if isinstance(resultat, Reservation)]
    refus = [str(resultat) for resultat in resultats if isinstance(resultat, ErreurMetier)]
    assert len(gagnees) == 1
    assert refus == ["Ce jeune a déjà une offre réservée : rendez-la avant d'en réserver une autre."] * 5
    assert Offre.objects.filter(etat=EtatOffre.RESERVEE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_rendre_et_reserver_en_meme_temps_ne_se_bloquent_pas() -> None:
    distribution = Distribution()
    offre = distribution.offre_publiee()
    tenue = reserver(distribution.tuteur.contexte, offre.pk, jeune_id=distribution.jeune().pk)
    appels = [
        lambda: liberer(distribution.tuteur.contexte, tenue.pk, motif=MotifAbandon.AUTRE),
        lambda: liberer(distribution.coordonnateur.contexte, tenue.pk, motif=MotifAbandon.AUTRE),
    ]
    for _ in range(6):
        tuteur = personne("tuteur", distribution.tuteur.organisation)
        jeune = distribution.jeune(tuteur)
        appels.append(lambda c=tuteur.contexte, j=jeune.pk: reserver(c, offre.pk, jeune_id=j))
    random.Random(7).shuffle(appels)
    resultats = _en_meme_temps(appels)
    assert all(isinstance(resultat, Reservation | ErreurMetier) for resultat in resultats)
    actives = Reservation.objects.filter(etat=EtatReservation.ACTIVE).count()
    offre.refresh_from_db()
    assert actives == (1 if offre.etat == EtatOffre.RESERVEE else 0)
