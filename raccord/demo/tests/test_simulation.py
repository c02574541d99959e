"""The simulated year runs the real actions under the real policies; the same seed gives the same figures."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from conftest import INSTANT
from raccord.comptes import joignabilite
from raccord.demo.simulation.annee import Annee
from raccord.demo.simulation.bilan import Bilan, centile, par_personne_et_semaine
from raccord.demo.simulation.deroule import DEBUT
from raccord.demo.simulation.modele import MODELE_HABITUEL, Modele, ModeleRefuse, lire
from raccord.demo.simulation.monde import peupler
from raccord.echeances import adresses, retours
from tests import coulisses

GRAINE = 3


def petit(**entreprise: Any) -> Modele:
    """Two tutors, few offers, impatient."""
    modele = lire()
    return replace(
        modele,
        territoire=replace(modele.territoire, tuteurs=2, offres=6, jeunes=8),
        entreprise=replace(modele.entreprise, **entreprise),
        tuteur=replace(modele.tuteur, renonce_apres=8),
    )


def simuler(modele: Modele, *, graine: int = GRAINE, echelle: bool = True) -> Bilan:
    """Two weeks of proposals in the test's own base; nothing stays of them."""
    with transaction.atomic():
        monde = peupler(modele.territoire, random.Random(graine), DEBUT)
        with coulisses.fermees():
            bilan = Annee(modele, monde, graine, DEBUT, 2, echelle).derouler()
        transaction.set_rollback(True)
    return bilan


@pytest.fixture
def reelle(django_db_blocker: Any) -> Iterator[None]:
    """The simulation moves the clock by itself."""
    with time_machine.travel(INSTANT, tick=False):
        yield


@pytest.mark.django_db
def test_la_meme_graine_donne_les_memes_chiffres(reelle: None) -> None:
    premiere = simuler(petit())
    assert premiere.propositions > 3
    assert premiere.rencontres + premiere.refus + premiere.renoncements_du_jeune + premiere.abandons == (
        premiere.propositions
    )
    assert premiere.sans_fin == premiere.attentes_sans_proprietaire == 0
    assert simuler(petit()) == premiere
    assert simuler(petit(), graine=GRAINE + 1) != premiere


@pytest.mark.django_db
def test_des_entreprises_qui_repondent_toutes(reelle: None) -> None:
    bilan = simuler(
        petit(
            contact_parti=0,
            adresse_morte=0,
            repond_au_premier_message=1,
            n_est_pas_la_bonne_personne=0,
            refuse=0,
            prefere_d_autres_creneaux=0,
            delais_de_reponse=[1],
        )
    )
    assert bilan.rencontres == bilan.propositions
    assert bilan.jours_mediane is not None
    assert bilan.jours_mediane <= 7
    assert bilan.part_sans_rencontre == 0


@pytest.mark.django_db
def test_des_entreprises_qui_se_taisent_toutes(reelle: None) -> None:
    muettes = petit(
        repond_au_premier_message=0, repond_a_un_rappel=0, repond_au_tuteur=0, repond_a_l_acheteur=0, contact_parti=0
    )
    sans, avec = simuler(muettes, echelle=False), simuler(muettes)
    for bilan in (sans, avec):
        assert bilan.rencontres == 0
        assert bilan.part_sans_rencontre == 1
        assert bilan.jours_mediane is None
        assert bilan.sans_fin == bilan.attentes_sans_proprietaire == 0
    assert avec.messages > sans.messages


@pytest.mark.django_db
@pytest.mark.parametrize("echelle", [False, True])
def test_des_adresses_mortes_reviennent_par_le_vrai_code(
    reelle: None, monkeypatch: pytest.MonkeyPatch, echelle: bool
) -> None:
    """Refused at once or by a report: contacts are marked, buyers find others, the ladder goes to the next person."""
    lus: Counter[str] = Counter()
    lire_, signaler = retours.lire, joignabilite.marquer_injoignable
    monkeypatch.setattr(retours, "lire", lambda: [lu := lire_(), lus.update(lu)][0])
    marques: list[str] = []
    monkeypatch.setattr(
        adresses, "marquer_injoignable", lambda pk, cause: [marques.append(cause), signaler(pk, cause)][1]
    )
    mortes = petit(adresse_morte=1, contact_parti=0, repond_au_premier_message=1, repond_a_un_rappel=1, refuse=0)
    bilan = simuler(mortes, echelle=echelle)
    assert lus["retours"] > 1 and lus["inconnus"] == lus["autres"] == 0
    assert {"550 5.1.1", "retour 5.1.1"} <= set(marques) and bilan.adresses_mortes > 1
    assert bilan.sans_fin == bilan.attentes_sans_proprietaire == bilan.silences_sans_personne == 0


def test_les_chiffres_se_calculent() -> None:
    assert centile([], 90) is None
    assert centile([5], 90) == 5
    assert centile(list(range(1, 11)), 90) == 9
    assert centile([3, 1, 2], 50) == 2
    lundi, mardi, autre = dt.date(2026, 9, 7), dt.date(2026, 9, 8), dt.date(2026, 9, 14)
    assert par_personne_et_semaine([("a", lundi), ("a", mardi), ("a", autre), ("b", lundi)]) == [1, 1, 2]


@pytest.mark.parametrize(
    ("ancien", "nouveau", "mots"),
    [
        ("refuse = 0.15", "refuse = 2", "[entreprise] refuse : une part de 0 à 1 est attendue."),
        ("refuse = 0.15", "refuse = true", "[entreprise] refuse : une part de 0 à 1 est attendue."),
        ("refuse = 0.15", "", "[entreprise] refuse : il manque."),
        ("refuse = 0.15", "refuse = 0.15\nrefusait = 1", "[entreprise] refusait : inconnu."),
        ("tuteurs = 4", "tuteurs = 0", "[territoire] tuteurs : un nombre entier, 1 au moins, est attendu."),
        ("tuteurs = 4", "tuteurs = 'deux'", "[territoire] tuteurs : un nombre entier, 1 au moins, est attendu."),
        ('academie = "lille"', "academie = 3", "[territoire] academie : un texte est attendu."),
        ("delais = [0, 1, 2]", "delais = []", "[tuteur] delais : une liste est attendue."),
        ("delais = [0, 1, 2]", "delais = [-1]", "[tuteur] delais : un nombre entier, 0 au moins, est attendu."),
        ("[acheteur]", "[acheteuse]", "Partie inconnue dans le modèle : acheteuse."),
        ("[territoire]", "[territoire", "n'est pas un fichier TOML lisible"),
    ],
)
def test_un_modele_faux_se_dit_en_mots(tmp_path: Path, ancien: str, nouveau: str, mots: str) -> None:
    habituel = MODELE_HABITUEL.read_text(encoding="utf-8")
    assert ancien in habituel
    fichier = tmp_path / "modele.toml"
    fichier.write_text(habituel.replace(ancien, nouveau), encoding="utf-8")
    with pytest.raises(ModeleRefuse) as refus:
        lire(fichier)
    assert mots in str(refus.value)


def test_la_commande_refuse_en_mots(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"ne s'ouvre pas"):
        call_command("simuler_annee", modele=tmp_path / "absent.toml")
    with pytest.raises(CommandError, match="une semaine au moins"):
        call_command("simuler_annee", semaines=0)
