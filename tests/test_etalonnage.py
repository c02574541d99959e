"""A model fitted to lists that nobody has labelled."""

from pathlib import Path

from raccord.comparateur import entrainement
from raccord.comparateur.moteur import modele_retenu
from tests.listes_fictives import base_etalonnee


def test_l_etalonnage_va_jusqu_a_ce_qu_il_ait_appris(tmp_path: Path) -> None:
    """On bad lists four turns are not enough: one more would move what was learnt."""
    base = base_etalonnee(tmp_path, 6000, 6000, profil="dur")
    appris = modele_retenu(base)
    assert appris.etalonne
    assert entrainement.ecart(appris, entrainement.un_tour(base, appris)) < entrainement.STABLE
