"""The commune field, as a form and its reader meet it."""

import pytest
from django import forms
from django.apps import apps

from raccord.socle.forms import Formulaire
from raccord.territoires.forms import ChampCommune
from raccord.territoires.models import Commune

pytestmark = pytest.mark.django_db


class Adresse(Formulaire):
    commune = ChampCommune(label="Commune")


class AdresseFacultative(Formulaire):
    commune = ChampCommune(label="Commune", required=False)


def _erreur(saisie: str) -> str:
    (texte,) = Adresse({"commune": saisie}).errors["commune"]
    return str(texte)


@pytest.mark.parametrize("saisie", ["Lille", "59000", " lille (59000) ", "3 rue de Paris, 59000 Lille", "Li\u202elle"])
def test_une_saisie_claire_donne_la_commune(saisie: str) -> None:
    formulaire = Adresse({"commune": saisie})
    assert formulaire.is_valid(), formulaire.errors
    assert formulaire.cleaned_data["commune"].code == "59350"


def test_plusieurs_communes_sont_nommees() -> None:
    assert _erreur("Saint-Denis") == (
        "Plusieurs communes correspondent à « Saint-Denis » : recopiez celle que vous voulez, "
        "« Saint-Denis (97400) », « Saint-Denis (93200) », « Saint-Denis (11310) » ou « Saint-Denis (30500) »."
    )


def test_au_dela_de_six_le_code_postal_est_demande() -> None:
    erreur = _erreur("Sainte-Colombe")
    assert erreur.count("Sainte-Colombe (") == 6
    assert erreur.endswith(" ou une autre en ajoutant son code postal.")


def test_une_faute_recoit_une_proposition() -> None:
    assert "S'agit-il de « Grenoble (38000) »" in _erreur("Grenobel")


@pytest.mark.parametrize("saisie", ["xyzzyq", "🙂", "a" * 10_000])
def test_rien_de_connu_recoit_un_exemple(saisie: str) -> None:
    erreur = _erreur(saisie)
    assert "Nous ne trouvons pas" in erreur
    assert "« 59000 »" in erreur
    assert len(erreur) < 300


@pytest.mark.parametrize("saisie", ["", "   ", "\x00"])
def test_vide(saisie: str) -> None:
    assert "Indiquez la commune" in _erreur(saisie)
    facultative = AdresseFacultative({"commune": saisie})
    assert facultative.is_valid()
    assert facultative.cleaned_data["commune"] is None


def test_ce_qui_est_tape_est_montre_de_nouveau_tel_quel() -> None:
    """'59350' typed is a postcode (Saint-André-lez-Lille): it never comes back as Lille, whose INSEE code it is."""
    formulaire = Adresse({"commune": "59350"})
    assert 'value="59350"' in str(formulaire["commune"])
    assert formulaire.is_valid()
    assert formulaire.cleaned_data["commune"].nom == "Saint-André-lez-Lille"
    assert "&lt;b&gt;" in str(Adresse({"commune": "<b>"})["commune"])


@pytest.mark.parametrize("initial", ["59350", "objet"])
def test_la_valeur_initiale_est_un_libelle(initial: str) -> None:
    valeur = Commune.objects.get(pk="59350") if initial == "objet" else initial
    assert 'value="Lille (59000)"' in str(Adresse(initial={"commune": valeur})["commune"])


@pytest.mark.parametrize(
    ("saisie", "change"), [("Lille (59000)", False), ("59000", False), ("Roubaix", True), ("", True), ("xyzzyq", True)]
)
def test_le_changement_compte_la_commune_et_non_les_lettres(saisie: str, change: bool) -> None:
    assert Adresse({"commune": saisie}, initial={"commune": "59350"}).has_changed() is change


def test_sans_valeur_initiale_rien_n_a_change() -> None:
    assert not AdresseFacultative({"commune": ""}).has_changed()


def test_un_formulaire_de_modele_enregistre_la_commune() -> None:
    """A model form gives the code as initial value and takes a Commune back, as for any foreign key."""

    class FicheJeune(forms.ModelForm):  # type: ignore[type-arg]
        commune = ChampCommune(label="Commune")

        class Meta:
            model = apps.get_model("jeunes.Jeune")  # a slice above, met here through the registry alone
            fields = ("commune",)

    jeune = FicheJeune.Meta.model(commune_id="59350")
    assert 'value="Lille (59000)"' in str(FicheJeune(instance=jeune)["commune"])
    formulaire = FicheJeune({"commune": "Roubaix"}, instance=jeune)
    formulaire.is_valid()
    assert formulaire.instance.commune_id == "59512"


def test_le_script_et_la_feuille_sont_des_fichiers() -> None:
    media = str(Adresse().media)
    assert 'src="/static/territoires/communes.js" defer' in media
    assert "territoires/communes.css" in media
    assert 'data-communes="/territoires/communes/"' in str(Adresse()["commune"])
