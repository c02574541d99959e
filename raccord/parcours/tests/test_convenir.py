"""What is agreed at the meeting: the four objects move together, hours are held, every refusal has its words."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.echeances.models import Attente
from raccord.marches import registre
from raccord.parcours import rythme
from raccord.parcours.actions import parcours as actions
from raccord.parcours.enums import EtatOffre, EtatParcours, EtatPositionnement, EtatReservation
from raccord.parcours.models import Parcours, Positionnement
from raccord.socle.exceptions import DejaFait, ErreurMetier, ObjetDisparu, RoleRefuse
from raccord.socle.models import Journal
from tests.distribution import Distribution, contact, organisation
from tests.fabriques_parcours import Fabrique


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def convenir(fabrique: Fabrique, proposition: Positionnement, **champs: Any) -> Parcours:
    debut = fabrique.lundi + dt.timedelta(days=7)
    defauts = {
        "missions": "Ranger, préparer.",
        "debut": debut,
        "fin": debut + dt.timedelta(days=32),
        "heures_prevues": 150,
        "heures_hebdo": Decimal(35),
        "lieu": "",
        "referent_id": None,
    }
    return actions.convenir(fabrique.d.tuteur.contexte, proposition.pk, **(defauts | champs))


def test_tout_avance_ensemble(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition()
    parcours = convenir(fabrique, proposition)
    parcours.refresh_from_db()
    proposition.refresh_from_db()
    assert parcours.etat == EtatParcours.CONVENTION_A_SIGNER
    assert proposition.etat == EtatPositionnement.CONFIRME
    assert proposition.reservation.etat == EtatReservation.HONOREE
    assert parcours.offre.etat == EtatOffre.RESERVEE
    assert parcours.referent == fabrique.d.referent
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert (soldes.reservees, soldes.a_placer, soldes.supplement) == (150, 150, 0)
    (attente,) = Attente.objects.ouvertes().du_fil(parcours.pk)
    assert (attente.code, attente.utilisateur_id) == ("signer_convention", fabrique.d.tuteur.utilisateur.pk)
    ligne = Journal.objects.du_fil(parcours.pk).first()
    assert ligne.verbe == "parcours.convenir" and "Camille" not in str(ligne.faits)


def test_deux_clics_un_seul_parcours(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition()
    convenir(fabrique, proposition)
    with pytest.raises(DejaFait):
        convenir(fabrique, proposition)
    assert Parcours.objects.count() == 1


def test_un_autre_tuteur_ne_convient_pas(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition()
    for autre in (fabrique.d.tuteur_collegue, fabrique.d.tuteur_etranger):
        with pytest.raises(ErreurMetier):
            actions.convenir(
                autre.contexte,
                proposition.pk,
                missions="x",
                debut=fabrique.lundi,
                fin=fabrique.lundi + dt.timedelta(days=32),
                heures_prevues=150,
                heures_hebdo=Decimal(35),
                lieu="",
                referent_id=None,
            )
    with pytest.raises(RoleRefuse):
        actions.convenir(
            fabrique.d.coordonnateur.contexte,
            proposition.pk,
            missions="x",
            debut=fabrique.lundi,
            fin=fabrique.lundi,
            heures_prevues=1,
            heures_hebdo=Decimal(35),
            lieu="",
            referent_id=None,
        )
    proposition.refresh_from_db()
    assert proposition.etat == EtatPositionnement.RENCONTRE_FIXEE
    assert proposition.reservation.etat == EtatReservation.ACTIVE


def test_objet_disparu(fabrique: Fabrique) -> None:
    with pytest.raises(ObjetDisparu):
        convenir(fabrique, Positionnement())


def _refus(fabrique: Fabrique, proposition: Positionnement, **champs: Any) -> ErreurMetier:
    with pytest.raises(ErreurMetier) as info:
        convenir(fabrique, proposition, **champs)
    proposition.refresh_from_db()
    assert proposition.etat == EtatPositionnement.RENCONTRE_FIXEE
    assert Parcours.objects.count() == 0
    assert registre.soldes(proposition.offre.engagement_id).reservees == 0
    return info.value


def test_hors_de_la_periode_ferme(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition(date_fin=fabrique.lundi + dt.timedelta(days=20))
    refus = _refus(fabrique, proposition)
    assert refus.champ == "fin" and "le contrat se termine le 25 octobre 2026" in str(refus).lower()
    assert _refus(fabrique, proposition, debut=fabrique.aujourdhui - dt.timedelta(days=300)).champ == "debut"


def test_dates_a_l_envers(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition()
    refus = _refus(fabrique, proposition, fin=fabrique.lundi)
    assert (refus.champ, str(refus)) == ("fin", "Le dernier jour vient après le premier.")


@pytest.mark.parametrize("hebdo", ["0", "-1", "35.5", "48"])
def test_rythme_hors_bornes(fabrique: Fabrique, hebdo: str) -> None:
    refus = _refus(fabrique, fabrique.proposition(), heures_hebdo=Decimal(hebdo))
    assert refus.champ == "heures_hebdo" and "35" in str(refus)


def test_heures_impossibles_dans_ces_semaines(fabrique: Fabrique) -> None:
    refus = _refus(fabrique, fabrique.proposition(), heures_prevues=300)
    phrase = str(refus).replace("\u00a0", " ").replace("\u202f", " ")
    assert refus.champ == "heures_prevues"
    assert "5 semaines × 35 h = 175 h, moins que les 300 h prévues" in phrase


@pytest.mark.parametrize(("ans", "possible"), [(14, False), (15, False), (16, True), (25, True), (26, False)])
def test_age_le_premier_jour(fabrique: Fabrique, ans: int, possible: bool) -> None:
    debut = fabrique.lundi + dt.timedelta(days=7)
    proposition = fabrique.proposition()
    jeune = proposition.jeune
    jeune.date_naissance = debut.replace(year=debut.year - ans)
    jeune.save()
    if possible:
        assert convenir(fabrique, proposition).pk
    else:
        refus = _refus(fabrique, proposition)
        assert refus.champ == "debut" and f"{ans} ans" in str(refus)


def test_six_mois_en_tout(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition()
    debut = fabrique.lundi + dt.timedelta(days=7)
    refus = _refus(fabrique, proposition, fin=debut + dt.timedelta(days=183), heures_prevues=450)
    assert (
        refus.champ == "fin"
        and "6 mois" in str(refus)
        and "le dernier jour possible est le 11 avril 2027" in str(refus)
    )
    premier = fabrique.termine()
    suite = fabrique.proposition(jeune=premier.jeune)
    with pytest.raises(ErreurMetier, match="déjà passé 33"):
        convenir(fabrique, suite, fin=debut + dt.timedelta(days=160))
    assert convenir(fabrique, suite, fin=debut + dt.timedelta(days=140)).pk


def test_jamais_deux_jeunes_chez_le_meme_tuteur(fabrique: Fabrique) -> None:
    fabrique.a_venir()
    autre = fabrique.proposition()
    with pytest.raises(ErreurMetier, match="jamais deux à la fois") as info:
        convenir(fabrique, autre)
    assert info.value.champ == "debut"
    collegue = contact(fabrique.d.entreprise)
    assert convenir(fabrique, autre, referent_id=collegue.pk).referent_id == collegue.pk


def test_le_tuteur_est_de_l_entreprise(fabrique: Fabrique) -> None:
    ailleurs = contact(organisation("entreprise", "Autre maison"))
    refus = _refus(fabrique, fabrique.proposition(), referent_id=ailleurs.pk)
    assert refus.champ == "referent_id"


def test_l_entreprise_offre_des_heures_en_plus(fabrique: Fabrique) -> None:
    proposition = fabrique.proposition(engagement=fabrique.d.engagement(150))
    parcours = convenir(fabrique, proposition, heures_prevues=170)
    soldes = registre.soldes(parcours.offre.engagement_id)
    assert (soldes.dues, soldes.supplement, soldes.reservees, soldes.a_placer) == (150, 20, 170, 0)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 400))
def test_les_semaines_couvrent_les_jours(debut: dt.date, jours: int) -> None:
    fin = debut + dt.timedelta(days=jours)
    lundis = rythme.lundis(debut, fin)
    assert lundis[0] <= debut < lundis[0] + rythme.SEMAINE
    assert lundis[-1] <= fin < lundis[-1] + rythme.SEMAINE
    assert all((b - a).days == 7 and a.weekday() == 0 for a, b in pairwise(lundis))
    assert rythme.lundis(fin + dt.timedelta(days=1), debut) == []
