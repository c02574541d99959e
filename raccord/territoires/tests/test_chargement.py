"""The reference data: what is loaded, and that loading again is harmless."""

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.models import F
from django.db.utils import ProgrammingError

from raccord.territoires import chargement
from raccord.territoires.chargement import Compte, charger
from raccord.territoires.models import Academie, Commune, Departement, RegionAcademique, departement_de

pytestmark = pytest.mark.django_db(databases=["default", "proprietaire"])


def test_le_territoire_est_complet() -> None:
    assert RegionAcademique.objects.count() == 18
    assert Academie.objects.count() == 30
    assert Departement.objects.count() == 107  # 101, and six overseas collectivities of which three have no académie
    assert Commune.objects.en_vigueur().count() == 35_008
    assert Commune.objects.filter(genre=Commune.Genre.ARRONDISSEMENT).count() == 45


@pytest.mark.parametrize(
    ("code", "academie", "region", "zone"),
    [
        ("59350", "Lille", "Hauts-de-France", "B"),
        ("75107", "Paris", "Île-de-France", "C"),
        ("93066", "Créteil", "Île-de-France", "C"),
        ("2A004", "Corse", "Corse", "Corse"),
        ("97411", "La Réunion", "La Réunion", "Réunion"),
        ("97302", "Guyane", "Guyane", "Guyane"),
        ("97209", "Martinique", "Martinique", "Martinique"),
        ("97608", "Mayotte", "Mayotte", "Mayotte"),
        ("97502", "Normandie", "Normandie", "B"),
        ("97801", "Guadeloupe", "Guadeloupe", "Guadeloupe"),
    ],
)
def test_chaque_commune_a_son_academie(code: str, academie: str, region: str, zone: str) -> None:
    commune = Commune.objects.select_related("departement__academie__region_academique").get(pk=code)
    attendue = commune.departement.academie
    assert (attendue.nom, attendue.region_academique.nom, attendue.zone_vacances) == (academie, region, zone)


@pytest.mark.parametrize("code", ["98818", "98735", "98613"])
def test_les_territoires_du_pacifique_n_ont_pas_d_academie(code: str) -> None:
    commune = Commune.objects.select_related("departement__academie").get(pk=code)
    assert commune.en_vigueur and commune.departement.academie is None and commune.latitude is None


def test_le_code_d_une_commune_dit_son_departement() -> None:
    assert Commune.objects.count() > 35_000
    ailleurs = Commune.objects.annotate(lu=departement_de("code")).exclude(lu=F("departement_id"))
    assert list(ailleurs.order_by("code").values_list("code", "departement_id")) == []


def test_l_ordre_alphabetique_est_francais() -> None:
    noms = [region.nom for region in RegionAcademique.objects.all()]
    assert noms.index("Île-de-France") < noms.index("La Réunion") < noms.index("Provence-Alpes-Côte d'Azur")
    du_jura = Commune.objects.filter(departement="39", nom__in=["Écrille", "Entre-deux-Monts", "Équevillon"]).par_nom()
    assert [commune.nom for commune in du_jura] == ["Écrille", "Entre-deux-Monts", "Équevillon"]


def test_relancer_ne_change_rien() -> None:
    bilan = charger("proprietaire")
    assert not bilan.change
    assert bilan.communes == Compte(ajoutes=0, modifies=0, inchanges=35_008)
    assert "rien n'a changé" in str(bilan)


def test_le_bilan_dit_ce_qui_est_laisse_de_cote() -> None:
    bilan = charger("proprietaire")
    assert bilan.ecartees == {"984": 5, "989": 1}
    assert (bilan.positions_approchees, bilan.sans_position) == (5, 88)


def test_une_ligne_abimee_est_retablie() -> None:
    communes = Commune.objects.using("proprietaire")
    communes.filter(pk="59350").update(nom="Lile", population=1, latitude=None, longitude=None)
    communes.filter(nom="Y").delete()
    assert charger("proprietaire").communes == Compte(ajoutes=1, modifies=1, inchanges=35_006)
    lille = communes.get(pk="59350")
    assert (lille.nom, lille.population, lille.latitude) == ("Lille", 238_246, 50.63089)
    assert communes.get(nom="Y").codes_postaux == ["80190"]


def test_une_commune_disparue_est_gardee_mais_plus_proposee() -> None:
    communes = Commune.objects.using("proprietaire")
    ancienne = communes.get(pk="59350")
    ancienne.code = "59999"
    ancienne.save(using="proprietaire", force_insert=True)
    assert charger("proprietaire").communes.retires == 1
    assert not communes.get(pk="59999").en_vigueur
    assert not communes.en_vigueur().filter(pk="59999").exists()
    assert not charger("proprietaire").change


def test_un_fichier_illisible_ne_change_rien(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = shutil.copytree(chargement.DOSSIER, tmp_path / "donnees")
    communes = dossier / "communes.csv"
    lignes = communes.read_text(encoding="utf-8").replace(",Lille,", ",Lille-Neuve,").splitlines()
    communes.write_text("\n".join([*lignes, "59998,Trop,commune,59,32,10,59998,95.0,3.0"]), encoding="utf-8")
    monkeypatch.setattr(chargement, "DOSSIER", dossier)
    with pytest.raises(DatabaseError):
        charger("proprietaire")
    assert Commune.objects.using("proprietaire").get(pk="59350").nom == "Lille"


def test_la_position_approchee_est_celle_des_voisines() -> None:
    """Celles (Cantal), re-created in 2025, has no outline: the middle of its postcode stands for it, and says so."""
    celles = Commune.objects.get(pk="15031")
    assert celles.position_approchee
    assert celles.latitude == pytest.approx(45.1, abs=0.1)
    assert celles.longitude == pytest.approx(2.95, abs=0.1)
    assert Commune.objects.get(pk="97701").latitude is None


def test_l_application_ne_peut_que_lire() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        Commune.objects.filter(pk="59350").update(population=0)


def test_une_demi_position_est_refusee() -> None:
    with (
        pytest.raises(DatabaseError, match="commune_position"),
        connections["proprietaire"].cursor() as curseur,
    ):
        curseur.execute("UPDATE territoires_commune SET latitude = NULL WHERE code = '59350'")


def test_la_commande_dit_que_tout_est_a_jour(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("charger_territoires")
    assert "Tout était déjà à jour." in capsys.readouterr().out
    call_command("charger_territoires", verbosity=0)
    assert capsys.readouterr().out == ""
