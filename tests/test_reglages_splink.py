"""The model given to Splink as its settings finds the levels that our own SQL finds, and the same weights."""

import duckdb
import pytest
from splink import DuckDBAPI, Linker

from raccord.comparateur.moteur import modele_retenu
from raccord.comparateur.reglages_splink import parametres, place
from tests.listes_fictives import base_etalonnee

pytestmark = pytest.mark.horloge_reelle


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return base_etalonnee(tmp_path_factory.mktemp("listes"), 2000, 2200, profil="fort")


def test_splink_trouve_les_memes_niveaux_et_les_memes_poids(base: duckdb.DuckDBPyConnection) -> None:
    modele = modele_retenu(base)
    moteur = DuckDBAPI(connection=base)
    tables = []
    for nom, liste in (("1_sortants", "sortants"), ("2_inscrits", "inscrits")):
        base.execute(f"CREATE TABLE {liste}_splink AS FROM {liste}_normalises")
        tables.append(moteur.register(f"{liste}_splink", dataset_display_name=nom))
    base.execute("""
        CREATE TABLE bloc AS SELECT '0' AS match_key, '1_sortants-__-' || s AS join_key_l,
                                    '2_inscrits-__-' || i AS join_key_r FROM paires
    """)
    lieur = Linker(tables, parametres(modele, "duckdb", blocage=False), log_level=None, validate_settings=False)
    lieur.table_management.register_blocked_pairs_for_predict(
        moteur.register("bloc", dataset_display_name="paires_bloc")
    )
    notees = lieur.inference.predict(warning_mode="never").physical_name
    niveaux = ", ".join(place(c) for c in modele.comparaisons)
    base.execute(f"CREATE TABLE par_splink AS SELECT rang_l AS s, rang_r AS i, {niveaux} FROM {notees} p")

    (nombre,) = base.execute("SELECT count(*) FROM paires").fetchall()[0]
    champs = ", ".join(f"niveau_{c.champ}" for c in modele.comparaisons)
    ecarts = f"(SELECT s, i, {champs} FROM paires) EXCEPT (SELECT s, i, {champs} FROM par_splink)"
    assert nombre > 1500
    assert base.execute(ecarts).fetchall() == []
    lourds = base.execute(f"""
        SELECT max(abs(p.match_weight - (w.poids - w.poids_foyer))) FROM {notees} p
        JOIN paires n ON n.s = p.rang_l AND n.i = p.rang_r JOIN poids_motifs w USING (motif)
    """).fetchall()
    assert lourds[0][0] == pytest.approx(0, abs=0.01)
