"""The outlines that the browser receives: light, complete, true to the communes, and reproducible."""

import gzip
import json
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from raccord.territoires.models import Commune, Departement


@pytest.fixture(scope="module")
def contours() -> dict[str, list[list[list[float]]]]:
    """Outer rings by département."""
    with open(str(finders.find("territoires/departements.geojson")), encoding="utf-8") as fichier:
        elements = json.load(fichier)["features"]
    return {element["properties"]["code"]: _anneaux(element["geometry"]) for element in elements}


def _anneaux(geometrie: dict[str, Any]) -> list[list[list[float]]]:
    if geometrie["type"] == "Polygon":
        return [geometrie["coordinates"][0]]
    return [polygone[0] for polygone in geometrie["coordinates"]]


def _dedans(longitude: float, latitude: float, anneau: list[list[float]]) -> bool:
    dedans = False
    for (x1, y1), (x2, y2) in pairwise(anneau):
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            dedans = not dedans
    return dedans


def test_la_carte_est_legere() -> None:
    with open(str(finders.find("territoires/departements.geojson")), "rb") as fichier:
        assert len(gzip.compress(fichier.read(), 9)) < 26_000


@pytest.mark.django_db
def test_tous_les_departements_y_sont(contours: dict[str, list[list[list[float]]]]) -> None:
    attendus = set(
        Departement.objects.exclude(code__in=["975", "977", "978", "986", "987", "988"]).values_list("code", flat=True)
    )
    assert set(contours) == attendus
    assert all(anneau[0] == anneau[-1] and len(anneau) > 3 for anneaux in contours.values() for anneau in anneaux)


@pytest.mark.django_db
def test_les_communes_sont_dans_leur_departement(contours: dict[str, list[list[list[float]]]]) -> None:
    """At least 98 in 100 of all, and no département is elsewhere or flattened: at least 80 in 100 of each."""
    dedans: dict[str, list[bool]] = {code: [] for code in contours}
    for code, latitude, longitude in Commune.objects.filter(
        departement__in=contours, latitude__isnull=False, position_approchee=False
    ).values_list("departement", "latitude", "longitude"):
        dedans[code].append(any(_dedans(longitude, latitude, anneau) for anneau in contours[code]))
    tous = [oui for ouis in dedans.values() for oui in ouis]
    assert sum(tous) / len(tous) > 0.98
    assert [code for code, ouis in dedans.items() if sum(ouis) < 0.8 * len(ouis)] == []


def test_le_fichier_est_celui_du_script() -> None:
    script = settings.RACINE / "outils" / "simplifier_departements.py"
    assert subprocess.run([sys.executable, str(script), "--verifier"], check=False).returncode == 0
