"""Why two rows are, or are not, the same person: field by field, in words, with weights that sum to the total."""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from raccord.comparateur.modele import Comparaison, Modele
from raccord.comparateur.notation import requete_niveaux, requete_poids

DEPART = "depart"
FOYER = "foyer"


@dataclass(frozen=True)
class Ligne:
    """`poids` in bits. The first line is the starting point (prior); the sum of the lines is the total weight.

    `gauche` and `droite`: what each row says, for who shows it.
    """

    champ: str
    libelle: str
    niveau: str
    poids: float
    gauche: str = ""
    droite: str = ""


def expliquer_paire(
    connexion: DuckDBPyConnection, modele: Modele, identifiant_sortant: str, identifiant_inscrit: str
) -> list[Ligne]:
    """Read the normalised rows of both people and say each field's level. Raises LookupError when one is unknown.

    Computed from the two rows and the model alone, so that any pair can be explained, compared before or not.
    """
    s = _rang(connexion, "sortants", identifiant_sortant)
    i = _rang(connexion, "inscrits", identifiant_inscrit)
    niveaux = requete_niveaux(modele, f"(select {s}::integer as s, {i}::integer as i)")
    curseur = connexion.execute(requete_poids(modele, f"({niveaux})"))
    colonnes = [description[0] for description in curseur.description or []]
    note = dict(zip(colonnes, curseur.fetchone() or (), strict=True))
    lignes = [Ligne(DEPART, "Point de départ", _depart(modele), note["poids_depart"])]
    for comparaison in modele.comparaisons:
        champ = comparaison.champ
        niveau = _niveau(comparaison, note[f"niveau_{champ}"])
        lignes.append(Ligne(champ, comparaison.libelle, niveau, note[f"poids_{champ}"]))
    lignes.append(Ligne(FOYER, "Même foyer", "ce qu’un frère, une sœur ou un jumeau expliquerait", note["poids_foyer"]))
    return lignes


def _rang(connexion: DuckDBPyConnection, liste: str, identifiant: str) -> int:
    ligne = connexion.execute(f"select rowid from {liste} where identifiant = ?", [identifiant]).fetchone()
    if ligne is None:
        raise LookupError(identifiant)
    return int(ligne[0])


def _niveau(comparaison: Comparaison, place: int) -> str:
    return "absent d’un côté" if place < 0 else comparaison.niveaux[place].libelle


def _depart(modele: Modele) -> str:
    taille = f"{modele.taille:,}".replace(",", " ")
    return f"un inscrit sur {taille}, {modele.inscrits_attendus:.0%} des sortants étant inscrits".replace("%", " %")
