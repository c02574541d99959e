"""What the application role may not do, whatever the code above it tries (conception §1.2)."""

import re

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, connections, transaction

from raccord.jeunes.models import Jeune
from raccord.socle import schema
from raccord.socle.droits import creer_role
from raccord.socle.models import Journal
from tests.distribution import Distribution

AJOUT_SEUL = sorted(
    (modele for modele in apps.get_models() if getattr(modele, "ajout_seul", False)), key=lambda modele: modele.__name__
)


def test_le_journal_et_les_heures_sont_en_ajout_seul() -> None:
    assert [modele.__name__ for modele in AJOUT_SEUL] == ["Echelle", "EcritureHeures", "Historique", "Journal"]


@pytest.mark.parametrize("ordre", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("modele", AJOUT_SEUL, ids=lambda modele: modele.__name__)
def test_ce_qui_est_ecrit_ne_change_plus(distribution: Distribution, modele: type[Journal], ordre: str) -> None:
    distribution.offre_publiee()
    distribution.jeune()
    nombre = modele.objects.count()
    assert nombre
    _refuse(ordre.format(modele._meta.db_table))
    assert modele.objects.count() == nombre


def test_l_application_n_ajoute_rien_a_l_historique(distribution: Distribution) -> None:
    distribution.jeune()
    _refuse("INSERT INTO socle_historique SELECT * FROM socle_historique")


@pytest.mark.parametrize(
    "ordre",
    [
        f"ALTER TABLE {Jeune._meta.db_table} DISABLE TRIGGER ALL",
        f"DROP TABLE {Jeune._meta.db_table}",
        f"TRUNCATE {Jeune._meta.db_table} CASCADE",
        "CREATE TABLE ailleurs (id integer)",
        "CREATE ROLE complice",
    ],
)
def test_l_application_ne_possede_rien(db: None, ordre: str) -> None:
    _refuse(ordre)


def test_l_application_n_est_pas_superutilisateur(db: None) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT rolsuper OR rolbypassrls OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert curseur.fetchone() == (False,)


@pytest.mark.django_db(databases=["default", "proprietaire"])
def test_une_base_d_une_autre_version_est_dite_et_non_devinee() -> None:
    proprietaire = connections["proprietaire"]
    schema.verifier(proprietaire)
    with proprietaire.cursor() as curseur:
        curseur.execute("ALTER TABLE territoires_academie RENAME COLUMN zone_vacances TO zone")
    with pytest.raises(CommandError, match=r"territoires_academie\.zone_vacances\. Si c'est celle de la démonstration"):
        schema.verifier(proprietaire)


@pytest.mark.django_db(databases=["default", "proprietaire"])
def test_un_proprietaire_sans_pouvoir_sur_le_serveur_prepare_les_roles() -> None:
    """As on a managed server, as often as one likes; a role that would go over the rules is refused."""
    proprietaire = connections["proprietaire"]
    with proprietaire.cursor() as curseur:
        curseur.execute("SELECT rolname FROM pg_roles WHERE rolsuper ORDER BY rolname LIMIT 1")
        (puissant,) = curseur.fetchone() or ("",)
        curseur.execute("CREATE ROLE essai_proprietaire CREATEROLE; GRANT essai_proprietaire TO CURRENT_USER")
        curseur.execute("SET LOCAL ROLE essai_proprietaire")
        for _ in range(2):
            creer_role(proprietaire, "essai_role", "un-mot-de-passe")
        with pytest.raises(ImproperlyConfigured, match=re.escape(puissant)):
            creer_role(proprietaire, puissant, "un-mot-de-passe")
        curseur.execute("RESET ROLE")


def _refuse(ordre: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(ordre)
