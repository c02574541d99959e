"""Small made-up lists, and the command as an operator runs it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from raccord.comparateur.colonnes import COMMUNES, DES_SORTANTS
from raccord.comparateur.ligne_de_commande import main

JOUR = "2026-10-31"
COLONNES_SORTANTS = [*COMMUNES, *DES_SORTANTS]
Ligne = Mapping[str, str]

NOMS = (
    "Martin",
    "Béranger",
    "Ben Youssef",
    "Le Goff",
    "N'Diaye",
    "Da Silva",
    "Çelik",
    "Müller-Roux",
    "O'Brien",
    "Nguyen",
)
PRENOMS = ("Élodie", "Mohamed", "Jean-Baptiste", "Fatoumata", "Léa", "Zoé", "Noël", "Aïcha", "Kévin", "Anaïs")


def personne(rang: int) -> dict[str, str]:
    """Somebody, the same for the same number, unlike the others."""
    return {
        "identifiant": f"P{rang:05}",
        "source": ("EN", "CFA", "AGRI", "ML")[rang % 4],
        "ine": f"{rang * 7919 % 10**9:09}AB" if rang % 4 == 0 else "",
        "nom": f"{NOMS[rang % 10]}{'abcdefghij'[rang // 10 % 10]}",
        "nom_usage": "",
        "prenom": PRENOMS[rang * 3 // 7 % 10],
        "prenom2": PRENOMS[rang // 3 % 10] if rang % 2 else "",
        "sexe": "MF"[rang % 2],
        "date_naissance": f"{2005 + rang % 5}-{1 + rang % 12:02}-{1 + rang * 5 % 28:02}",
        "commune_naissance": f"{1 + rang % 95:02}{1 + rang % 300:03}",
        "code_postal": f"{1 + rang % 95:02}{rang % 10}00",
        "commune": f"Saint-Étienne {rang % 50}",
        "adresse": f"{1 + rang} rue des Écoles",
    }


def sortant(rang: int, **champs: str) -> dict[str, str]:
    ligne = personne(rang) | {"jours_scolarises": "120", "diplome": "false", "date_fin": "2026-06-30"}
    return ligne | {"identifiant": f"S{rang:05}"} | champs


def inscrit(rang: int, **champs: str) -> dict[str, str]:
    return personne(rang) | {"identifiant": f"I{rang:05}"} | champs


def texte(lignes: Sequence[Ligne], colonnes: Sequence[str] | None = None, *, separateur: str = ";") -> str:
    flux = io.StringIO()
    ecrivain = csv.DictWriter(flux, colonnes or list(lignes[0]), delimiter=separateur, lineterminator="\n")
    ecrivain.writeheader()
    ecrivain.writerows(lignes)
    return flux.getvalue()


def ecrire(chemin: Path, lignes: Sequence[Ligne], **forme: str) -> Path:
    chemin.write_text(texte(lignes, **forme), encoding="utf-8")
    return chemin


class Essai:
    """Two lists in a folder, and what the command makes of them."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.sortie = dossier / "resultat"
        self.sortants = ecrire(dossier / "sortants.csv", [sortant(rang) for rang in range(40)])
        self.inscrits = ecrire(dossier / "inscrits.csv", [inscrit(rang) for rang in range(30)])

    def comparer(self, *autres: object, sortants: object = None, inscrits: object = None) -> int:
        listes = ["--sortants", str(sortants or self.sortants), "--inscrits", str(inscrits or self.inscrits)]
        return main([*listes, "--date", JOUR, "--sortie", str(self.sortie), "--memoire", "512MB", *map(str, autres)])

    def lire(self, nom: str) -> list[dict[str, str]]:
        with (self.sortie / nom).open(encoding="utf-8", newline="") as fichier:
            return list(csv.DictReader(fichier))

    def rejets(self) -> list[tuple[str, str, str, str]]:
        return [(r["ligne"], r["colonne"], r["raison"], r["effet"]) for r in self.lire("rejets.csv")]

    def decrocheurs(self) -> set[str]:
        return {ligne["identifiant_sortant"] for ligne in self.lire("decrocheurs.csv")}

    def rien_ne_reste(self) -> bool:
        """No result, no half result, no work left behind."""
        return sorted(chemin.name for chemin in self.dossier.iterdir() if "resultat" in chemin.name) == []


def identifiants(rangs: Iterable[int]) -> set[str]:
    return {f"S{rang:05}" for rang in rangs}
