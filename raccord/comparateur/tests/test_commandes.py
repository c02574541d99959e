"""What each command does, as an operator sees it."""

import csv
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from raccord.comparateur.graphiques import MOTS
from raccord.comparateur.ligne_de_commande import main
from raccord.comparateur.modele import charger, en_texte
from raccord.comparateur.niveaux import modele_de_depart
from raccord.comparateur.notation import cote_de_depart
from raccord.comparateur.pages import Colonne, html, tableau
from raccord.comparateur.pourquoi import pourquoi
from raccord.comparateur.suivi import Progression
from raccord.comparateur.tests.lignes import JOUR, Essai, ecrire, identifiants, inscrit, personne, sortant


@pytest.fixture
def essai(tmp_path: Path) -> Essai:
    return Essai(tmp_path)


def test_sans_django_ni_splink() -> None:
    """`raccord comparer` loads nothing of Django: it runs where there is no database. Nor Splink, which is slow."""
    programme = (
        "import sys; sys.argv = ['raccord', 'comparer', '--aide']\n"
        "from raccord.config.cli import main\n"
        "try: main()\n"
        "finally: sys.stderr.write(str(sorted(m for m in sys.modules if m.split('.')[0] in ('django', 'splink'))))"
    )
    fait = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True, timeout=60)
    assert fait.returncode == 0
    assert fait.stderr == "[]"
    assert fait.stdout.startswith("usage : raccord comparer")


def test_plusieurs_fichiers_de_chaque_cote(essai: Essai) -> None:
    suite = ecrire(essai.dossier / "b.csv", [sortant(rang) for rang in range(40, 45)], separateur=",")
    reste = essai.dossier / "c.parquet"
    ecrire(essai.dossier / "c.csv", [inscrit(rang) for rang in range(38, 43)])
    duckdb.sql(f"FROM read_csv('{essai.dossier / 'c.csv'}', all_varchar = true)").write_parquet(str(reste))
    arguments = ["--sortants", essai.sortants, suite, "--inscrits", essai.inscrits, reste]
    assert main([*map(str, arguments), "--date", JOUR, "--sortie", str(essai.sortie)]) == 0
    assert essai.decrocheurs() == identifiants([*range(30, 38), 43, 44])


def test_les_quatre_criteres(essai: Essai) -> None:
    lignes = [
        sortant(30),
        sortant(31, date_naissance="2010-10-31"),  # 16 years old that day
        sortant(32, date_naissance="2010-11-01"),
        sortant(33, jours_scolarises="15"),
        sortant(34, jours_scolarises="14"),
        sortant(35, diplome="true"),
        sortant(36, diplome=""),
        sortant(3),
    ]
    ecrire(essai.sortants, lignes)
    assert essai.comparer("--tolerance", "1") == 0
    assert essai.decrocheurs() == identifiants([30, 31, 33, 36])
    [premiere, *_] = essai.lire("decrocheurs.csv")
    assert premiere == {
        "identifiant_sortant": "S00030",
        "age_16": "true",
        "quinze_jours": "true",
        "sans_diplome": "true",
        "non_inscrit": "true",
        "a_verifier": "non",
    }


def _decider(essai: Essai, *lignes: tuple[str, str, str]) -> Path:
    chemin = essai.dossier / "decisions.csv"
    flux = io.StringIO()
    csv.writer(flux, delimiter=";").writerows([("identifiant_sortant", "identifiant_inscrit", "decision"), *lignes])
    chemin.write_text(flux.getvalue())
    return chemin


def test_une_decision_humaine_est_suivie(essai: Essai) -> None:
    ecrire(essai.inscrits, [inscrit(rang) for rang in [*range(30), 50]])
    decisions = _decider(essai, ("S00003", "I00003", "autre_personne"), ("S00035", "I00050", "meme_personne"))
    assert essai.comparer("--decisions", decisions) == 0
    assert essai.decrocheurs() == identifiants([3, *range(30, 35), *range(36, 40)])
    assert json.loads((essai.sortie / "rapport.json").read_text())["comptes"]["decisions"] == 2


def test_des_decisions_contraires_ou_illisibles_ne_sont_pas_suivies(essai: Essai) -> None:
    decisions = _decider(
        essai,
        ("S00003", "I00003", "autre_personne"),
        ("S00003", "I00003", "meme_personne"),
        ("S00004", "I00004", "peut-être"),
        ("S00005", "", "autre_personne"),
    )
    assert essai.comparer("--decisions", decisions, "--tolerance", "1") == 0
    assert essai.decrocheurs() == identifiants(range(30, 40))
    assert [(ligne, raison[:9]) for ligne, _, raison, _ in essai.rejets()] == [
        ("2", "deux déci"),
        ("3", "deux déci"),
        ("4", "décision "),
        ("5", "décision "),
    ]


def test_un_fichier_de_plus_ne_compare_que_ce_qui_change(essai: Essai) -> None:
    """The same tables as a run that knows nothing, and only the pairs of the new file compared, in both searches."""
    ecrire(essai.sortants, [sortant(rang) for rang in range(300)])
    deux_fautes = inscrit(250, ine="", nom="Marvinf", prenom="Leila", adresse="")
    ecrire(essai.inscrits, [*(inscrit(rang) for rang in range(200)), deux_fautes])
    de_plus = ecrire(essai.dossier / "de_plus.csv", [inscrit(rang) for rang in range(200, 230)])
    assert essai.comparer() == 0
    listes = ["--sortants", essai.sortants, "--inscrits", essai.inscrits, de_plus, "--date", JOUR, "--sortie"]
    assert main([*map(str, listes), str(essai.sortie)]) == 0
    assert main([*map(str, listes), str(essai.dossier / "temoin")]) == 0
    comptes, temoins = (
        json.loads((dossier / "rapport.json").read_text())["comptes"]
        for dossier in (essai.sortie, essai.dossier / "temoin")
    )
    with duckdb.connect(essai.sortie / "base.duckdb", read_only=True) as base:
        [(neuves, seconde_recherche)] = base.execute(
            "SELECT count(*) FILTER (fichier = 1), count(*) FILTER (identifiant = 'I00250') "
            "FROM paires p JOIN inscrits i ON i.rowid = p.i"
        ).fetchall()
    assert comptes["paires_comparees"] - comptes["paires_reprises"] == neuves >= 30
    assert seconde_recherche == 1
    assert comptes == temoins | {"paires_reprises": comptes["paires_reprises"]}
    for nom in ("rapprochements.csv", "decrocheurs.csv", "a_verifier.csv"):
        assert (essai.sortie / nom).read_text() == (essai.dossier / "temoin" / nom).read_text()


def test_une_ligne_corrigee_n_est_pas_reprise(essai: Essai) -> None:
    """What a corrected row said before is forgotten."""
    ecrire(essai.inscrits, [inscrit(rang) for rang in range(40)])
    assert essai.comparer() == 0
    assert essai.decrocheurs() == set()
    autre = personne(77) | {"identifiant": "I00035"}
    ecrire(essai.inscrits, [autre if rang == 35 else inscrit(rang) for rang in range(40)])
    assert essai.comparer() == 0
    assert essai.decrocheurs() == {"S00035"}


def test_un_champ_corrige_est_compare_de_nouveau(essai: Essai) -> None:
    """The pair is known, but one of its rows no longer says what it said."""
    assert essai.comparer() == 0
    ecrire(essai.inscrits, [inscrit(rang, **({"code_postal": "97400"} if rang == 7 else {})) for rang in range(30)])
    assert essai.comparer() == 0
    suite, essai.sortie = essai.lire("rapprochements.csv"), essai.dossier / "temoin"
    assert essai.comparer() == 0
    assert suite == essai.lire("rapprochements.csv")


@pytest.mark.horloge_reelle
def test_la_memoire_permise_n_est_pas_depassee(essai: Essai) -> None:
    """In a process of its own: as free as it likes, the same comparison takes more than what is allowed."""
    permise = 320 << 20
    ecrire(essai.sortants, [sortant(rang) for rang in range(120_000)])
    ecrire(essai.inscrits, [inscrit(rang) for rang in range(90_000)])
    commande = [sys.executable, "-m", "raccord", "comparer", "--sortants", essai.sortants, "--inscrits", essai.inscrits]
    commande += ["--date", JOUR, "--sortie", essai.sortie, "--memoire", "320MB"]
    assert subprocess.run(list(map(str, commande)), capture_output=True, timeout=300).returncode == 0
    prise = json.loads((essai.sortie / "rapport.json").read_text())["memoire_prise"]
    assert 0 < prise <= permise


def test_le_rapport_ne_designe_personne(essai: Essai) -> None:
    assert essai.comparer() == 0
    for nom in ("rapport.html", "rapport.json"):
        contenu = (essai.sortie / nom).read_text()
        for ligne in (sortant(35), inscrit(3)):
            for champ in ("identifiant", "nom", "adresse", "ine", "date_naissance"):
                assert not ligne[champ] or ligne[champ] not in contenu
    page = (essai.sortie / "rapport.html").read_text()
    assert "http" not in page
    assert "<script" not in page
    assert "10" in page


def test_le_rapport_echappe_ce_qui_vient_des_fichiers(essai: Essai) -> None:
    ecrire(essai.sortants, [sortant(rang, source="<script>alert(1)</script>") for rang in range(40)])
    assert essai.comparer() == 0
    page = (essai.sortie / "rapport.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert str(tableau("<b>", [Colonne("<i>")], [["&"]])).count("&lt;") == 2
    assert html("'\"<") == "&#x27;&quot;&lt;"


def test_le_rapport_ne_compte_pas_un_petit_groupe(essai: Essai) -> None:
    ecrire(essai.sortants, [sortant(rang, source="SEULE" if rang == 35 else "EN") for rang in range(40)])
    assert essai.comparer() == 0
    rapport = json.loads((essai.sortie / "rapport.json").read_text())
    [sources] = [g["barres"] for g in rapport["graphiques"] if g["titre"] == "Sortants, par source"]
    assert {barre["libelle"]: barre["nombre"] for barre in sources} == {"EN": 39, "SEULE": None}


def test_doublons(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    deux = [inscrit(rang) | {"identifiant": f"J{rang:05}", "adresse": "ailleurs"} for rang in (3, 4)]
    autre = ecrire(essai.dossier / "autre.csv", deux)
    assert main(["doublons", str(essai.inscrits), str(autre), "--sortie", str(essai.sortie)]) == 0
    lignes = essai.lire("doublons.csv")
    paires = {(ligne["identifiant"], ligne["identifiant_autre"], ligne["decision"]) for ligne in lignes}
    assert paires == {(f"I{rang:05}", f"J{rang:05}", "meme_personne") for rang in (3, 4)}
    assert "32 lignes : 2 doublons, 0 paires à vérifier" in capsys.readouterr().out


def _verite(essai: Essai, lignes: list[dict[str, str]]) -> str:
    return str(ecrire(essai.dossier / "verite.csv", lignes))


def test_evaluer(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 40 leavers 30 are found; the truth says that one of these is not, and that one of the list is enrolled."""
    assert essai.comparer() == 0
    inscrits = {rang: f"I{rang:05}" for rang in range(30)} | {29: "", 35: "I00035"}
    lignes = [
        {"identifiant_sortant": f"S{rang:05}", "identifiant_inscrit": inscrits.get(rang, ""), "sexe": "MF"[rang % 2]}
        for rang in range(40)
    ]
    capsys.readouterr()
    assert main(["evaluer", str(essai.sortie), "--verite", _verite(essai, lignes)]) == 0
    mesure = json.loads((essai.sortie / "evaluation.json").read_text())
    assert mesure["liens"] == {
        "justes": 29,
        "a_tort": 1,
        "oublies": 1,
        "precision": 0.966667,
        "rappel": 0.966667,
        "f1": 0.966667,
    }
    assert (mesure["liste"]["justes"], mesure["liste"]["a_tort"], mesure["liste"]["oublies"]) == (9, 1, 1)
    assert [(g["groupe"], g["valeur"], g["sortants"]) for g in mesure["groupes"]] == [
        ("sexe", "F", 20),
        ("sexe", "M", 20),
    ]
    assert mesure["groupes"][0]["liste"]["oublies"] == 1
    assert "Liste telle quelle" in capsys.readouterr().out


def test_evaluer_une_fois_les_paires_jugees(essai: Essai) -> None:
    """A pair to review that is one person takes the leaver off the list; one that is not puts them on it."""
    assert essai.comparer() == 0
    with duckdb.connect(essai.sortie / "base.duckdb") as base:
        base.execute("INSERT INTO a_verifier VALUES ('S00035', 'I00004', 0.4, 0.4), ('S00003', 'I00003', 0.6, 0.4)")
    inscrits = {rang: f"I{rang:05}" for rang in range(30)} | {35: "I00004", 3: ""}
    lignes = [
        {"identifiant_sortant": f"S{rang:05}", "identifiant_inscrit": inscrits.get(rang, "")} for rang in range(40)
    ]
    assert main(["evaluer", str(essai.sortie), "--verite", _verite(essai, lignes)]) == 0
    mesure = json.loads((essai.sortie / "evaluation.json").read_text())
    assert (mesure["liste"]["a_tort"], mesure["liste"]["oublies"]) == (1, 1)
    assert (mesure["liste_apres_revue"]["a_tort"], mesure["liste_apres_revue"]["oublies"]) == (0, 0)


def test_expliquer_un_rapprochement(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    """What is said line by line sums to the weight of the link, and the page says the same."""
    assert essai.comparer() == 0
    [lien] = [ligne for ligne in essai.lire("rapprochements.csv") if ligne["identifiant_sortant"] == "S00003"]
    capsys.readouterr()
    assert main(["expliquer", str(essai.sortie), "S00003"]) == 0
    dit = capsys.readouterr().out
    assert "Sortant S00003, inscrit I00003" in dit
    assert "Même personne" in dit
    assert f"Date de naissance : même date ({sortant(3)['date_naissance']} / {inscrit(3)['date_naissance']})" in dit
    explication = pourquoi(essai.sortie, "S00003")
    assert explication.poids == pytest.approx(float(lien["poids"]) + float(lien["poids_rivaux"]), abs=1e-4)
    assert explication.probabilite == pytest.approx(float(lien["probabilite"]), abs=1e-5)
    page = (essai.sortie / "explications" / "S00003--I00003.html").read_text()
    assert "Champ par champ" in page
    assert "<script" not in page


def test_expliquer_un_absent_une_decision_et_un_inconnu(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    assert essai.comparer("--decisions", _decider(essai, ("S00003", "I00003", "autre_personne"))) == 0
    for arguments, phrase in [
        (["S00035"], "Aucune inscription ne ressemble assez"),
        (["S00035", "I00001"], "Deux personnes : rien de suffisant"),
        (["S00003", "I00003"], "Une personne a décidé : deux personnes."),
    ]:
        assert main(["expliquer", str(essai.sortie), *arguments]) == 0
        assert phrase in capsys.readouterr().out
    for arguments, phrase in [
        (["X"], "Aucun sortant n'a l'identifiant X."),
        (["S00003", "X"], "Aucun inscrit n'a l'identifiant X."),
    ]:
        assert main(["expliquer", str(essai.sortie), *arguments]) == 2
        assert phrase in capsys.readouterr().err


def test_une_explication_echappe_ce_qui_vient_des_fichiers(essai: Essai) -> None:
    identifiant = "../<b>S & fils"
    ecrire(essai.sortants, [sortant(3, identifiant=identifiant)])
    assert essai.comparer() == 0
    assert main(["expliquer", str(essai.sortie), identifiant]) == 0
    [page] = (essai.sortie / "explications").iterdir()
    assert "<b>" not in page.read_text()
    assert "&lt;b&gt;S &amp; fils" in page.read_text()


@pytest.mark.parametrize("commande", [["evaluer", "{ici}", "--verite", "v.csv"], ["expliquer", "{ici}", "S00001"]])
def test_un_dossier_qui_n_est_pas_un_resultat(
    essai: Essai, commande: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([mot.format(ici=essai.dossier) for mot in commande]) == 2
    assert "n'est pas un résultat de « raccord comparer »" in capsys.readouterr().err


def test_entrainer_puis_comparer(essai: Essai) -> None:
    modele = essai.dossier / "modele.json"
    listes = ["--sortants", str(essai.sortants), "--inscrits", str(essai.inscrits), "--date", JOUR]
    assert main(["entrainer", *listes, "--sortie", str(modele)]) == 0
    carte = json.loads(modele.read_text())["carte"]["donnees"]
    assert (carte["sortants"], carte["inscrits"]) == (40, 30)
    assert sorted(chemin.name for chemin in essai.dossier.iterdir()) == ["inscrits.csv", "modele.json", "sortants.csv"]
    assert essai.comparer("--modele", modele) == 0
    assert essai.decrocheurs() == identifiants(range(30, 40))


class Adresses(HTMLParser):
    """What a browser would fetch to show a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lues: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        self.lues += [valeur for nom, valeur in attributs if nom in {"src", "href", "data", "srcset"}]


def _dessin(page: str) -> dict[str, Any]:
    [spec] = re.findall(r"^vegaEmbed\(document\.getElementById\('[^']+'\), (.*), \{\}\)\.catch", page, re.MULTILINE)
    return json.loads(spec)


def _titres(objet: Any) -> set[str]:
    """What is written on the charts, but for the names of the levels."""
    if isinstance(objet, list):
        return set().union(*map(_titres, objet))
    if not isinstance(objet, dict):
        return set()
    ecrits = {objet[nom] for nom in ("title", "text", "subtitle") if isinstance(objet.get(nom), str)}
    return ecrits.union(*(_titres(valeur) for valeur in objet.values()))


def test_les_graphiques_du_modele(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    """Splink's two charts show the model that was learnt, in French, and the page fetches nothing."""
    depart, appris, page = (essai.dossier / nom for nom in ("depart.json", "modele.json", "ici/vu.html"))
    autre = modele_de_depart()
    depart.write_text(en_texte(autre).replace('"m": 0.945', '"m": 0.9', 1))
    listes = ["--sortants", str(essai.sortants), "--inscrits", str(essai.inscrits), "--date", JOUR]
    ou = ["--modele", str(depart), "--sortie", str(appris), "--graphiques", str(page)]
    assert main(["entrainer", *listes, *ou]) == 0
    assert f"Graphiques écrits dans {page}." in capsys.readouterr().out
    contenu = page.read_text()
    assert Adresses(contenu).lues == []
    assert "@import" not in contenu
    assert "cdn." not in contenu
    dessin = _dessin(contenu)
    assert _titres(dessin) <= {*MOTS.values(), ""}
    modele = charger(appris)
    assert modele.comparaisons != autre.comparaisons
    attendus = {
        (comparaison.libelle, place): (niveau.m, niveau.u)
        for comparaison in modele.comparaisons
        for place, niveau in enumerate(reversed(comparaison.niveaux))
    }
    poids, m_et_u = (graphique["data"]["values"] for graphique in dessin["vconcat"])
    depart_dessine, *poids = poids
    assert depart_dessine["bayes_factor"] == pytest.approx(cote_de_depart(modele))
    for niveaux in (poids, m_et_u):
        vus = {
            (niveau["comparison_name"], niveau["comparison_vector_value"]): (
                niveau["m_probability"],
                niveau["u_probability"],
            )
            for niveau in niveaux
        }
        assert vus == attendus
        assert {"même INE", "même commune de naissance (presque unique)"} <= {n["label_for_charts"] for n in niveaux}
    assert [chemin.name for chemin in page.parent.iterdir()] == ["vu.html"]


def test_les_graphiques_du_modele_d_un_resultat(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    assert essai.comparer() == 0
    assert main(["graphiques", str(essai.sortie / "modele.json")]) == 0
    assert "jour et mois échangés" in (essai.sortie / "modele.html").read_text()
    for arguments, phrase in [
        ([str(essai.sortants)], "n'est pas un modèle du comparateur"),
        ([str(essai.sortie / "modele.json"), "--sortie", str(essai.sortants)], "un nom de page, comme modele.html"),
    ]:
        assert main(["graphiques", *arguments]) == 2
        assert phrase in capsys.readouterr().err


class Ecran(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_la_barre_dit_ou_l_on_en_est() -> None:
    with Progression({"a": "Première", "b": "Seconde"}, Ecran()) as progression:
        progression.lignes = 1000
        assert "0%" in progression.ligne(1)
        progression.phase("b")
        progression.avance(1, 2)
        ligne = progression.ligne(30)
        assert ligne.startswith("Seconde  ")
        assert ligne.endswith(f"{'█' * 18}{'░' * 6}   75%  25 lignes/s  reste 11 s")
        progression.phase("a")
        assert "75%" in progression.ligne(31)  # it never goes back


def test_rien_ne_s_ecrit_hors_d_un_terminal() -> None:
    flux = io.StringIO()
    with Progression({"a": "Première"}, flux) as progression:
        progression.phase("a")
    assert flux.getvalue() == ""
