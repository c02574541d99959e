"""How far, how near, and by which index."""

import math

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from raccord.territoires.distances import avec_distance, dans_un_rayon, distance_km
from raccord.territoires.models import Commune, Departement

pytestmark = pytest.mark.django_db

PARIS = (48.85727, 2.3201)
LATITUDES = st.floats(-90, 90).map(lambda degres: round(degres, 7))
LONGITUDES = st.floats(-180, 180).map(lambda degres: round(degres, 7))
DISTANCES_CONNUES = [
    ("45234", 110.9),  # Orléans
    ("59350", 204),  # Lille
    ("13055", 661),  # Marseille
    ("97411", 9_366),  # Saint-Denis de La Réunion, across the equator
    ("75056", 0.0),
]


@pytest.mark.parametrize(("code", "km"), DISTANCES_CONNUES)
def test_distances_connues_depuis_paris(code: str, km: float) -> None:
    commune = avec_distance(Commune.objects.filter(pk=code), *PARIS).get()
    assert commune.distance_km == pytest.approx(km, rel=0.005, abs=0.01)  # type: ignore[attr-defined]
    assert distance_km(*PARIS, commune.latitude or 0, commune.longitude or 0) == pytest.approx(
        commune.distance_km,  # type: ignore[attr-defined]
        abs=1e-6,
    )


@settings(max_examples=60, deadline=None)
@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_la_base_compte_comme_la_formule(un: float, deux: float, trois: float, quatre: float) -> None:
    """Chord and haversine agree everywhere, poles and antipodes included, to ten metres."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT f_km(f_terre(%s, %s), f_terre(%s, %s))", [un, deux, trois, quatre])
        (km,) = curseur.fetchone()
    assert km == pytest.approx(distance_km(un, deux, trois, quatre), abs=0.01)
    assert 0 <= km <= math.pi * 6371.0088 + 0.01


@pytest.mark.parametrize("km", [0, 5, 30, 250])
def test_le_rayon_retient_exactement_les_plus_proches(km: float) -> None:
    """Against counting by hand over all communes."""
    positions = Commune.objects.filter(latitude__isnull=False).values_list("code", "latitude", "longitude")
    attendues = {code for code, latitude, longitude in positions if distance_km(*PARIS, latitude, longitude) <= km}
    assert set(dans_un_rayon(Commune.objects.all(), *PARIS, km).values_list("code", flat=True)) == attendues
    assert attendues


def test_le_rayon_du_globe_prend_tout_ce_qui_a_une_position() -> None:
    assert dans_un_rayon(Commune.objects.all(), *PARIS, 30_000).count() == 34_920


def test_le_plus_petit_nombre_est_une_position_comme_une_autre() -> None:
    """PostgreSQL refuses 5e-324, which a crafted address may hold."""
    assert not dans_un_rayon(Commune.objects.all(), 5e-324, -5e-324, 5e-324).exists()


def test_la_limite_est_comprise() -> None:
    orleans = avec_distance(Commune.objects.filter(pk="45234"), *PARIS).get()
    limite = orleans.distance_km  # type: ignore[attr-defined]
    assert dans_un_rayon(Commune.objects.filter(pk="45234"), *PARIS, limite).exists()
    assert not dans_un_rayon(Commune.objects.filter(pk="45234"), *PARIS, limite - 0.001).exists()


def test_sans_position_pas_de_distance() -> None:
    assert avec_distance(Commune.objects.filter(pk="97701"), *PARIS).get().distance_km is None  # type: ignore[attr-defined]
    assert not dans_un_rayon(Commune.objects.filter(pk="97701"), *PARIS, 30_000).exists()


def test_l_index_est_utilise() -> None:
    """The planner chooses it by itself, without being forbidden anything."""
    assert "commune_terre" in dans_un_rayon(Commune.objects.all(), *PARIS, 30).explain()
    combinee = avec_distance(dans_un_rayon(Commune.objects.all(), *PARIS, 30), *PARIS).order_by("distance_km", "code")
    assert "commune_terre" in combinee.explain()


def test_un_prefixe_mene_aux_champs_d_un_autre_modele() -> None:
    proches = dans_un_rayon(Departement.objects.order_by("code"), *PARIS, 8, prefixe="communes__").distinct()
    assert [departement.code for departement in proches] == ["75", "92", "93", "94"]
    requete = avec_distance(Departement.objects.filter(communes="45234"), *PARIS, prefixe="communes__", nom="loin")
    assert requete.get().loin == pytest.approx(110.9, rel=0.005)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("latitude", "longitude", "km"),
    [(91, 0, 1), (0, 181, 1), (math.nan, 0, 1), (0, math.inf, 1), (0, 0, -1), (0, 0, math.nan)],
)
def test_une_question_impossible_est_refusee(latitude: float, longitude: float, km: float) -> None:
    with pytest.raises(ValueError, match=r"hors du globe|rayon négatif"):
        dans_un_rayon(Commune.objects.all(), latitude, longitude, km)
