"""The words of a message, as its reader's screen breaks them."""

import pytest

from raccord.echeances.boite import composer


@pytest.mark.parametrize(
    ("ecrit", "compose"),
    [
        ("Une question ? « Oui » : 12 h ; merci !", "Une question\xa0? «\xa0Oui\xa0»\xa0: 12 h\xa0; merci\xa0!"),
        ("https://exemple.fr/?a=1:2", "https://exemple.fr/?a=1:2"),
    ],
)
def test_la_ponctuation_reste_avec_son_mot(ecrit: str, compose: str) -> None:
    assert composer(ecrit) == compose
