"""Golden tables: hours from the amount, shorter yes, longer no; at least one firm year; hours in days and weeks."""

import datetime as dt
from decimal import Decimal

import pytest

from raccord.marches import calibration
from raccord.marches.calibration import DureeHorsMenu, DureeTropLongue
from raccord.socle.exceptions import ParametreAbsent
from raccord.socle.models import Parametre

pytestmark = pytest.mark.django_db
LE = dt.date(2026, 9, 1)


@pytest.mark.parametrize(
    ("montant", "heures"),
    [
        ("0.01", 150),
        ("50000", 150),
        ("99000", 150),
        ("99999.99", 150),
        ("100000", 300),
        ("150000", 300),
        ("199000", 300),
        ("199999.99", 300),
        ("200000", 450),
        ("399999.99", 450),
        ("400000", 900),
        ("4000000", 900),
        ("999999999999.99", 900),
    ],
)
def test_table_des_heures(montant: str, heures: int) -> None:
    proposition = calibration.proposer(Decimal(montant), le=LE)
    assert proposition.heures == heures
    assert proposition.permises == tuple(h for h in (150, 300, 450, 900) if h <= heures)


def test_sans_montant_rien_n_est_propose_ni_plafonne() -> None:
    proposition = calibration.proposer(None, le=LE)
    assert proposition.heures is None
    assert proposition.permises == (150, 300, 450, 900)
    calibration.verifier_choix(900, proposition)


def test_l_explication_se_range_en_json_et_dit_la_regle() -> None:
    explication = calibration.proposer(Decimal("150000.00"), le=LE).explication()
    assert explication["montant"] == "150000.00"
    assert explication["heures"] == 300
    assert explication["paliers"] == [["100000", 150], ["200000", 300], ["400000", 450], [None, 900]]
    assert explication["en_vigueur_depuis"] == "2012-09-01"
    assert "Annexe acheteurs" in explication["source"] and explication["regle"] and explication["calculee_le"]


def test_une_regle_datee_vaut_pour_les_marches_de_sa_date() -> None:
    Parametre.objects.create(
        cle="bareme_heures",
        debut=dt.date(2027, 1, 1),
        valeur=[[50_000, 150], [None, 300]],
        unite="bareme",
        libelle="Barème d'essai",
        source="essai",
    )
    assert calibration.proposer(Decimal(60_000), le=dt.date(2026, 12, 31)).heures == 150
    assert calibration.proposer(Decimal(60_000), le=dt.date(2027, 1, 1)).heures == 300


def test_avant_la_premiere_regle_on_le_dit() -> None:
    with pytest.raises(ParametreAbsent, match="01/01/2000"):
        calibration.proposer(Decimal(1), le=dt.date(2000, 1, 1))


@pytest.mark.parametrize("heures", [150, 300])
def test_plus_court_est_permis(heures: int) -> None:
    calibration.verifier_choix(heures, calibration.proposer(Decimal(150_000), le=LE))


@pytest.mark.parametrize("heures", [450, 900])
def test_plus_long_est_refuse(heures: int) -> None:
    with pytest.raises(DureeTropLongue, match="pas plus longue") as refus:
        calibration.verifier_choix(heures, calibration.proposer(Decimal(150_000), le=LE))
    assert refus.value.champ == "heures"


@pytest.mark.parametrize("heures", [-150, 0, 149, 200, 375, 901])
def test_hors_menu_est_refuse(heures: int) -> None:
    with pytest.raises(DureeHorsMenu, match="150, 300, 450 ou 900"):
        calibration.verifier_choix(heures, calibration.proposer(None, le=LE))


@pytest.mark.parametrize(
    ("notification", "fin", "permis"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31), True),
        (dt.date(2026, 1, 1), dt.date(2026, 12, 30), False),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 27), True),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 26), False),
        (dt.date(2026, 3, 15), dt.date(2028, 3, 14), True),
        (dt.date(2026, 3, 15), dt.date(2026, 9, 14), False),
    ],
)
def test_au_moins_un_an_ferme(notification: dt.date, fin: dt.date, permis: bool) -> None:
    refus = calibration.refus_duree_ferme(notification, fin)
    assert (refus is None) == permis
    if refus:
        assert "12 mois" in refus and "conviendrait" in refus


@pytest.mark.parametrize(
    ("heures", "mots"),
    [
        (150, "1 mois\u00a0: 22 jours, soit 4,3 semaines de 35\u00a0h"),
        (300, "2 mois\u00a0: 43 jours, soit 8,6 semaines de 35\u00a0h"),
        (450, "3 mois\u00a0: 65 jours, soit 12,9 semaines de 35\u00a0h"),
        (900, "6 mois\u00a0: 129 jours, soit 25,7 semaines de 35\u00a0h"),
    ],
)
def test_les_heures_en_jours_en_semaines_en_mois(heures: int, mots: str) -> None:
    assert calibration.equivalence(heures).en_mots == mots
