"""Queries of each list for 1, 4 and 50 rows: the same number. The cases are those of the suite."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment

from outils.bench.mesure import Mesure
from raccord.socle.droits import en_proprietaire
from tests.distribution import Distribution
from tests.test_requetes import LISTES

LIGNES = (1, 4, 50)


def mesurer() -> Iterator[Mesure]:
    """One measure per list; each in a transaction that is undone."""
    setup_test_environment()
    try:
        for nom in LISTES:
            with en_proprietaire():  # the cases are prepared in everybody's name
                couts = _couts(nom)
            egaux = len(set(couts.values())) == 1
            yield Mesure(
                f"requêtes, {nom}", "autant pour 1, 4 et 50 lignes", egaux, {f"lignes_{n}": c for n, c in couts.items()}
            )
    finally:
        teardown_test_environment()


def _couts(nom: str) -> dict[int, int]:
    colonne, adresse, fabrique = LISTES[nom]
    couts, faites = {}, 0
    with transaction.atomic():
        distribution = Distribution()
        for lignes in LIGNES:
            for _ in range(lignes - faites):
                fabrique(distribution)
            faites = lignes
            client = Client() if colonne == "visiteur" else getattr(distribution, colonne).client()
            client.get(adresse)  # what is kept in memory is paid once
            with CaptureQueriesContext(connection) as captees:
                client.get(adresse)
            couts[lignes] = len(captees)
        transaction.set_rollback(True)
    return couts
