"""The report: counts only, never a person, so that it can be shown to the CNIL as it is."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from raccord.comparateur.atelier import PhaseFaite
from raccord.comparateur.base import nombre
from raccord.comparateur.modele import Modele

SECRET = 5
"""A group smaller than this is not counted: one could recognise somebody in it."""
GROUPES = 20
"""Beyond so many bars, the smallest are put together."""
CRITERES = (
    ("age_16", "ont 16 ans ou plus au jour du traitement, ou une date de naissance inconnue"),
    ("quinze_jours", "ont été scolarisés 15 jours au moins, ou un nombre de jours inconnu"),
    ("sans_diplome", "n'ont pas le diplôme de leur formation, ou un diplôme inconnu"),
    ("non_inscrit", "ne sont retrouvés dans aucune inscription : les décrocheurs"),
)


@dataclass(frozen=True)
class Execution:
    """What the base does not know of the run."""

    jour: dt.date
    secondes: float
    memoire: int
    modele: Modele
    phases: Sequence[PhaseFaite]


@dataclass(frozen=True)
class Barre:
    """One bar of a chart. `nombre` is None when the group is too small to be counted."""

    libelle: str
    nombre: int | None
    part: float


@dataclass(frozen=True)
class Graphique:
    titre: str
    barres: Sequence[Barre]


@dataclass(frozen=True)
class Poids:
    """One level of the model, as its card shows it."""

    champ: str
    niveau: str
    m: float
    u: float
    poids: float


@dataclass(frozen=True)
class Rapport:
    fait_le: str
    date: str
    secondes: float
    memoire_demandee: int
    memoire_prise: int
    fichiers: Sequence[dict[str, Any]]
    comptes: dict[str, int]
    entonnoir: Sequence[Barre]
    graphiques: Sequence[Graphique]
    rejets: Sequence[dict[str, Any]]
    phases: Sequence[PhaseFaite]
    modele: dict[str, Any]
    niveaux: Sequence[Poids]

    @property
    def part_rejetee(self) -> float:
        """Share of the lines of which something had to be said."""
        return self.comptes["lignes_avec_rejet"] / max(self.comptes["lignes"], 1)


def composer(connexion: DuckDBPyConnection, execution: Execution) -> Rapport:
    """Count everything once."""
    comptes = {
        "lignes": nombre(connexion, "FROM fichiers_lus", "coalesce(sum(lignes), 0)"),
        "lignes_avec_rejet": nombre(connexion, "FROM (FROM rejets SELECT DISTINCT fichier, ligne)"),
        "lignes_ecartees": nombre(connexion, "FROM rejets WHERE effet = 'ligne écartée'"),
        "sortants": nombre(connexion, "FROM sortants"),
        "inscrits": nombre(connexion, "FROM inscrits"),
        "decisions": nombre(connexion, "FROM decisions"),
        "paires_comparees": nombre(connexion, "FROM paires"),
        "paires_reprises": nombre(connexion, "FROM origine_des_niveaux", "coalesce(sum(reprises), 0)"),
        "rapprochements": nombre(connexion, "FROM rapprochements WHERE decision = 'meme_personne'"),
        "decrocheurs": nombre(connexion, "FROM decrocheurs"),
        "a_verifier": nombre(connexion, "FROM a_verifier"),
        "doublons": nombre(connexion, "FROM doublons"),
    }
    return Rapport(
        fait_le=f"{dt.datetime.now().astimezone():%d/%m/%Y à %H h %M}",
        date=f"{execution.jour:%d/%m/%Y}",
        secondes=round(execution.secondes, 2),
        memoire_demandee=execution.memoire,
        memoire_prise=max((phase.pic for phase in execution.phases), default=0),
        fichiers=_fichiers(connexion),
        comptes=comptes,
        entonnoir=_entonnoir(connexion),
        graphiques=_graphiques(connexion),
        rejets=_dictionnaires(
            connexion, "SELECT colonne, raison, effet, count(*) AS nombre FROM rejets GROUP BY ALL ORDER BY ALL"
        ),
        phases=execution.phases,
        modele=carte_du_modele(execution.modele),
        niveaux=poids_des_niveaux(execution.modele),
    )


def carte_du_modele(modele: Modele) -> dict[str, Any]:
    return {
        "inscrits_attendus": modele.inscrits_attendus,
        "seuil_decision": modele.seuil_decision,
        "part_revue": modele.part_revue,
        "etalonne": modele.etalonne,
        "regles": [regle.nom for regle in (*modele.regles_sures, *modele.regles)],
        **modele.carte,
    }


def poids_des_niveaux(modele: Modele) -> list[Poids]:
    return [
        Poids(comparaison.libelle, niveau.libelle, niveau.m, niveau.u, round(niveau.poids, 2))
        for comparaison in modele.comparaisons
        for niveau in comparaison.niveaux
    ]


def en_json(rapport: Rapport) -> str:
    """The report for machines."""
    return json.dumps(asdict(rapport), ensure_ascii=False, indent=1, default=str) + "\n"


def _dictionnaires(connexion: DuckDBPyConnection, requete: str) -> list[dict[str, Any]]:
    curseur = connexion.execute(requete)
    noms = [nom for nom, *_ in curseur.description or []]
    return [dict(zip(noms, ligne, strict=True)) for ligne in curseur.fetchall()]


def _fichiers(connexion: DuckDBPyConnection) -> list[dict[str, Any]]:
    return _dictionnaires(connexion, "FROM fichiers_lus ORDER BY rowid")


def _entonnoir(connexion: DuckDBPyConnection) -> list[Barre]:
    total = nombre(connexion, "FROM criteres")
    barres = [Barre("sont dans les listes de sortants", total, 1.0)]
    for rang, (_, libelle) in enumerate(CRITERES, 1):
        retenus = nombre(connexion, f"FROM criteres WHERE {' AND '.join(nom for nom, _ in CRITERES[:rang])}")
        barres.append(_barre(libelle, retenus, total))
    return barres


REPARTITIONS = (
    ("Sortants, par source", "FROM sortants SELECT coalesce(source, 'non dite') AS groupe, count(*) AS nombre"),
    ("Inscrits, par source", "FROM inscrits SELECT coalesce(source, 'non dite') AS groupe, count(*) AS nombre"),
    (
        "Décrocheurs, par source",
        "FROM decrocheurs JOIN sortants ON identifiant = identifiant_sortant "
        "SELECT coalesce(source, 'non dite') AS groupe, count(*) AS nombre",
    ),
    (
        "Décrocheurs, par sexe",
        "FROM decrocheurs JOIN sortants ON identifiant = identifiant_sortant SELECT "
        "CASE sexe WHEN 'F' THEN 'filles' WHEN 'M' THEN 'garçons' ELSE 'non dit' END AS groupe, count(*) AS nombre",
    ),
    (
        "Décrocheurs, par année de naissance",
        "FROM decrocheurs JOIN sortants ON identifiant = identifiant_sortant "
        "SELECT coalesce(CAST(year(TRY_CAST(date_naissance AS DATE)) AS VARCHAR), 'inconnue') AS groupe, "
        "count(*) AS nombre",
    ),
    (
        "Chance que le meilleur rapprochement soit la même personne",
        "FROM rapprochements SELECT CASE WHEN probabilite >= 0.999 THEN '99,9 % et plus' "
        "WHEN probabilite >= 0.99 THEN '99 à 99,9 %' WHEN probabilite >= 0.95 THEN '95 à 99 %' "
        "WHEN probabilite >= 0.75 THEN '75 à 95 %' WHEN probabilite >= 0.5 THEN '50 à 75 %' "
        "ELSE 'moins de 50 % (à vérifier)' END AS groupe, count(*) AS nombre",
    ),
)


def _graphiques(connexion: DuckDBPyConnection) -> list[Graphique]:
    graphiques = []
    for titre, requete in REPARTITIONS:
        lignes = connexion.execute(f"SELECT groupe, nombre FROM ({requete} GROUP BY groupe) ORDER BY groupe").fetchall()
        graphiques.append(Graphique(titre, _barres([(str(groupe), int(effectif)) for groupe, effectif in lignes])))
    graphiques.append(Graphique("Rapprochements : ce que chaque champ a dit", _accords(connexion)))
    return [graphique for graphique in graphiques if graphique.barres]


def _barres(lignes: Sequence[tuple[str, int]]) -> list[Barre]:
    total = sum(effectif for _, effectif in lignes)
    grands = sorted(lignes, key=lambda ligne: -ligne[1])[:GROUPES]
    autres = total - sum(effectif for _, effectif in grands)
    montres = [*sorted(grands), ("autres", autres)] if autres else sorted(grands)
    return [_barre(groupe, effectif, total) for groupe, effectif in montres]


def _barre(libelle: str, effectif: int, total: int) -> Barre:
    cache = 0 < effectif < SECRET
    return Barre(libelle, None if cache else effectif, 0.0 if cache else effectif / max(total, 1))


def _accords(connexion: DuckDBPyConnection) -> list[Barre]:
    """For each field, how many links it speaks for, and against."""
    total = nombre(connexion, "FROM rapprochements")
    colonnes = [
        nom
        for nom, *_ in connexion.execute("DESCRIBE rapprochements").fetchall()
        if nom.startswith("poids_") and nom not in {"poids_depart", "poids_foyer", "poids_rivaux"}
    ]
    barres = []
    for colonne in colonnes:
        champ = colonne.removeprefix("poids_")
        for mot, signe in (("pour", ">"), ("contre", "<")):
            barres.append(
                _barre(f"{champ} : {mot}", nombre(connexion, f"FROM rapprochements WHERE {colonne} {signe} 0"), total)
            )
    return barres
