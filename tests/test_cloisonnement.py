"""The database refuses what a view would forget to ask."""

import io
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from raccord.comptes.intrusions import eprouver
from raccord.documents.models import Contenu
from raccord.jeunes.models import AccesJeune, Jeune
from raccord.parcours.actions.passation import confier
from raccord.parcours.models import Positionnement, Signalement
from raccord.socle import identite
from raccord.socle.cloisonnement import POLITIQUES
from raccord.socle.contexte import SYSTEME, VISITEUR, Contexte
from tests import coulisses
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique
from tests.fabriques_positionnement import transmis

MODELES = (Jeune, AccesJeune, Positionnement, Contenu)


@pytest.fixture
def dossier(distribution: Distribution) -> Positionnement:
    return transmis(distribution)


def vus(contexte: Contexte, *modeles: type[Any]) -> list[int]:
    """Rows of each table for somebody who asks without any filter."""
    with coulisses.fermees(), identite.agir(contexte):
        return [modele._base_manager.count() for modele in modeles]


# What each person of the cast reads of one young person's file when a view forgets every filter.
@pytest.mark.parametrize(
    ("qui", "attendus"),
    [
        ("tuteur", [1, 1, 1, 1]),
        ("tuteur_collegue", [1, 1, 1, 1]),
        ("tuteur_etranger", [0, 0, 0, 0]),
        ("coordonnateur", [1, 1, 1, 0]),
        ("coordonnateur_etranger", [0, 0, 0, 0]),
        ("acheteur", [1, 0, 1, 0]),
        ("acheteur_collegue", [1, 0, 1, 0]),
        ("acheteur_etranger", [0, 0, 0, 0]),
        ("national", [1, 1, 1, 0]),
    ],
)
def test_sans_aucun_filtre(distribution: Distribution, dossier: Positionnement, qui: str, attendus: list[int]) -> None:
    assert vus(getattr(distribution, qui).contexte, *MODELES) == attendus


def test_personne_et_la_machine(distribution: Distribution, dossier: Positionnement) -> None:
    assert vus(VISITEUR, *MODELES) == [0, 0, 0, 0]
    assert vus(SYSTEME, *MODELES) == [0, 0, 0, 0]
    with coulisses.fermees(), identite.agir(SYSTEME, dossiers=(dossier.reservation.jeune_id,)):
        assert [modele._base_manager.count() for modele in MODELES] == [1, 1, 1, 1]


def test_un_acces_retire_ou_fini_ferme_la_base(distribution: Distribution, dossier: Positionnement) -> None:
    AccesJeune.objects.update(fin="2026-10-05T00:00Z")
    assert vus(distribution.tuteur.contexte, Jeune, Positionnement, Contenu) == [0, 0, 0]
    AccesJeune.objects.update(fin="2026-10-07T00:00Z")
    assert vus(distribution.tuteur.contexte, Jeune, Positionnement, Contenu) == [1, 1, 1]
    AccesJeune.objects.update(revoque_le="2026-10-05T00:00Z")
    assert vus(distribution.tuteur.contexte, Jeune, Positionnement, Contenu) == [0, 0, 0]


def test_nul_ne_s_ouvre_un_dossier(distribution: Distribution, dossier: Positionnement) -> None:
    intrus = distribution.tuteur_etranger
    with coulisses.fermees(), identite.agir(intrus.contexte), pytest.raises(Exception, match="row-level security"):
        AccesJeune.objects.create(
            jeune_id=dossier.reservation.jeune_id, organisation=intrus.organisation, motif="curiosité"
        )


def test_une_vue_qui_oublie_son_filtre(
    distribution: Distribution, dossier: Positionnement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every filter on the circle removed from the application: the stranger still reads nothing."""
    monkeypatch.setattr("raccord.jeunes.models.JeuneQuerySet.ouverts_a", lambda requete, _: requete)
    adresse = f"/jeunes/{dossier.reservation.jeune_id}/"
    assert distribution.tuteur.client().get(adresse).status_code == 200
    assert distribution.tuteur_etranger.client().get(adresse).status_code == 404
    assert "Zoélie" not in distribution.tuteur_etranger.client().get("/jeunes/").content.decode()


def test_l_identite_ne_survit_pas_a_sa_transaction(distribution: Distribution, dossier: Positionnement) -> None:
    with coulisses.fermees():
        with identite.agir(distribution.tuteur.contexte):
            assert Jeune.objects.count() == 1
            with identite.agir(distribution.tuteur_etranger.contexte):
                assert Jeune.objects.count() == 0
            assert Jeune.objects.count() == 1
        assert Jeune.objects.count() == 0


@pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])
def test_les_intrusions_echouent() -> None:
    distribution = Distribution()
    transmis(distribution)
    fabrique = Fabrique(distribution)
    parcours = fabrique.bilan_signe()
    Signalement.objects.create(parcours=parcours, nature="absence", jour=parcours.debut, texte="x", signale_par="jeune")
    lecteur, jeunes = distribution.tuteur_collegue.utilisateur.pk, [distribution.jeune().pk]
    confier(distribution.tuteur.contexte, parcours.tuteur_id, vers_id=lecteur, note="Appeler mardi.", jeunes=jeunes)
    bilan = eprouver()
    assert bilan.failles == []
    assert bilan.essais > 300
    assert not {"jeunes_jeune", "documents_contenu", "parcours_passation"} & set(bilan.tables_vides)
    sortie = io.StringIO()
    call_command("verifier_cloisonnement", stdout=sortie)
    assert "0 réussie" in sortie.getvalue()


@pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])
def test_une_porte_laissee_ouverte_se_voit() -> None:
    transmis(Distribution())
    with connections["proprietaire"].cursor() as curseur:
        curseur.execute("ALTER TABLE jeunes_jeune DISABLE ROW LEVEL SECURITY")
    try:
        with pytest.raises(CommandError, match="personne : lire jeunes_jeune : 1 ligne"):
            call_command("verifier_cloisonnement", stdout=io.StringIO())
    finally:
        with connections["proprietaire"].cursor() as curseur:
            curseur.execute("ALTER TABLE jeunes_jeune ENABLE ROW LEVEL SECURITY")


def test_toute_table_qui_tient_a_un_dossier_est_cloisonnee() -> None:
    """A row that belongs to a confidential one is confidential."""
    cloisonnes = {politique.modele for politique in POLITIQUES.values()}
    oubliees = {
        modele.__name__
        for modele in apps.get_models(include_auto_created=True)
        for champ in modele._meta.concrete_fields
        if champ.remote_field and champ.remote_field.model in cloisonnes and modele not in cloisonnes
    }
    assert oubliees == set()
