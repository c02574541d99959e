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
from raccord.echeances.attentes import TYPES, Cadre, echelle_en_vigueur
from raccord.socle.courrier import REGISTRE
from raccord.socle.parametres import regle

RACINE = Path(settings.RACINE)
CHEMIN = {"PATH": "/usr/bin:/bin"}
CLE = "".join(chr(33 + (7 * i) % 90) for i in range(64))
PRODUCTION = {
    "RACCORD_MODE": "production",
    "RACCORD_CLE_SECRETE": CLE,
    "RACCORD_CLE_DOCUMENTS": CLE[::-1],
    "RACCORD_HOTES": "raccord.example",
    "RACCORD_ADRESSE": "https://raccord.example",
    "RACCORD_EXPEDITEUR": "Raccord <ne-pas-repondre@clause-sociale.fr>",
    "DATABASE_URL": "postgresql://x@localhost/y",
}
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
        assert not type_attente.delai or regle(type_attente.delai).source
        echelle = echelle_en_vigueur(type_attente.code, Cadre())
        assert echelle is not None and echelle.source, type_attente.code


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
        *[
            ({"RACCORD_MODE": "production", "RACCORD_CLE_SECRETE": faible}, "RACCORD_CLE_SECRETE")
            for faible in (
                "a" * 60,
                "motdepasse" * 6,
                "0123456789abcdef" * 4,
                "raccord-production-raccord-production-raccord-production",
                "".join(chr(33 + (7 * i) % 90) for i in range(49)),
                "demonstration-sans-aucun-secret-ne-jamais-servir-en-vrai",
                f"django-insecure-{CLE}",
            )
        ],
        (PRODUCTION | {"RACCORD_CLE_DOCUMENTS": CLE}, "RACCORD_CLE_DOCUMENTS"),
        (PRODUCTION | {"RACCORD_DEBUG": "oui"}, "RACCORD_DEBUG"),
        (PRODUCTION | {"RACCORD_HOTES": ""}, "RACCORD_HOTES"),
        (PRODUCTION | {"RACCORD_HOTES": "raccord.example, *"}, "RACCORD_HOTES"),
        (PRODUCTION | {"RACCORD_ADRESSE": "http://raccord.example"}, "RACCORD_ADRESSE"),
        (PRODUCTION | {"RACCORD_EXPEDITEUR": ""}, "RACCORD_EXPEDITEUR"),
        (PRODUCTION | {"RACCORD_EXPEDITEUR": "Raccord <a@raccord.example>"}, "RACCORD_EXPEDITEUR"),
        (PRODUCTION | {"RACCORD_SMS_URL": "http://sms.example/"}, "RACCORD_SMS_URL"),
        ({"RACCORD_SMTP_TLS": "peut-être"}, "RACCORD_SMTP_TLS"),
        ({"RACCORD_MODE": "ailleurs"}, "RACCORD_MODE"),
        ({"RACCORD_DEBUG": "peut-être"}, "RACCORD_DEBUG"),
        ({"RACCORD_SMTP_PORT": "abc"}, "RACCORD_SMTP_PORT"),
        ({"DATABASE_URL": "mysql://x/y"}, "PostgreSQL"),
    ],
)
def test_un_reglage_faux_arrete_avec_une_phrase(variables: dict[str, str], mot: str) -> None:
    commande = [sys.executable, "-c", "import raccord.config.settings"]
    depart = subprocess.run(commande, cwd=RACINE, env=CHEMIN | variables, capture_output=True, text=True, check=False)
    assert depart.returncode != 0
    assert mot in depart.stderr.splitlines()[-1]


def test_production_avec_ses_reglages() -> None:
    code = (
        "import raccord.config.settings as s; assert not s.DEMO; assert 'raccord.demo' not in s.INSTALLED_APPS; "
        "assert s.SESSION_COOKIE_NAME.startswith('__Host-') and s.CSRF_COOKIE_NAME.startswith('__Host-')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=RACINE, env=CHEMIN | PRODUCTION, check=True)


def test_django_ne_trouve_rien_a_redire_au_deploiement() -> None:
    commande = [sys.executable, "-W", "error", "-m", "raccord", "check", "--deploy", "--fail-level", "DEBUG"]
    fait = subprocess.run(commande, cwd=RACINE, env=CHEMIN | PRODUCTION, capture_output=True, text=True, check=False)
    assert (fait.returncode, fait.stderr) == (0, "")
    assert fait.stdout.splitlines() == ["System check identified no issues (0 silenced)."]


def test_la_demonstration_ne_se_charge_pas_en_production() -> None:
    """Even installed by a mistake of settings: its one-click entries do without the second factor."""
    code = (
        "import raccord.config.settings as s; s.INSTALLED_APPS.append('raccord.demo'); "
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'raccord.config.settings'; import django; django.setup()"
    )
    fait = subprocess.run(
        [sys.executable, "-c", code], cwd=RACINE, env=CHEMIN | PRODUCTION, capture_output=True, text=True, check=False
    )
    assert fait.returncode != 0
    assert "RACCORD_MODE=production" in fait.stderr.splitlines()[-1]
