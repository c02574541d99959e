"""Why two rows are, or are not, the same person: field by field, in words, with weights that sum to the total."""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from raccord.comparateur.modele import Comparaison, Modele
from raccord.comparateur.notation import requete_niveaux, requete_poids

DEPART = "depart"
FOYER = "foyer"
MONTREES = {
    "nom": ("nom", "usage"),
    "prenom": ("prenom",),
    "prenom2": ("prenom2",),
    "sexe": ("sexe",),
    "naissance": ("jour", "mois", "annee"),
    "ine": ("ine",),
    "lieu": ("lieu",),
    "domicile": ("cp",),
}
"""The normalised columns that show what a comparison looked at."""


@dataclass(frozen=True)
class Ligne:
    """`poids` in bits. The first line is the starting point (prior); the sum of the lines is the total weight."""

    champ: str
    libelle: str
    niveau: str
    gauche: str
    droite: str
    poids: float


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
    gauche, droite = _valeurs(connexion, modele, "sortants", s), _valeurs(connexion, modele, "inscrits", i)
    lignes = [Ligne(DEPART, "Point de départ", _depart(modele), "", "", note["poids_depart"])]
    for comparaison in modele.comparaisons:
        champ = comparaison.champ
        niveau = _niveau(comparaison, note[f"niveau_{champ}"])
        lignes.append(Ligne(champ, comparaison.libelle, niveau, gauche[champ], droite[champ], note[f"poids_{champ}"]))
    lignes.append(
        Ligne(FOYER, "Même foyer", "ce qu’un frère, une sœur ou un jumeau expliquerait", "", "", note["poids_foyer"])
    )
    return lignes


def _rang(connexion: DuckDBPyConnection, liste: str, identifiant: str) -> int:
    ligne = connexion.execute(f"select rowid from {liste} where identifiant = ?", [identifiant]).fetchone()
    if ligne is None:
        raise LookupError(identifiant)
    return int(ligne[0])


def _niveau(comparaison: Comparaison, place: int) -> str:
    return "absent d’un côté" if place < 0 else comparaison.niveaux[place].libelle


def _valeurs(connexion: DuckDBPyConnection, modele: Modele, liste: str, rang: int) -> dict[str, str]:
    """What each comparison looked at in one row, as text."""
    champs = [c.champ for c in modele.comparaisons]
    sql = ", ".join(f"concat_ws(' ', {', '.join(MONTREES.get(champ, ('null',)))})" for champ in champs)
    ligne = connexion.execute(f"select {sql} from {liste}_normalises where rang = ?", [rang]).fetchone()
    return dict(zip(champs, ligne or (), strict=True))


def _depart(modele: Modele) -> str:
    taille = f"{modele.taille:,}".replace(",", " ")
    return f"un inscrit sur {taille}, {modele.inscrits_attendus:.0%} des sortants étant inscrits".replace("%", " %")
