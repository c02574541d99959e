"""Rungs of the stay's waits: who is told when nobody acts, once."""

import datetime as dt

import pytest

from raccord.echeances.echelle import relever
from raccord.echeances.models import Message
from raccord.parcours.actions import parcours as actions_parcours
from raccord.parcours.actions import semaines, transfert
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique, le


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def releves(fabrique: Fabrique, jours: int) -> list[tuple[str, str]]:
    """Messages written by the rungs that fell so many days later: code and address."""
    Message.objects.all().delete()
    with le(fabrique.aujourdhui + dt.timedelta(days=jours), heure=9):
        relever()
        relever()
    return sorted(
        Message.objects.filter(objet_type__in=("parcours.parcours", "parcours.transfert")).values_list(
            "code", "courriel"
        )
    )


def test_convention_rappel_puis_coordination(fabrique: Fabrique) -> None:
    fabrique.convenu()
    tuteur, coordonnateur = (p.utilisateur.courriel for p in (fabrique.d.tuteur, fabrique.d.coordonnateur))
    assert releves(fabrique, 0) == []
    assert releves(fabrique, 2) == [("parcours.rappel", tuteur)]
    assert releves(fabrique, 7) == [("parcours.rappel", tuteur), ("parcours.retard", coordonnateur)]
    assert releves(fabrique, 8) == []


def test_premier_jour_puis_heures_de_la_semaine(fabrique: Fabrique) -> None:
    parcours = fabrique.a_venir(debut=fabrique.lundi)
    tuteur, referent = fabrique.d.tuteur.utilisateur.courriel, fabrique.d.referent.courriel
    assert releves(fabrique, 1) == [("parcours.rappel", tuteur)]
    actions_parcours.demarrer(fabrique.d.tuteur.contexte, parcours.pk)
    assert releves(fabrique, 3) == []
    assert releves(fabrique, 7) == [("parcours.heures_a_noter", referent)]
    assert Message.objects.get().corps.count("/lien/") == 1
    assert ("parcours.heures_relais", tuteur) in releves(fabrique, 15)


def test_fin_signalement_et_bilan(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    semaines.signaler(
        d.contexte_referent, parcours.pk, nature="incident", jour=fabrique.aujourdhui, texte="Une dispute."
    )
    codes = releves(fabrique, 3)
    assert ("parcours.retard", d.coordonnateur.utilisateur.courriel) in codes
    fini = fabrique.termine(referent=d.rrh)
    codes = releves(fabrique, 8)
    assert ("parcours.rappel", d.tuteur.utilisateur.courriel) in codes
    assert ("parcours.bilan_entreprise", d.rrh.courriel) in codes
    fabrique.voix_tuteur(fini)
    codes = releves(fabrique, 20)
    assert ("parcours.retard", d.coordonnateur.utilisateur.courriel) in codes


def test_transfert_sans_reponse_l_equipe_nationale_le_sait(fabrique: Fabrique) -> None:
    d = fabrique.d
    transfert.demander(
        d.coordonnateur.contexte, fabrique.en_cours().pk, vers_id=d.tuteur_etranger.organisation.pk, motif="Déménage."
    )
    codes = releves(fabrique, 20)
    assert ("parcours.transfert_silence", d.national.utilisateur.courriel) in codes
    assert ("parcours.transfert_silence", d.coordonnateur.utilisateur.courriel) in codes


def test_suite_a_noter(fabrique: Fabrique) -> None:
    fabrique.bilan_signe()
    assert releves(fabrique, 40) == [("parcours.rappel", fabrique.d.tuteur.utilisateur.courriel)]
