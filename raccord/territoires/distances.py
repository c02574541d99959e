"""Distances on the sphere, with the `cube` extension alone: `earthdistance` is refused by managed servers.

A model is searchable by radius when it has `latitude` and `longitude` (decimal degrees, WGS 84, both NULL when
unknown) and `index_terre("…_terre")` among its indexes. Rows without a position are never within a radius and have
no distance.
"""

import math
from typing import Any, TypeVar

from django.contrib.postgres.indexes import GistIndex
from django.db.models import BooleanField, F, Field, FloatField, Func, QuerySet, Value

RAYON_TERRE_KM = 6371.0088  # mean radius R1 (IUGG 1980), the same as in the SQL functions f_terre and f_km
RequeteT = TypeVar("RequeteT", bound=QuerySet[Any])


class CubeField(Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """A point of the `cube` extension, only ever met inside an expression."""

    def db_type(self, connection: Any) -> str:
        """The PostgreSQL type."""
        return "cube"


class _Contient(Func):
    """`zone @> point`: the operator that the GiST index knows."""

    template = "(%(expressions)s)"
    arg_joiner = " @> "
    arity = 2
    output_field = BooleanField()


def _point(latitude: float, longitude: float) -> Func:
    """The given place, in metres from the centre of the Earth. Raises ValueError outside the globe."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"position hors du globe : {latitude}, {longitude}")
    # To the centimetre: PostgreSQL refuses the smallest floats that Python knows.
    valeurs = (Value(round(float(degres), 7), output_field=FloatField()) for degres in (latitude, longitude))
    return Func(*valeurs, function="f_terre", output_field=CubeField())


def _point_de_la_ligne(prefixe: str) -> Func:
    return Func(F(f"{prefixe}latitude"), F(f"{prefixe}longitude"), function="f_terre", output_field=CubeField())


def index_terre(nom: str) -> GistIndex:
    """The index that makes `dans_un_rayon` quick on a model with `latitude` and `longitude`."""
    return GistIndex(Func(F("latitude"), F("longitude"), function="f_terre"), name=nom)


def dans_un_rayon(requete: RequeteT, latitude: float, longitude: float, km: float, prefixe: str = "") -> RequeteT:
    """Rows at most `km` kilometres away as the crow flies, the limit included.

    `prefixe` leads to the fields of another model (`commune__`). The index gives the cube around the ball, the
    distance refines it. Raises ValueError for a negative radius or a place outside the globe.
    """
    if not km >= 0:
        raise ValueError(f"rayon négatif : {km}")
    demi_angle = min(km / RAYON_TERRE_KM, math.pi) / 2
    corde = 2 * RAYON_TERRE_KM * 1000 * math.sin(demi_angle)
    centre, point = _point(latitude, longitude), _point_de_la_ligne(prefixe)
    marge = 0.02  # metres, so that rounding never loses a row at the limit
    metres = Value(corde + marge, output_field=FloatField())
    zone = Func(centre, metres, Value(3), function="cube_enlarge", output_field=CubeField())
    distance = Func(centre, point, function="cube_distance", output_field=FloatField())
    return requete.filter(_Contient(zone, point)).alias(_corde=distance).filter(_corde__lte=corde + marge)


def avec_distance(
    requete: RequeteT, latitude: float, longitude: float, prefixe: str = "", nom: str = "distance_km"
) -> RequeteT:
    """Each row gets `distance_km`: great-circle kilometres from the place, None without a position."""
    distance = Func(
        _point(latitude, longitude), _point_de_la_ligne(prefixe), function="f_km", output_field=FloatField()
    )
    return requete.annotate(**{nom: distance})


def distance_km(latitude: float, longitude: float, autre_latitude: float, autre_longitude: float) -> float:
    """Great-circle kilometres between two places (haversine), as the database counts them."""
    phi, autre_phi = math.radians(latitude), math.radians(autre_latitude)
    demi_phi, demi_lambda = (autre_phi - phi) / 2, math.radians(autre_longitude - longitude) / 2
    a = math.sin(demi_phi) ** 2 + math.cos(phi) * math.cos(autre_phi) * math.sin(demi_lambda) ** 2
    return 2 * RAYON_TERRE_KM * math.asin(min(1.0, math.sqrt(a)))
