"""Fields and forms: bad input gets a sentence, typed text stays."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from raccord.socle import forms
from raccord.socle.exceptions import ErreurMetier


class FicheForm(forms.VersionMixin):
    """What the tests fill in."""

    sections = (forms.Section("Contact", ("courriel", "telephone")),)

    nom = forms.ChampTexte(label="Nom")
    courriel = forms.ChampCourriel(label="Courriel")
    telephone = forms.ChampTelephone(label="Téléphone", required=False)
    heures = forms.ChampHeures(label="Heures", required=False, maxi=35)
    debut = forms.ChampDate(label="Début", required=False)
    taches = forms.ChampTexteLong(label="Tâches", required=False, max_length=100)
    duree = forms.ChampChoix(label="Durée", choices=(("150", "150 h"), ("300", forms.Libelle("300 h", "2 mois"))))


BONNE = {"nom": "Atelier", "courriel": "a@b.fr", "duree": "150"}


def fiche(**saisie: str) -> FicheForm:
    donnees = QueryDict(mutable=True)
    donnees.update(BONNE | saisie)
    return FicheForm(donnees)


def erreur(champ: Any, valeur: Any) -> str:
    with pytest.raises(ValidationError) as refus:
        champ.clean(valeur)
    return str(refus.value.messages[0])


# --- Text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saisie", "propre"),
    [
        ("  deux   mots ", "deux mots"),
        ("e\u0301te\u0301", "été"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("👩‍🔧 à l’œuvre", "👩‍🔧 à l’œuvre"),
        ("مرحبا", "مرحبا"),
        ("deux\u200bmots", "deuxmots"),
    ],
)
def test_le_texte_est_assaini(saisie: str, propre: str) -> None:
    form = fiche(nom=saisie)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["nom"] == propre


def test_les_fins_de_ligne_comptent_pour_un() -> None:
    form = fiche(taches="a\r\n" * 50)
    assert form.is_valid(), form.errors
    assert "\r" not in form.cleaned_data["taches"]


@pytest.mark.parametrize("signe", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
@pytest.mark.parametrize("champ", ["nom", "courriel", "telephone", "taches"])
def test_un_caractere_de_controle_est_refuse_en_mots(champ: str, signe: str) -> None:
    saisie = {"nom": "Ate", "courriel": "a@b.fr", "telephone": "0612345678", "taches": "Ranger"}[champ]
    form = fiche(**{champ: saisie[:2] + signe + saisie[2:]})
    assert not form.is_valid() or signe not in form.cleaned_data[champ]
    if not form.is_valid():
        assert set(form.errors) == {champ}


def test_dix_mille_caracteres_ne_sont_pas_perdus() -> None:
    texte = "é" * 10_000
    form = fiche(taches=texte)
    assert "10\u202f000 caractères" in form.errors["taches"][0] and "pour 100" in form.errors["taches"][0]
    html = str(form)
    assert texte in html and "maxlength" not in html and 'data-compteur="100"' in html


@given(st.text(max_size=300))
def test_aucun_texte_ne_casse_le_formulaire(texte: str) -> None:
    form = fiche(nom=texte, taches=texte, courriel=texte, telephone=texte, heures=texte, debut=texte, duree=texte)
    form.is_valid()
    str(form)


# --- Identifiers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saisie", "mot"),
    [
        ("130025265", "SIREN"),
        ("1300252650001", "13 ici"),
        ("13002526500014", "faux"),
        ("BE0123456789", "étranger"),
        ("１３００２５２６５０００１３", "étranger"),
        ("", "Remplissez"),
    ],
)
def test_siret_refuse(saisie: str, mot: str) -> None:
    class SiretForm(forms.Formulaire):
        siret = forms.ChampSiret(label="SIRET")

    assert mot in SiretForm({"siret": saisie}).errors["siret"][0]


@pytest.mark.parametrize("saisie", ["13002526500013", "130 025 265 00013", "130.025.265-00013", "35600000049837"])
def test_siret_accepte(saisie: str) -> None:
    assert len(forms.ChampSiret(label="SIRET").clean(saisie)) == 14


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0692 12 34 56", "+262692123456"),
        ("0696 12 34 56", "+596696123456"),
        ("+32 2 555 12 12", "+3225551212"),
    ],
)
def test_telephone(saisie: str, attendu: str) -> None:
    assert forms.ChampTelephone().clean(saisie) == attendu


@pytest.mark.parametrize("saisie", ["06 12", "0000000000", "+33"])
def test_telephone_refuse(saisie: str) -> None:
    assert "pas complet" in erreur(forms.ChampTelephone(), saisie)


@pytest.mark.parametrize("saisie", ["douze", "DE123456789", "01 23 45 67 89 poste 12", "06 12 34 56 7A"])
def test_un_telephone_a_lettres_n_est_pas_devine(saisie: str) -> None:
    assert "sans lettres" in erreur(forms.ChampTelephone(), saisie)


@pytest.mark.parametrize("saisie", ["a@b.fr\nBcc: x@y.fr", "a@b.fr, c@d.fr", "a@b.fr;c@d.fr"])
def test_courriel_une_seule_adresse(saisie: str) -> None:
    assert "une seule adresse" in erreur(forms.ChampCourriel(), saisie)


def test_courriel_en_minuscules() -> None:
    assert forms.ChampCourriel().clean(" Camille.ROY@AC-Lille.fr ") == "camille.roy@ac-lille.fr"
    assert "bonne forme" in erreur(forms.ChampCourriel(), "camille@")


# --- Figures and dates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [("35", "35"), ("7,5", "7.5"), ("7 h 30", "7.5"), ("7h", "7"), ("7.25", "7.25"), ("12 heures", "12")],
)
def test_heures(saisie: str, attendu: str) -> None:
    assert forms.ChampHeures().clean(saisie) == Decimal(attendu)


@pytest.mark.parametrize(
    ("saisie", "mot"),
    [("-3", "positif"), ("36", "maximum"), ("beaucoup", "heures"), ("7h75", "heures"), ("1e9", "heures")],
)
def test_heures_refusees(saisie: str, mot: str) -> None:
    assert mot in erreur(forms.ChampHeures(maxi=35), saisie)


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [("12 500", "12500"), ("12 500,50 €", "12500.5"), ("99 000 euros HT", "99000"), ("150000", "150000")],
)
def test_montant(saisie: str, attendu: str) -> None:
    assert forms.ChampMontant().clean(saisie) == Decimal(attendu)


def test_entier() -> None:
    champ = forms.ChampNombre(entier=True, maxi=10)
    assert champ.clean("3") == 3 and isinstance(champ.clean("3"), int)
    assert "entier" in erreur(champ, "3,5")


@pytest.mark.parametrize("saisie", ["2026-12-31", "31/12/2026", "31-12-2026", "31/12/26"])
def test_date(saisie: str) -> None:
    assert forms.ChampDate().clean(saisie) == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("saisie", "mot"), [("31/02/2026", "n’existe pas"), ("demain", "n’existe pas"), ("0026-01-01", "fausse")]
)
def test_date_refusee(saisie: str, mot: str) -> None:
    assert mot in erreur(forms.ChampDate(), saisie)


def test_date_bornee() -> None:
    champ = forms.ChampDate(mini=dt.date(2026, 1, 1), maxi=dt.date(2026, 6, 30))
    assert "à partir du 1er janvier 2026" in erreur(champ, "2025-12-31")
    assert "jusqu’au 30 juin 2026" in erreur(champ, "2026-07-01")


def test_une_date_tapee_a_la_francaise_revient_dans_le_calendrier() -> None:
    assert 'value="2026-12-31"' in str(fiche(debut="31/12/2026", courriel="faux"))
    assert 'value="32/12/2026"' in str(fiche(debut="32/12/2026"))


def test_moment_de_paris() -> None:
    lu = forms.ChampDateHeure().clean("2026-07-01T14:30")
    assert lu.utcoffset() == dt.timedelta(hours=2)
    assert forms.ChampDateHeure().clean("01/07/2026 14:30") == lu


@pytest.mark.parametrize(
    ("saisie", "mot"),
    [("9999-12-31T23:59", "fausse"), ("0026-01-01T08:00", "fausse"), ("2026-02-30T08:00", "n’existe pas")],
)
def test_moment_refuse(saisie: str, mot: str) -> None:
    assert mot in erreur(forms.ChampDateHeure(), saisie)


def test_oui_non() -> None:
    champ = forms.ChampOuiNon(label="Tenue fournie ?", required=False)
    assert (champ.clean("oui"), champ.clean("non"), champ.clean("")) == (True, False, None)
    assert champ.prepare_value(False) == "non"


def test_fichier() -> None:
    champ = forms.ChampFichier(types=("pdf",), taille_max_mo=1)
    assert champ.clean(SimpleUploadedFile("cv.PDF", b"%PDF-1.7")).name == "cv.PDF"
    assert "format" in erreur(champ, SimpleUploadedFile("cv.exe", b"MZ"))
    assert "trop lourd" in erreur(champ, SimpleUploadedFile("cv.pdf", b"x" * 1_100_000))
    assert erreur(champ, SimpleUploadedFile("cv.pdf", b""))


# --- The form --------------------------------------------------------------------------------------


def test_le_resume_mene_aux_champs() -> None:
    form = fiche(courriel="", duree="")
    html = str(form)
    assert "2 points à corriger" in html
    for ancre in ("id_courriel", "id_duree_0"):
        assert f'href="#{ancre}"' in html and f'id="{ancre}"' in html
    assert 'aria-describedby="id_courriel_error"' in html and 'id="id_courriel_error"' in html
    assert "Remplissez «\u00a0Courriel\u00a0»." in html and "Choisissez une réponse pour «\u00a0Durée\u00a0»." in html


def test_un_formulaire_neuf_ne_dit_pas_d_erreur() -> None:
    html = str(FicheForm())
    assert "resume-erreurs" not in html and "facultatif" in html and "2 mois" in html
    assert "<legend" in html and "Contact" in html


def test_un_refus_metier_va_sur_son_champ() -> None:
    form = fiche()
    assert form.is_valid()
    form.refuser(ErreurMetier("Cette durée dépasse le marché.", champ="duree"))
    form.refuser(ErreurMetier("Le marché est clos.", champ="inconnu"))
    assert form.errors["duree"] == ["Cette durée dépasse le marché."]
    assert form.non_field_errors() == ["Le marché est clos."]


def test_une_phrase_choisie_par_l_ecran_est_gardee() -> None:
    class Choisi(forms.Formulaire):
        nom = forms.ChampTexte(label="Nom", error_messages={"required": "Dites-nous votre nom."})

    assert Choisi({}).errors["nom"] == ["Dites-nous votre nom."]


def test_remplissage_par_le_navigateur() -> None:
    class Moi(forms.Formulaire):
        pour_soi = True
        courriel = forms.ChampCourriel(label="Courriel")

    assert 'autocomplete="email"' in str(Moi())
    assert 'autocomplete="off"' in str(FicheForm())


# --- Two editors -----------------------------------------------------------------------------------


def test_la_premiere_personne_enregistre() -> None:
    form = FicheForm(BONNE | {"version": "1"}, version="1")
    assert form.is_valid() and form.version_lue == "1"


def test_la_seconde_est_prevenue_et_ne_perd_rien() -> None:
    initial = {"nom": "Atelier du Viaduc", "courriel": "a@b.fr", "duree": "300", "debut": dt.date(2026, 3, 12)}
    saisie = BONNE | {"nom": "Atelier Viaduc", "debut": "2026-03-12", "version": "1"}
    form = FicheForm(saisie, initial=initial, version="2")
    assert not form.is_valid()
    assert "entre-temps" in form.non_field_errors()[0]
    ecarts = {ecart.libelle: (ecart.enregistre, ecart.saisi) for ecart in form.ecarts}
    assert ecarts == {"Nom": ("Atelier du Viaduc", "Atelier Viaduc"), "Durée": ("300 h", "150 h")}
    html = str(form)
    assert "Votre saisie" in html and 'value="Atelier Viaduc"' in html
    # Sending it again, knowingly, goes through.
    assert 'name="version" value="2"' in html
    assert FicheForm(saisie | {"version": "2"}, initial=initial, version="2").is_valid()
