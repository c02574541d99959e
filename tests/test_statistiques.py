"""The third role: counts and nothing else, small groups hidden (decision 0019)."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

from raccord.comptes.intrusions import Bilan, _eprouver_statistiques
from raccord.socle import statistiques
from raccord.socle.models import Parametre
from tests.distribution import Distribution

ROLE = "raccord_statistiques"
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])


@pytest.fixture(autouse=True)
def _fermer() -> Iterator[None]:
    yield
    connections.close_all()


def lues(nom: str) -> list[dict[str, str]]:
    with statistiques.connexion() as ouverte:
        return list(csv.DictReader(io.StringIO(statistiques.en_csv(ouverte, nom).decode("utf-8-sig")), delimiter=";"))


def vue_d_essai(nombres: dict[str, int]) -> dict[str, tuple[str, str]]:
    """A view of these counts, made as the product's are: what each group shows."""
    valeurs = ", ".join(f"('{groupe}', {nombre}::bigint)" for groupe, nombre in nombres.items())
    vue = statistiques.Vue(
        nom="essai",
        groupes=("groupe",),
        mesures=("moyenne",),
        requete=f"SELECT groupe, nombre, 7 AS moyenne FROM (VALUES {valeurs}) AS v(groupe, nombre)",  # type: ignore[arg-type]
    )
    try:
        statistiques.appliquer(connections["proprietaire"], ROLE)
        return {ligne["groupe"]: (ligne["nombre"], ligne["moyenne"]) for ligne in lues(vue.nom)}
    finally:
        del statistiques.VUES["essai"]
        statistiques.appliquer(connections["proprietaire"], ROLE)


def test_un_petit_groupe_ne_se_lit_ni_ne_se_deduit() -> None:
    assert vue_d_essai({"A": 12, "B": 5}) == {"A": ("12", "7"), "B": ("5", "7")}
    # Alone, the small one is the total less the rest: the next smallest goes with it.
    assert vue_d_essai({"A": 12, "B": 5, "C": 4}) == {"A": ("12", "7"), "B": ("", ""), "C": ("", "")}
    assert vue_d_essai({"A": 12, "B": 5, "C": 4, "D": 1}) == {
        "A": ("12", "7"), "B": ("5", "7"), "C": ("", ""), "D": ("", ""),
    }  # fmt: skip
    assert vue_d_essai({"A": 3}) == {"A": ("", "")}


def test_le_seuil_est_une_regle_et_sans_elle_rien_ne_se_montre() -> None:
    Parametre.objects.filter(cle="secret_statistique").update(valeur=11)
    try:
        assert vue_d_essai({"A": 12, "B": 10, "C": 10}) == {"A": ("12", "7"), "B": ("", ""), "C": ("", "")}
        Parametre.objects.filter(cle="secret_statistique").update(cle="autre")
        assert vue_d_essai({"A": 12}) == {"A": ("", "")}
    finally:
        Parametre.objects.filter(cle__in=["autre", "secret_statistique"]).update(cle="secret_statistique", valeur=5)


def test_la_commande_ecrit_les_chiffres(tmp_path: Path) -> None:
    distribution = Distribution()
    for _ in range(6):
        distribution.offre_publiee()
    sortie = io.StringIO()
    call_command("chiffres", sortie=tmp_path / "chiffres", stdout=sortie)
    assert {fichier.stem for fichier in (tmp_path / "chiffres").iterdir()} == set(statistiques.VUES)
    ecrit = (tmp_path / "chiffres" / "offres_par_departement_et_etat.csv").read_text("utf-8-sig")
    assert ecrit.splitlines()[:2] == ["departement;etat;nombre;masque", "Nord;publiee;6;non"]


def test_le_role_ne_lit_aucune_table() -> None:
    bilan = Bilan()
    _eprouver_statistiques(bilan)
    assert bilan.failles == [] and bilan.essais > 100
    with statistiques.connexion() as ouverte:
        for interdit in ("SET ROLE raccord_application", "CREATE TABLE statistiques.x (i int)"):
            with pytest.raises(psycopg.Error):
                ouverte.execute(interdit)
        ligne = ouverte.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert ligne == (False,)


def test_une_table_ouverte_est_une_faille() -> None:
    with connections["proprietaire"].cursor() as curseur:
        curseur.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}; GRANT SELECT ON comptes_organisation TO {ROLE}")
    Distribution()
    try:
        bilan = Bilan()
        _eprouver_statistiques(bilan)
        assert len(bilan.failles) == 1 and "SELECT comptes_organisation" in bilan.failles[0]
    finally:
        statistiques.appliquer(connections["proprietaire"], ROLE)


def test_ni_l_application_ni_personne_d_autre_ne_lit_les_vues(db: Any) -> None:
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as curseur:
        curseur.execute("SELECT * FROM statistiques.parcours_par_academie")
