"""The permission matrix: every address × every role × own, colleague's or foreign object, GET and POST.

The table is `tests/matrice.txt`: a line per address and method, one status per column. An address that is not in
it fails the suite. After a change, `python -m tests.matrice` prints the observed table: read each line before
committing it, that reading is the test.
"""

from pathlib import Path

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.distribution import Distribution
from tests.monde import COLONNES, Monde

TABLE = Path(__file__).with_name("matrice.txt")
# Addresses that a visitor may open: nothing else is public. Each is decorated `login_not_required`.
ARGUMENTS_FIXES = {"jeton", "jeton_connexion"}


def lire_table() -> dict[str, tuple[tuple[str, ...], dict[str, tuple[int, ...]]]]:
    """name → (keys of the arguments, method → statuses)."""
    table: dict[str, tuple[tuple[str, ...], dict[str, tuple[int, ...]]]] = {}
    for ligne in TABLE.read_text().splitlines():
        if not ligne.strip() or ligne.startswith("#"):
            continue
        methode, adresse, *statuts = ligne.split()
        nom, *cles = adresse.split("|")
        table.setdefault(nom, (tuple(cles), {}))[1][methode] = tuple(int(statut) for statut in statuts)
    return table


def noms_des_adresses() -> dict[str, int]:
    """Every named address of the project, with its number of arguments."""
    noms: dict[str, int] = {}

    def parcourir(resolveur: URLResolver, espace: str) -> None:
        for motif in resolveur.url_patterns:
            if isinstance(motif, URLResolver):
                parcourir(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace)
            elif isinstance(motif, URLPattern):
                assert motif.name, f"adresse sans nom : {motif.pattern}"
                noms[f"{espace}{motif.name}"] = motif.pattern.regex.groups

    parcourir(get_resolver(), "")
    return noms


TABLE_LUE = lire_table()


def test_chaque_adresse_est_dans_la_matrice() -> None:
    adresses = noms_des_adresses()
    assert set(adresses) - set(TABLE_LUE) == set(), "adresses absentes de tests/matrice.txt"
    assert set(TABLE_LUE) - set(adresses) == set(), "lignes sans adresse dans tests/matrice.txt"
    for nom, (cles, methodes) in TABLE_LUE.items():
        assert len(cles) == adresses[nom], nom
        assert set(methodes) == {"GET", "POST"}, nom
        assert all(len(statuts) == len(COLONNES) for statuts in methodes.values()), nom


@pytest.mark.parametrize("nom", sorted(TABLE_LUE))
def test_matrice(distribution: Distribution, nom: str) -> None:
    cles, methodes = TABLE_LUE[nom]
    monde = Monde(distribution)
    adresse = reverse(nom, args=[monde.argument(cle) for cle in cles])
    observe = {methode: statuts(monde, adresse, methode) for methode in methodes}
    assert observe == methodes, "\n".join(f"{methode} {observe[methode]}" for methode in methodes)


class Annuler(Exception):
    """Leaves the savepoint, so that one column's POST does not change the next column's world."""


def statuts(monde: Monde, adresse: str, methode: str) -> tuple[int, ...]:
    """One status per column."""
    resultat: list[int] = []
    for colonne in COLONNES:
        client = monde.client(colonne)
        try:
            with transaction.atomic():
                resultat.append(getattr(client, methode.lower())(adresse).status_code)
                raise Annuler
        except Annuler:
            pass
    return tuple(resultat)
