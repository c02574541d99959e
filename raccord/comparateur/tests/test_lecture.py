"""Whatever the shape of the files, the tables are the same."""

import datetime as dt
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raccord.comparateur.colonnes import INSCRITS, SORTANTS, Cote
from raccord.comparateur.fichiers import examiner
from raccord.comparateur.lecture import lire_cote
from raccord.comparateur.rejets import preparer_rejets
from raccord.comparateur.tests.lignes import COLONNES_SORTANTS, ecrire, inscrit, sortant, texte

JOUR = dt.date(2026, 10, 31)
Table = list[tuple[object, ...]]
SIGNES = st.characters(codec="cp1252", exclude_categories=["C", "Z"], exclude_characters='"') | st.sampled_from(" ;,'-")
TEXTES = st.text(SIGNES, max_size=12)


def lire(cote: Cote, *chemins: Path) -> tuple[Table, Table]:
    """The table of one side, and the rejects, in no order."""
    reglages = {"preserve_insertion_order": False}  # as a run connects
    with tempfile.TemporaryDirectory() as travail, duckdb.connect(config=reglages) as base:
        preparer_rejets(base)
        lire_cote(base, cote, [examiner(str(chemin)) for chemin in chemins], jour=JOUR, travail=Path(travail))
        table = base.execute(f"SELECT {', '.join(cote.colonnes)} FROM {cote.table} ORDER BY ALL").fetchall()
        return table, base.execute("SELECT ligne, colonne, raison, effet FROM rejets ORDER BY ALL").fetchall()


@st.composite
def listes(draw: st.DrawFn) -> list[dict[str, str]]:
    nombre = draw(st.integers(1, 6))
    champs = ("nom", "nom_usage", "prenom", "adresse", "commune")
    return [sortant(rang, **{champ: draw(TEXTES) for champ in champs}) for rang in range(nombre)]


@settings(deadline=None, max_examples=30)
@given(
    lignes=listes(),
    colonnes=st.permutations([*COLONNES_SORTANTS, "telephone"]),
    separateur=st.sampled_from(";,"),
    encodage=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    fin=st.sampled_from(["\n", "\r\n", "\r"]),
    derniere=st.booleans(),
)
def test_la_forme_du_fichier_ne_change_rien(
    lignes: list[dict[str, str]], colonnes: list[str], separateur: str, encodage: str, fin: str, derniere: bool
) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        temoin = ecrire(Path(dossier) / "temoin.csv", lignes)
        autre = Path(dossier) / "autre.csv"
        contenu = texte([{**ligne, "telephone": "06"} for ligne in lignes], colonnes, separateur=separateur)
        contenu = contenu if derniere else contenu.removesuffix("\n")
        autre.write_bytes(contenu.replace("\n", fin).encode(encodage))
        assert lire(SORTANTS, autre) == lire(SORTANTS, temoin)


@settings(deadline=None, max_examples=15)
@given(lignes=listes(), coupe=st.integers(0, 6), ordre=st.randoms())
def test_l_ordre_et_la_coupe_en_fichiers_ne_changent_rien(
    lignes: list[dict[str, str]], coupe: int, ordre: "st.random_module"
) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        temoin, _ = lire(SORTANTS, ecrire(Path(dossier) / "temoin.csv", lignes))
        melees = list(lignes)
        ordre.shuffle(melees)
        parts = [part for part in (melees[:coupe], melees[coupe:]) if part]
        chemins = [ecrire(Path(dossier) / f"{rang}.csv", part) for rang, part in enumerate(parts)]
        assert lire(SORTANTS, *chemins)[0] == temoin


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_n_importe_quels_octets_se_lisent_ou_se_refusent(octets: bytes) -> None:
    """After a good header, any bytes: what is there is read, or put aside, and the good line is never lost."""
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "liste.csv"
        bon = texte([inscrit(1)]).encode()
        chemin.write_bytes(bon + octets)
        table, _ = lire(INSCRITS, chemin)
        assert any(ligne[0] == "I00001" for ligne in table)


def test_parquet_et_csv_disent_la_meme_chose(tmp_path: Path) -> None:
    csv = ecrire(tmp_path / "a.csv", [sortant(rang) for rang in range(50)])
    parquet = tmp_path / "a.parquet"
    duckdb.sql(
        f"SELECT * REPLACE (CAST(date_naissance AS DATE) AS date_naissance, CAST(jours_scolarises AS DOUBLE) AS "
        f"jours_scolarises, CAST(diplome AS BOOLEAN) AS diplome, CAST(date_fin AS TIMESTAMP) AS date_fin, "
        f"nullif(ine, '') AS ine) FROM read_csv('{csv}', all_varchar = true)"
    ).write_parquet(str(parquet))
    assert lire(SORTANTS, parquet) == lire(SORTANTS, csv)


def test_deux_exports_bout_a_bout_un_par_encodage(tmp_path: Path) -> None:
    entete, *lignes = texte([inscrit(rang, nom="Bérénice") for rang in range(4)]).splitlines(keepends=True)
    chemin = tmp_path / "a.csv"
    chemin.write_bytes((entete + lignes[0] + lignes[1]).encode() + (lignes[2] + lignes[3]).encode("cp1252"))
    table, rejets = lire(INSCRITS, chemin)
    assert {ligne[3] for ligne in table} == {"Bérénice"}
    assert rejets == []


@pytest.mark.parametrize("encodage", ["utf-8", "cp1252"])
def test_les_numeros_de_ligne_d_un_grand_fichier(tmp_path: Path, encodage: str) -> None:
    """Read by several threads, in order: a reject says the line where it is."""
    nombre = 300_000
    fausses = {7, 150_000, 150_001, 299_999}
    entete, modele = texte([inscrit(1)]).splitlines()
    chemin = tmp_path / "a.csv"
    with chemin.open("w", encoding=encodage) as fichier:
        fichier.write(f"{entete}\n")
        for rang in range(2, nombre + 2):
            ligne = modele.replace("I00001", f"I{rang:07}")
            fichier.write((ligne.replace(";F;", ";?;") if rang in fausses else ligne) + "\n")
    table, rejets = lire(INSCRITS, chemin)
    assert len(table) == nombre
    assert [ligne for ligne, *_ in rejets] == sorted(fausses)
