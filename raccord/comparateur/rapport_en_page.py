"""The report on one page, for somebody who does not know the comparator: what was done, of what, how surely."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from raccord.comparateur.pages import (
    Colonne,
    Html,
    balance,
    barre,
    decimal,
    liste,
    memoire,
    nombre,
    page,
    paragraphe,
    pourcent,
    tableau,
    titre,
)
from raccord.comparateur.rapport import Barre, Poids, Rapport

BARRE = Colonne("", dessin=True)


def rapport_en_page(rapport: Rapport) -> str:
    """HTML."""
    morceaux = [*_resultat(rapport), *_repartitions(rapport), *_fichiers(rapport)]
    morceaux += [*modele_en_page(rapport.modele, rapport.niveaux), *_temps(rapport)]
    return page(f"Comparaison des sortants et des inscrits au {rapport.date}", morceaux)


def _resultat(rapport: Rapport) -> Iterator[Html]:
    comptes = rapport.comptes
    yield paragraphe(
        f"Fait le {rapport.fait_le}. Ce rapport ne contient que des comptes : aucune personne n'y est désignée, et un "
        "groupe de moins de 5 n'y est pas compté."
    )
    yield paragraphe(
        "La comparaison cherche, pour chaque jeune sorti d'une formation, s'il est inscrit ailleurs. Celui qui n'est "
        "retrouvé nulle part est mis dans la liste des jeunes à appeler, s'il a 16 ans, a été scolarisé 15 jours et "
        "n'a pas son diplôme. Quand les indices ne suffisent pas, la machine ne tranche pas : une personne regarde et "
        "décide."
    )
    yield titre("Le résultat")
    yield tableau(
        "Des listes de sortants à la liste des jeunes à appeler",
        [Colonne("Les sortants qui…"), Colonne("Nombre", nombre=True), Colonne("Part", nombre=True), BARRE],
        [_ligne(part) for part in rapport.entonnoir],
    )
    yield liste(
        [
            f"{nombre(comptes['rapprochements'])} sortants sont rapprochés d'un inscrit sans qu'il faille vérifier ;",
            f"{nombre(comptes['a_verifier'])} paires sont à vérifier par une personne : sa réponse change la liste ;",
            f"{nombre(comptes['doublons'])} doublons probables ont été vus dans les listes ;",
            f"{nombre(comptes['decisions'])} décisions déjà prises par des personnes ont été suivies ;",
            f"{nombre(comptes['paires_comparees'])} paires ont été comparées, champ par champ, dont "
            f"{nombre(comptes['paires_reprises'])} déjà vues la fois d'avant et inchangées.",
        ]
    )


def _ligne(part: Barre) -> list[object]:
    return [part.libelle, nombre(part.nombre), "" if part.nombre is None else pourcent(part.part), barre(part.part)]


def _repartitions(rapport: Rapport) -> Iterator[Html]:
    yield titre("Les répartitions")
    for graphique in rapport.graphiques:
        yield tableau(
            graphique.titre,
            [Colonne("Groupe"), Colonne("Nombre", nombre=True), Colonne("Part", nombre=True), BARRE],
            [_ligne(part) for part in graphique.barres],
        )


def _fichiers(rapport: Rapport) -> Iterator[Html]:
    comptes = rapport.comptes
    yield titre("Les fichiers lus")
    yield tableau(
        f"{nombre(comptes['lignes'])} lignes en tout",
        [
            Colonne("Fichier"),
            Colonne("Liste"),
            Colonne("Lignes", nombre=True),
            Colonne("Forme"),
            Colonne("Laissé de côté"),
            Colonne("Empreinte"),
        ],
        [
            [
                fichier["fichier"],
                fichier["cote"],
                nombre(fichier["lignes"]),
                fichier["encodage"],
                ", ".join(fichier["laissees"]),
                fichier["empreinte"][:16],
            ]
            for fichier in rapport.fichiers
        ],
    )
    yield tableau(
        f"Ce qui n'allait pas dans {nombre(comptes['lignes_avec_rejet'])} lignes "
        f"({pourcent(rapport.part_rejetee, 2)}) ; rejets.csv dit lesquelles",
        [Colonne("Raison"), Colonne("Colonne"), Colonne("Ce qui est fait"), Colonne("Nombre", nombre=True)],
        [[rejet["raison"], rejet["colonne"], rejet["effet"], nombre(rejet["nombre"])] for rejet in rapport.rejets],
    )


def modele_en_page(carte: Mapping[str, Any], niveaux: Sequence[Poids]) -> Iterator[Html]:
    """What the model is, in words and in tables."""
    yield titre("Le modèle")
    yield paragraphe(
        "La chance que deux lignes soient une même personne part de ce que l'on sait avant de comparer, puis monte ou "
        "descend à chaque champ. Un poids de 1 la rend deux fois plus forte, un poids de −1 deux fois plus faible ; "
        "les poids s'ajoutent. Aucun n'est réglé à la main : ils viennent de ce que l'on observe entre les lignes "
        "d'une même personne et celles de deux personnes."
    )
    yield tableau(
        "Carte du modèle",
        [Colonne("Ce que c'est"), Colonne("Valeur")],
        [[nom.replace("_", " "), _en_mots(valeur)] for nom, valeur in carte.items()],
    )
    yield tableau(
        "Ce que pèse chaque niveau de ressemblance",
        [
            Colonne("Niveau"),
            Colonne("Champ"),
            Colonne("Même personne", nombre=True),
            Colonne("Deux personnes", nombre=True),
            Colonne("Poids", nombre=True),
            BARRE,
        ],
        [
            [
                niveau.niveau,
                niveau.champ,
                pourcent(niveau.m, 3),
                pourcent(niveau.u, 5),
                decimal(niveau.poids),
                balance(niveau.poids),
            ]
            for niveau in niveaux
        ],
    )


def _en_mots(valeur: object) -> str:
    match valeur:
        case bool():
            return "oui" if valeur else "non"
        case dict():
            return " ; ".join(f"{nom} : {_en_mots(autre)}" for nom, autre in valeur.items())
        case list() | tuple():
            return " ; ".join(_en_mots(autre) for autre in valeur)
        case _:
            return str(valeur)


def _temps(rapport: Rapport) -> Iterator[Html]:
    yield titre("Le temps et la mémoire")
    yield paragraphe(
        f"{decimal(rapport.secondes)} secondes en tout ; {memoire(rapport.memoire_prise)} au plus, pour "
        f"{memoire(rapport.memoire_demandee)} permis."
    )
    yield tableau(
        "Phase par phase",
        [Colonne("Phase"), Colonne("Secondes", nombre=True), Colonne("Mémoire au plus fort", nombre=True)],
        [[phase.libelle, decimal(phase.secondes, 2), memoire(phase.pic)] for phase in rapport.phases],
    )
