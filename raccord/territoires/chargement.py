"""Loading the reference data committed in `donnees/`: everything or nothing, as many times as one likes."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from django.db import connections, models, transaction
from django.utils.text import slugify

from raccord.territoires.models import Academie, Commune, Departement, RegionAcademique
from raccord.territoires.noms import normaliser

DOSSIER = Path(__file__).parent / "donnees"
Ligne = dict[str, str]
Position = tuple[float, float]


@dataclass(frozen=True)
class Compte:
    """What happened to the rows of one table."""

    ajoutes: int
    modifies: int
    inchanges: int
    retires: int = 0

    @property
    def change(self) -> bool:
        """Whether a row was written."""
        return bool(self.ajoutes or self.modifies or self.retires)

    def __str__(self) -> str:
        if not self.change:
            return f"{self.inchanges}, rien n'a changé"
        return (
            f"{self.ajoutes} ajouts, {self.modifies} modifications, {self.retires} retraits, {self.inchanges} inchangés"
        )


@dataclass(frozen=True)
class Bilan:
    """The outcome of one loading. `ecartees` counts communes left out: uninhabited territories."""

    regions_academiques: Compte
    academies: Compte
    departements: Compte
    communes: Compte
    ecartees: dict[str, int]
    positions_approchees: int
    sans_position: int

    @property
    def change(self) -> bool:
        """Whether anything was written."""
        comptes = (self.regions_academiques, self.academies, self.departements, self.communes)
        return any(compte.change for compte in comptes)

    def __str__(self) -> str:
        ecartees = ", ".join(f"{code} ({nombre})" for code, nombre in sorted(self.ecartees.items()))
        return "\n".join(
            [
                f"Régions académiques : {self.regions_academiques}",
                f"Académies : {self.academies}",
                f"Départements : {self.departements}",
                f"Communes : {self.communes}",
                f"Communes à position approchée : {self.positions_approchees} ; sans position : {self.sans_position}",
                f"Communes inhabitées, laissées de côté par territoire : {ecartees}",
            ]
        )


def charger(using: str) -> Bilan:
    """Bring the four tables to the state of the files, in one transaction, with the rights of the owner.

    Nothing is deleted: a commune that left the official code is only no longer `en_vigueur`, since rows point to it.
    Raises what the database raises; then nothing has changed.
    """
    departements = _lire("academies.csv")
    collectivites = _lire("collectivites.csv")
    communes = _lire("communes.csv")
    connus = {ligne["departement"] for ligne in departements + collectivites}
    positions = _positions_approchees(communes)
    retenues = [ligne for ligne in communes if ligne["departement"] in connus]
    with transaction.atomic(using=using):
        return Bilan(
            regions_academiques=_remplacer(using, RegionAcademique, ("code", "nom"), _regions(departements)),
            academies=_remplacer(
                using, Academie, ("slug", "nom", "region_academique_id", "zone_vacances"), _academies(departements)
            ),
            departements=_remplacer(
                using,
                Departement,
                ("code", "nom", "academie_id"),
                [
                    (ligne["departement"], ligne["nom"], slugify(ligne["academie"]) or None)
                    for ligne in departements + collectivites
                ],
            ),
            communes=_remplacer(using, Commune, COLONNES_COMMUNE, (_commune(ligne, positions) for ligne in retenues)),
            ecartees=dict(Counter(ligne["departement"] for ligne in communes if ligne["departement"] not in connus)),
            positions_approchees=sum(ligne["code"] in positions for ligne in retenues),
            sans_position=sum(not ligne["latitude"] and ligne["code"] not in positions for ligne in retenues),
        )


COLONNES_COMMUNE = (
    "code",
    "nom",
    "genre",
    "departement_id",
    "population",
    "codes_postaux",
    "latitude",
    "longitude",
    "position_approchee",
    "en_vigueur",
    "cle",
    "recherche",
)


def _lire(nom: str) -> list[Ligne]:
    with (DOSSIER / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def _regions(departements: Iterable[Ligne]) -> list[tuple[str, ...]]:
    return sorted({(ligne["code_region"], ligne["region_academique"]) for ligne in departements})


def _academies(departements: Iterable[Ligne]) -> list[tuple[str, ...]]:
    return sorted(
        {
            (slugify(ligne["academie"]), ligne["academie"], ligne["code_region"], ligne["zone_vacances"])
            for ligne in departements
        }
    )


def _commune(ligne: Ligne, positions: dict[str, Position]) -> tuple[Any, ...]:
    codes_postaux = ligne["codes_postaux"].split("|")
    cle = normaliser(ligne["nom"])
    latitude, longitude = (
        (float(ligne["latitude"]), float(ligne["longitude"]))
        if ligne["latitude"]
        else positions.get(ligne["code"], (None, None))
    )
    return (
        ligne["code"],
        ligne["nom"],
        ligne["type"],
        ligne["departement"],
        int(ligne["population"]),
        "{" + ",".join(codes_postaux) + "}",
        latitude,
        longitude,
        ligne["code"] in positions,
        True,
        cle,
        " ".join(["", cle, *codes_postaux]),
    )


def _positions_approchees(communes: Sequence[Ligne]) -> dict[str, Position]:
    """For a commune without a position, the middle of those that share a postcode with it in its département.

    Some were re-created after the outlines were drawn: a few kilometres off is better than off the map.
    """
    voisines: dict[tuple[str, str], list[Position]] = defaultdict(list)
    for ligne in communes:
        if ligne["latitude"]:
            for code in ligne["codes_postaux"].split("|"):
                voisines[ligne["departement"], code].append((float(ligne["latitude"]), float(ligne["longitude"])))
    positions: dict[str, Position] = {}
    for ligne in communes:
        proches = [
            position
            for code in ligne["codes_postaux"].split("|")
            for position in voisines[ligne["departement"], code]
            if not ligne["latitude"]
        ]
        if proches:
            latitudes, longitudes = zip(*proches, strict=True)
            positions[ligne["code"]] = (round(fmean(latitudes), 5), round(fmean(longitudes), 5))
    return positions


def _en_csv(lignes: Iterable[Sequence[Any]]) -> str:
    tampon = io.StringIO()
    csv.writer(tampon).writerows(lignes)
    return tampon.getvalue()


def _remplacer(
    using: str, modele: type[models.Model], colonnes: Sequence[str], lignes: Iterable[Sequence[Any]]
) -> Compte:
    """Copy the rows into a temporary table, then write only what differs. The first column is the primary key."""
    connexion = connections[using]
    table, entrant = connexion.ops.quote_name(modele._meta.db_table), "arrivage_territoires"
    cle, *valeurs = colonnes
    liste = ", ".join(colonnes)
    with connexion.cursor() as curseur:
        curseur.execute(f"CREATE TEMP TABLE {entrant} (LIKE {table}) ON COMMIT DROP")
        with curseur.copy(f"COPY {entrant} ({liste}) FROM STDIN (FORMAT csv)") as copie:
            copie.write(_en_csv(lignes))
        nombre = curseur.rowcount
        retires = 0
        if "en_vigueur" in colonnes:
            curseur.execute(
                f"UPDATE {table} SET en_vigueur = false "  # noqa: S608  names of our own tables and columns
                f"WHERE en_vigueur AND {cle} NOT IN (SELECT {cle} FROM {entrant})"
            )
            retires = curseur.rowcount
        curseur.execute(
            f"INSERT INTO {table} AS ancien ({liste}) SELECT {liste} FROM {entrant} "  # noqa: S608
            f"ON CONFLICT ({cle}) DO UPDATE SET {', '.join(f'{nom} = EXCLUDED.{nom}' for nom in valeurs)} "
            f"WHERE ({', '.join(f'ancien.{nom}' for nom in valeurs)}) "
            f"IS DISTINCT FROM ({', '.join(f'EXCLUDED.{nom}' for nom in valeurs)}) "
            "RETURNING (xmax = 0)"
        )
        ecrits = Counter(ajoute for (ajoute,) in curseur.fetchall())
        curseur.execute(f"DROP TABLE {entrant}")
        if ecrits or retires:
            curseur.execute(f"ANALYZE {table}")
    return Compte(ecrits[True], ecrits[False], nombre - ecrits.total(), retires)
