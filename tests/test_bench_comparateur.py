"""The judge of the comparator's bench: what it counts, on lists small enough to be counted by hand."""

import csv
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from outils.comparateur import bench, page
from outils.comparateur.juge import Juge

JOUR = date(2026, 10, 31)
SORTANTS = {
    # identifiant: (diplôme, jours, naissance, inscrit, à lister)
    "S1": ("false", 100, "2009-01-01", "I1", "non"),
    "S2": ("false", 100, "2009-01-01", "", "oui"),
    "S3": ("true", 100, "2009-01-01", "", "non"),
    "S4": ("false", 3, "2009-01-01", "", "non"),
    "S5": ("false", 100, "2012-01-01", "", "non"),
    "S6": ("false", 100, "2009-01-01", "I6", "non"),
    "S7": ("false", 100, "2009-01-01", "", "oui"),
}


@pytest.fixture
def population(tmp_path: Path) -> Path:
    _ecrire(
        tmp_path / "sortants.csv",
        ("identifiant", "source", "diplome", "jours_scolarises", "date_naissance"),
        [(s, "EN", d, j, n) for s, (d, j, n, _, _) in SORTANTS.items()],
    )
    _ecrire(
        tmp_path / "verite.csv",
        ("identifiant_sortant", "identifiant_inscrit", "a_lister", "sexe", "source", "origine", "jumeau"),
        [(s, i, lister, "F", "EN", "france", "non") for s, (_, _, _, i, lister) in SORTANTS.items()],
    )
    return tmp_path


def _ecrire(chemin: Path, entete: tuple[str, ...], lignes: list[tuple[object, ...]]) -> None:
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        csv.writer(fichier).writerows([entete, *lignes])


def _lier(dossier: Path, *liens: tuple[str, str, float]) -> Path:
    valeurs = ", ".join(map(str, liens))
    duckdb.execute(f"""
        COPY (FROM (VALUES {valeurs}) v(identifiant_sortant, identifiant_inscrit, probabilite))
        TO '{dossier}/liens.parquet' (FORMAT parquet)
    """)
    return dossier


def test_des_liens_justes_donnent_une_liste_juste(population: Path) -> None:
    note = Juge(population, JOUR).noter(_lier(population, ("S1", "I1", 1.0), ("S6", "I6", 1.0)))
    assert (note.liste_precision, note.liste_rappel, note.liste_f1) == (1.0, 1.0, 1.0)
    assert (note.liens_precision, note.liens_rappel) == (1.0, 1.0)


def test_un_lien_manque_liste_a_tort_un_lien_de_trop_oublie(population: Path) -> None:
    note = Juge(population, JOUR).noter(_lier(population, ("S1", "I1", 1.0), ("S2", "I9", 1.0)))
    assert note.liste_precision == 0.5  # S6 is listed and should not be
    assert note.liste_rappel == 0.5  # S2 is not and should be
    assert note.liens_precision == 0.5
    assert note.liens_rappel == 0.5


def test_une_revue_bien_jugee_corrige_la_liste(population: Path) -> None:
    _lier(population, ("S1", "I1", 1.0), ("S2", "I9", 0.6), ("S6", "I6", 0.4))
    _ecrire(population / "a_verifier.csv", ("identifiant_sortant", "identifiant_inscrit"), [("S2", "I9"), ("S6", "I6")])
    note = Juge(population, JOUR).noter(population)
    assert note.liste_f1 == 0.5
    assert (note.revue, note.liste_f1_apres_revue) == (2, 1.0)


def test_un_lien_que_personne_ne_doute_reste_apres_la_revue_d_un_autre(population: Path) -> None:
    _lier(population, ("S1", "I1", 1.0), ("S1", "I8", 0.6), ("S6", "I6", 1.0))
    _ecrire(population / "a_verifier.csv", ("identifiant_sortant", "identifiant_inscrit"), [("S1", "I8")])
    assert Juge(population, JOUR).noter(population).liste_f1_apres_revue == 1.0


def test_une_table_mesuree_de_nouveau_remplace_l_ancienne(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "LIGNES", tmp_path / "mesures.jsonl")
    monkeypatch.setattr(page, "PAGE", tmp_path / "mesures.md")
    monkeypatch.setattr(page, "DOCUMENT", tmp_path / "document.md")
    page.DOCUMENT.write_text(f"Avant.\n\n{page.DEBUT}ancien\n{page.FIN}\nAprès.\n")
    for secondes in (10.0, 20.0):
        lignes = bench.garder([_mesure("table", 1000, secondes), _mesure("courbe", 1000, 1.0)])
    page.ecrire_pages(lignes)
    assert [json.loads(ligne)["secondes"] for ligne in bench.LIGNES.read_text().splitlines()] == [20.0, 1.0]
    assert "| 20,0 | 300 |" in page.PAGE.read_text()
    texte = page.DOCUMENT.read_text()
    assert "ancien" not in texte
    assert (texte[:8], texte[-8:]) == ("Avant.\n\n", "\nAprès.\n")
    assert "| 1 000 × 1 000 | 1,0 | 300 | 1,00 |" in texte
    assert "| F1 de la liste d'au moins 0,990 | **non** | 0,9000 |" in texte


def _mesure(section: str, taille: int, secondes: float) -> dict[str, object]:
    parts = ("liste_precision", "liste_rappel", "liste_f1", "liens_precision", "liens_rappel", "liste_f1_apres_revue")
    return {
        "section": section, "moteur": "nous", "nom": "", "secondes": secondes, "memoire_mo": 300, "revue": 3,
        "population": {"sortants": taille, "inscrits": taille, "profil": "usuel", "graine": 1},
        "date": "2026-10-06", "machine": "une machine", **dict.fromkeys(parts, 0.9),
    }  # fmt: skip
