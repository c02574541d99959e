"""The made-up population of the comparator: the same seed gives the same bytes, its rates are those it documents."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from outils.comparateur.population import _donnees, ecrire, profils

FICHIERS = ("sortants.csv", "inscrits.csv", "verite.csv", "doublons_verite.csv")
NOMBRE = 20_000


def _lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[dict[str, str]]]]:
    dossier = tmp_path_factory.mktemp("population")
    ecrire(dossier, NOMBRE, NOMBRE)
    yield {nom.removesuffix(".csv"): _lire(dossier / nom) for nom in FICHIERS}


def test_la_meme_graine_donne_les_memes_octets(tmp_path: Path) -> None:
    for nom, graine in (("a", 5), ("b", 5), ("c", 6)):
        ecrire(tmp_path / nom, 2000, 2100, graine=graine)
    for fichier in FICHIERS:
        assert (tmp_path / "a" / fichier).read_bytes() == (tmp_path / "b" / fichier).read_bytes()
    noms = [[ligne["nom"] for ligne in _lire(tmp_path / nom / "sortants.csv")] for nom in ("a", "c")]
    assert noms[0] != noms[1]


def test_chaque_liste_a_le_nombre_de_lignes_demande_et_des_identifiants_uniques(population) -> None:
    for liste in ("sortants", "inscrits"):
        identifiants = {ligne["identifiant"] for ligne in population[liste]}
        assert len(population[liste]) == len(identifiants) == NOMBRE


def test_la_verite_nomme_chaque_sortant_et_des_inscrits_qui_existent(population) -> None:
    inscrits = {ligne["identifiant"] for ligne in population["inscrits"]} | {""}
    assert {ligne["identifiant_sortant"] for ligne in population["verite"]} == {
        ligne["identifiant"] for ligne in population["sortants"]
    }
    assert {ligne["identifiant_inscrit"] for ligne in population["verite"]} <= inscrits


def test_les_parts_documentees_sont_observees(population) -> None:
    regles = _donnees()["population"]
    sortants = {ligne["identifiant"]: ligne for ligne in population["sortants"]}
    verite = {ligne["identifiant_sortant"]: ligne for ligne in population["verite"]}
    inscrits = [sortants[s] for s, ligne in verite.items() if ligne["identifiant_inscrit"]]
    absents = [sortants[s] for s, ligne in verite.items() if not ligne["identifiant_inscrit"]]
    jumeaux = sum(ligne["jumeau"] == "oui" for ligne in verite.values())
    sources = Counter(ligne["source"] for ligne in sortants.values())

    assert len(inscrits) / NOMBRE == pytest.approx(regles["inscrit_de_nouveau"], abs=0.01)
    assert _part(absents, "diplome", "true") == pytest.approx(regles["diplome_si_absent"], abs=0.02)
    assert _part(inscrits, "diplome", "true") == pytest.approx(regles["diplome_si_inscrit"], abs=0.02)
    assert jumeaux / NOMBRE == pytest.approx(regles["jumeaux"], abs=0.003)
    for source, part in (("EN", 0.80), ("CFA", 0.13), ("AGRI", 0.05), ("ML", 0.02)):
        assert sources[source] / NOMBRE == pytest.approx(part, abs=0.012)


def test_chaque_source_a_ses_defauts(population) -> None:
    lignes = population["sortants"] + population["inscrits"]
    par_source = {source: [ligne for ligne in lignes if ligne["source"] == source] for source in ("EN", "CFA", "ML")}
    assert _part(par_source["EN"], "ine", "") < 0.02
    assert 0.3 < _part(par_source["CFA"], "ine", "") < 0.42
    assert _part(par_source["ML"], "ine", "") == 1.0
    premier_janvier = {s: sum(li["date_naissance"].endswith("-01-01") for li in par_source[s]) for s in ("EN", "ML")}
    assert premier_janvier["ML"] / len(par_source["ML"]) > 2 * premier_janvier["EN"] / len(par_source["EN"])


def test_la_liste_vraie_ne_retient_que_qui_remplit_les_quatre_criteres(population) -> None:
    sortants = {ligne["identifiant"]: ligne for ligne in population["sortants"]}
    a_lister = [ligne for ligne in population["verite"] if ligne["a_lister"] == "oui"]
    assert a_lister
    for ligne in a_lister:
        sortant = sortants[ligne["identifiant_sortant"]]
        assert not ligne["identifiant_inscrit"]
        assert sortant["diplome"] == "false"
        assert int(sortant["jours_scolarises"]) >= 15


@pytest.mark.parametrize("profil", profils())
def test_chaque_profil_donne_une_population(profil: str, tmp_path: Path) -> None:
    ecrire(tmp_path, 600, 700, profil=profil)
    sans_ine = all(not ligne["ine"] for ligne in _lire(tmp_path / "inscrits.csv"))
    assert sans_ine == profil.endswith("sans_ine")


def test_plus_de_sortants_que_d_inscrits_possibles_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="trop peu d'inscrits"):
        ecrire(tmp_path, 1000, 500)


def _part(lignes: list[dict[str, str]], champ: str, valeur: str) -> float:
    return sum(ligne[champ] == valeur for ligne in lignes) / len(lignes)
