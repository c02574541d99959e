"""The house's own rules: what documents promise is there, what is registered is whole."""

import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template

from raccord.comptes.liens import DEFINITIONS
from raccord.echeances.attentes import TYPES
from raccord.socle.courrier import REGISTRE
from raccord.socle.parametres import regle

RACINE = Path(settings.RACINE)
TRANCHES = sorted(app.name.split(".")[1] for app in apps.get_app_configs() if app.name.startswith("raccord."))


def test_architecture_nomme_chaque_tranche() -> None:
    page = (RACINE / "ARCHITECTURE.md").read_text()
    assert [tranche for tranche in TRANCHES if not re.search(rf"\b{tranche}\b", page)] == []


def test_les_couches_sont_celles_de_la_page() -> None:
    contrat = (RACINE / "pyproject.toml").read_text()
    assert [tranche for tranche in TRANCHES if tranche not in contrat] == []
    assert "ignore_imports" not in contrat


def test_readme_donne_les_deux_commandes() -> None:
    readme = (RACINE / "README.md").read_text()
    cibles = (RACINE / "Makefile").read_text()
    for commande in ("demo", "test"):
        assert f"make {commande}" in readme
        assert re.search(rf"^{commande}:", cibles, re.M)


def test_chaque_message_a_ses_mots() -> None:
    for type_message in REGISTRE.values():
        source = Path(get_template(type_message.gabarit).origin.name).read_text()
        sujet = source.strip().splitlines()[0]
        assert sujet and type_message.description
        assert not re.search(r"\b(jeune|positionnement\.jeune)\.(nom|prenom)\b", source), type_message.code


def test_chaque_attente_a_sa_page_et_sa_regle(db: None) -> None:
    for type_attente in TYPES.values():
        assert type_attente.url(uuid4()).startswith("/")
        assert type_attente.delai or type_attente.echeance
        for cle in [type_attente.delai, *[barreau.parametre for barreau in type_attente.echelons]]:
            if cle:
                assert regle(cle).source


def test_chaque_lien_est_connu() -> None:
    attendus = {
        "parcours.fiche",
        "parcours.repondre",
        "parcours.suivi",
        "parcours.bilan_entreprise",
        "parcours.bilan_jeune",
        "parcours.jeune",
        "parcours.proposition",
    }
    assert attendus <= set(DEFINITIONS)


@pytest.mark.parametrize("modele", apps.get_models(), ids=lambda modele: modele.__name__)
def test_aucun_nom_dans_str(modele: type) -> None:
    """`__str__` ends up in logs and error pages: no first name, no name, no address of a person."""
    source = "".join(methode.__doc__ or "" for methode in (modele.__str__,) if methode.__module__.startswith("raccord"))
    code = getattr(modele.__str__, "__code__", None)
    if code is None or not modele.__module__.startswith("raccord"):
        return
    interdits = {"prenom", "courriel", "telephone", "nom_complet", "date_naissance"}
    if modele.__name__ in {"Utilisateur", "Contact", "Jeune", "RepresentantLegal"}:
        interdits.add("nom")
    assert not interdits & set(code.co_names), source


@pytest.mark.parametrize(
    ("variables", "mot"),
    [
        ({"RACCORD_MODE": "production"}, "RACCORD_CLE_SECRETE"),
        ({"RACCORD_MODE": "production", "RACCORD_CLE_SECRETE": "a" * 60}, "RACCORD_CLE_SECRETE"),
        ({"RACCORD_MODE": "ailleurs"}, "RACCORD_MODE"),
        ({"RACCORD_DEBUG": "peut-être"}, "RACCORD_DEBUG"),
        ({"RACCORD_SMTP_PORT": "abc"}, "RACCORD_SMTP_PORT"),
        ({"DATABASE_URL": "mysql://x/y"}, "PostgreSQL"),
    ],
)
def test_un_reglage_faux_arrete_avec_une_phrase(variables: dict[str, str], mot: str) -> None:
    commande = [sys.executable, "-c", "import raccord.config.settings"]
    depart = subprocess.run(
        commande, cwd=RACINE, env={"PATH": "/usr/bin:/bin"} | variables, capture_output=True, text=True, check=False
    )
    assert depart.returncode != 0
    assert mot in depart.stderr.splitlines()[-1]


def test_production_avec_ses_reglages() -> None:
    cle = "".join(chr(33 + (7 * i) % 90) for i in range(64))
    variables = {
        "PATH": "/usr/bin:/bin",
        "RACCORD_MODE": "production",
        "RACCORD_CLE_SECRETE": cle,
        "RACCORD_CLE_DOCUMENTS": cle[::-1],
        "RACCORD_HOTES": "raccord.example",
        "DATABASE_URL": "postgresql://x@localhost/y",
    }
    code = "import raccord.config.settings as s; assert not s.DEMO; assert 'raccord.demo' not in s.INSTALLED_APPS"
    subprocess.run([sys.executable, "-c", code], cwd=RACINE, env=variables, check=True)
