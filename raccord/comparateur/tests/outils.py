"""Small tables for the tests of the engine."""

from datetime import date

import duckdb

from raccord.comparateur import moteur, niveaux
from raccord.comparateur.modele import Modele

JOUR = date(2026, 10, 31)
CHAMPS = (
    *("identifiant", "source", "ine", "nom", "nom_usage", "prenom", "prenom2", "sexe", "date_naissance"),
    *("commune_naissance", "code_postal", "commune", "adresse"),
)
PERSONNE = {
    **dict(source="EN", ine="1234567890A", nom="Belhadj", nom_usage="", prenom="Yasmine", prenom2="", sexe="F"),
    **dict(date_naissance="2008-03-14", commune_naissance="31555", code_postal="31000", commune="Toulouse"),
    "adresse": "12 rue des Lilas",
}


class Silence:
    """Nobody follows."""

    def phase(self, nom: str) -> None: ...

    def avance(self, fait: int, total: int) -> None: ...


def personne(identifiant: str, **valeurs: str) -> dict[str, str]:
    return {**PERSONNE, "identifiant": identifiant, **valeurs}


def base(sortants: list[dict[str, str]], inscrits: list[dict[str, str]], decisions: list[tuple[str, str, str]] = ()):
    """A DuckDB connection as the reading of files leaves it."""
    connexion = duckdb.connect(config={"threads": 1})
    colonnes = ", ".join(f"{champ} varchar" for champ in CHAMPS)
    connexion.execute(f"create table sortants ({colonnes}, jours_scolarises integer, diplome boolean, date_fin date)")
    connexion.execute(f"create table inscrits ({colonnes})")
    connexion.execute(
        "create table decisions (identifiant_sortant varchar, identifiant_inscrit varchar, decision varchar)"
    )
    for table, lignes in (("sortants", sortants), ("inscrits", inscrits)):
        for ligne in lignes:
            valeurs = [ligne[champ] for champ in CHAMPS]
            suite = ["200", "false", None] if table == "sortants" else []
            connexion.execute(
                f"insert into {table} values ({', '.join('?' * len(valeurs + suite))})", [*valeurs, *suite]
            )
    for decision in decisions:
        connexion.execute("insert into decisions values (?, ?, ?)", list(decision))
    return connexion


def comparer(connexion, modele: Modele | None = None):
    moteur.comparer(connexion, modele or niveaux.modele_de_depart(), date=JOUR, seuil_revue=None, suivi=Silence())
    return connexion


def liens(connexion) -> dict[str, tuple[str, float]]:
    lignes = connexion.execute(
        "select identifiant_sortant, identifiant_inscrit, probabilite from rapprochements where probabilite >= 0.5"
    ).fetchall()
    return {sortant: (inscrit, round(probabilite, 9)) for sortant, inscrit, probabilite in lignes}


def liste(connexion) -> set[str]:
    return {ligne[0] for ligne in connexion.execute("select identifiant_sortant from decrocheurs").fetchall()}
