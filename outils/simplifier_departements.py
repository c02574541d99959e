"""Draw the light outlines of the départements that the browser receives, from those of `donnees/`.

The source was simplified one département at a time: of a common border, two neighbours keep different points. The
borders are sewn together first, then cut into arcs, and each arc is simplified once (Douglas-Peucker), so that
neighbours touch. Holes go too: most are communes missing from the source; the few true enclaves are drawn over.
A small département keeps finer borders. Run: `python outils/simplifier_departements.py`; the same input gives the
same bytes. `--verifier` writes nothing and fails when the committed file is not what this script makes.
"""

import argparse
import csv
import gzip
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

PAQUET = Path(__file__).resolve().parents[1] / "raccord" / "territoires"
SOURCE = PAQUET / "donnees" / "departements.geojson"
SORTIE = PAQUET / "static" / "territoires" / "departements.geojson"

Point = tuple[float, float]
Anneau = tuple[Point, ...]
Trait = frozenset[Point]  # the two ends of a line, whichever way it is drawn

FINESSE = 0.03  # tolerance as a share of the width of the smallest département that an arc bounds
ECART_SOURCE = 0.03  # degrees: two lines between the same points, closer than this, are one border
PLUS_PETITE_ILE = 0.0004  # square degrees, about 5 km²: smaller islands are left out, unless they are all there is


def main() -> int:
    """Write the file, or check it. Returns the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--verifier", action="store_true", help="n'écrit rien, échoue si le fichier a changé")
    verifier = arguments.parse_args().verifier
    texte = simplifier(json.loads(SOURCE.read_text(encoding="utf-8")), _noms())
    if verifier:
        return 0 if SORTIE.read_text(encoding="utf-8") == texte else 1
    SORTIE.write_text(texte, encoding="utf-8")
    octets = texte.encode()
    print(f"{SORTIE.name} : {len(octets)} octets, {len(gzip.compress(octets, 9))} compressés")
    return 0


def simplifier(source: dict[str, Any], noms: dict[str, str]) -> str:
    """The same collection, lighter, as the text of a GeoJSON file with the properties `code` and `nom`."""
    formes = {element["properties"]["code"]: _contours(element["geometry"]) for element in source["features"]}
    formes = _recoudre(dict(sorted(formes.items())))
    riverains: dict[Trait, set[str]] = defaultdict(set)
    for code, anneaux in formes.items():
        for trait in (trait for anneau in anneaux for trait in _traits(anneau)):
            riverains[trait].add(code)
    largeurs = {code: math.sqrt(sum(map(_aire, anneaux))) for code, anneaux in formes.items()}

    @cache
    def alleger(arc: Anneau) -> Anneau:
        if arc[::-1] < arc:  # the same arc for both neighbours, whichever way they walk it
            return alleger(arc[::-1])[::-1]
        return _douglas_peucker(arc, FINESSE * min(largeurs[code] for code in riverains[frozenset(arc[:2])]))

    elements = []
    for code, anneaux in formes.items():
        legers = [_enchainer([alleger(arc) for arc in _arcs(anneau, riverains)]) for anneau in anneaux]
        polygones = [[anneau] for anneau in legers if len(anneau) > 3]  # fewer points would be an invalid ring
        geometrie = (
            {"type": "Polygon", "coordinates": polygones[0]}
            if len(polygones) == 1
            else {"type": "MultiPolygon", "coordinates": polygones}
        )
        elements.append({"type": "Feature", "properties": {"code": code, "nom": noms[code]}, "geometry": geometrie})
    return json.dumps({"type": "FeatureCollection", "features": elements}, ensure_ascii=False, separators=(",", ":"))


def _noms() -> dict[str, str]:
    with (PAQUET / "donnees" / "academies.csv").open(encoding="utf-8", newline="") as fichier:
        return {ligne["departement"]: ligne["nom"] for ligne in csv.DictReader(fichier)}


def _contours(geometrie: dict[str, Any]) -> list[Anneau]:
    """Outer rings, without the smallest islands."""
    coordonnees = geometrie["coordinates"]
    polygones = [coordonnees] if geometrie["type"] == "Polygon" else coordonnees
    anneaux = [tuple((x, y) for x, y in polygone[0]) for polygone in polygones]
    return [anneau for anneau in anneaux if _aire(anneau) >= PLUS_PETITE_ILE] or [max(anneaux, key=_aire)]


def _enchainer(arcs: list[Anneau]) -> Anneau:
    return arcs[0][:1] + tuple(point for arc in arcs for point in arc[1:])


def _aire(anneau: Anneau) -> float:
    """Square degrees of equator: longitudes are narrowed by the latitude."""
    somme = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(anneau))
    return abs(somme) / 2 * math.cos(math.radians(anneau[0][1]))


def _recoudre(formes: dict[str, list[Anneau]]) -> dict[str, list[Anneau]]:
    """The same shapes with the same points on both sides of every common border: of two lines, the richer."""
    formes = _partager_les_coins(formes)
    communs = _points_communs(formes)
    trajets = _trajets(formes, communs)

    def retenir(trajet: Anneau) -> Anneau:
        pareils = trajets[frozenset((trajet[0], trajet[-1]))]
        retenu = max((autre for autre in sorted(pareils) if _ecart(trajet, autre) <= ECART_SOURCE), key=len)
        return retenu if retenu[0] == trajet[0] else retenu[::-1]

    def redessiner(anneau: Anneau) -> Anneau:
        morceaux = _couper(anneau, communs)
        return _enchainer([retenir(morceau) for morceau in morceaux]) if morceaux else anneau

    return {code: [redessiner(anneau) for anneau in anneaux] for code, anneaux in formes.items()}


def _partager_les_coins(formes: dict[str, list[Anneau]]) -> dict[str, list[Anneau]]:
    """Where three départements meet, each may have lost the corner: all three take one, the nearest to their lines."""
    communs = _points_communs(formes)
    isoles = {bouts: min(pareils) for bouts, pareils in _trajets(formes, communs).items() if len(pareils) == 1}
    voisins: dict[Point, set[Point]] = defaultdict(set)
    for bouts in isoles:
        for point in bouts:
            voisins[point] |= bouts - {point}
    coins: dict[Trait, Point] = {}
    for un, autre in sorted(tuple(sorted(bouts)) for bouts in isoles if len(bouts) == 2):
        for tiers in sorted(voisins[un] & voisins[autre]):
            cotes = [frozenset(cote) for cote in ((un, autre), (autre, tiers), (tiers, un))]
            lignes = [isoles[cote] for cote in cotes]
            candidats = sorted({point for ligne in lignes for point in ligne})
            coin = min(candidats, key=lambda point: max(_eloignement(point, ligne) for ligne in lignes))
            coins |= dict.fromkeys(cotes, coin)

    def prendre_les_coins(anneau: Anneau) -> Anneau:
        morceaux = _couper(anneau, communs)
        avec = [_inserer(coins.get(frozenset((morceau[0], morceau[-1]))), morceau) for morceau in morceaux]
        return _enchainer(avec) if avec else anneau

    return {code: [prendre_les_coins(anneau) for anneau in anneaux] for code, anneaux in formes.items()}


def _points_communs(formes: dict[str, list[Anneau]]) -> set[Point]:
    riverains: dict[Point, set[str]] = defaultdict(set)
    for code, anneaux in formes.items():
        for point in (point for anneau in anneaux for point in anneau):
            riverains[point].add(code)
    return {point for point, codes in riverains.items() if len(codes) > 1}


def _trajets(formes: dict[str, list[Anneau]], communs: set[Point]) -> dict[Trait, set[Anneau]]:
    """The lines drawn between two common points, by these points; each in one direction."""
    trajets: dict[Trait, set[Anneau]] = defaultdict(set)
    for anneau in (anneau for anneaux in formes.values() for anneau in anneaux):
        for trajet in _couper(anneau, communs):
            trajets[frozenset((trajet[0], trajet[-1]))].add(min(trajet, trajet[::-1]))
    return trajets


def _inserer(point: Point | None, ligne: Anneau) -> Anneau:
    """The line with one more point, on the segment that passes nearest to it."""
    if point is None or point in ligne:
        return ligne
    rang = min(range(1, len(ligne)), key=lambda i: _distance(point, ligne[i - 1], ligne[i]))
    return (*ligne[:rang], point, *ligne[rang:])


def _eloignement(point: Point, ligne: Anneau) -> float:
    return min(_distance(point, debut, fin) for debut, fin in pairwise(ligne))


def _ecart(un: Anneau, autre: Anneau) -> float:
    """How far the lines stray from each other at their points, in degrees of latitude (Hausdorff)."""
    return max(*(_eloignement(point, autre) for point in un), *(_eloignement(point, un) for point in autre))


def _couper(anneau: Anneau, communs: set[Point]) -> list[Anneau]:
    """The pieces of the ring from one of these points to the next; none when it holds fewer than two."""
    points = anneau[:-1]
    rangs = [rang for rang, point in enumerate(points) if point in communs]
    if len(rangs) < 2:
        return []
    tour = points + points
    suivants = [*rangs[1:], rangs[0] + len(points)]
    return [tour[debut : fin + 1] for debut, fin in zip(rangs, suivants, strict=True)]


def _distance(point: Point, debut: Point, fin: Point) -> float:
    """How far the point is from the segment, in degrees of latitude."""
    echelle = math.cos(math.radians(debut[1]))
    dx, dy = (fin[0] - debut[0]) * echelle, fin[1] - debut[1]
    px, py = (point[0] - debut[0]) * echelle, point[1] - debut[1]
    carre = dx * dx + dy * dy
    part = min(1.0, max(0.0, (px * dx + py * dy) / carre)) if carre else 0.0
    return math.hypot(px - part * dx, py - part * dy)


def _traits(anneau: Anneau) -> Iterator[Trait]:
    return (frozenset(paire) for paire in pairwise(anneau))


def _arcs(anneau: Anneau, riverains: dict[Trait, set[str]]) -> list[Anneau]:
    """The ring cut wherever its neighbours change; whole, from a point that both sides agree on, when they never do."""
    traits = list(_traits(anneau))
    coupures = [anneau[rang] for rang in range(len(traits)) if riverains[traits[rang - 1]] != riverains[traits[rang]]]
    if len(coupures) < 2:
        depart = anneau.index(coupures[0] if coupures else min(anneau))
        return [anneau[depart:-1] + anneau[: depart + 1]]
    return _couper(anneau, set(coupures))


def _douglas_peucker(arc: Anneau, tolerance: float) -> Anneau:
    """Fewest points such that none that is dropped lies farther than `tolerance` (degrees of latitude)."""
    if len(arc) <= 2:
        return arc
    ecarts = [_distance(point, arc[0], arc[-1]) for point in arc[1:-1]]
    if max(ecarts) <= tolerance:
        return (arc[0], arc[-1])
    rang = 1 + ecarts.index(max(ecarts))
    return _douglas_peucker(arc[: rang + 1], tolerance)[:-1] + _douglas_peucker(arc[rang:], tolerance)


if __name__ == "__main__":
    sys.exit(main())
