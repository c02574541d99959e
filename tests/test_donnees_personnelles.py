"""Every field is declared; the registry says it all; nobody is left out of a copy or of an erasure."""

from django.apps import apps
from django.db import models

from raccord.socle.donnees_personnelles import DECLAREES, NEUTRES, Personne, Sort, libelle, oublies
from raccord.socle.parametres import regle


def test_chaque_champ_est_declare() -> None:
    """A field added to a model says whose it is, or that it is nobody's, in the slice's `rgpd.py`."""
    assert oublies() == {}


def test_un_champ_oublie_se_voit(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    jeune = apps.get_model("jeunes.Jeune")
    monkeypatch.setattr("raccord.socle.donnees_personnelles.DECLAREES", [d for d in DECLAREES if d.modele is not jeune])
    assert "prenom" in oublies()["jeunes.Jeune"]
    monkeypatch.setitem(NEUTRES, jeune, {champ.name for champ in jeune._meta.concrete_fields})
    assert oublies() == {}


def test_chaque_duree_a_sa_source(db: None) -> None:
    for donnees in DECLAREES:
        assert regle(donnees.pour.duree).source, donnees.pour.titre


def test_ce_qui_se_cache_est_un_texte_sans_contrainte() -> None:
    """What is masked holds the mask; what is emptied may be empty."""
    for donnees in DECLAREES:
        for nom in donnees.champs:
            champ = donnees.modele._meta.get_field(nom)
            if donnees.sort == Sort.MASQUER:
                assert isinstance(champ, models.CharField | models.TextField), nom
                assert (champ.max_length or 99) >= 10, nom
            if donnees.sort == Sort.VIDER:
                assert champ.blank or champ.null, nom


def test_un_texte_libre_n_est_jamais_garde() -> None:
    """Whatever a person may have typed about a young person goes: only codes, dates and numbers are kept."""
    gardes = {
        f"{donnees.modele.__name__}.{nom}"
        for donnees in DECLAREES
        if donnees.de == Personne.JEUNE and donnees.sort == Sort.GARDER
        for nom in donnees.champs
        if isinstance(champ := donnees.modele._meta.get_field(nom), models.CharField | models.TextField)
        and not champ.choices
    }
    assert gardes == set()


def test_chaque_genre_de_personne_a_son_suivi() -> None:
    assert {donnees.de for donnees in DECLAREES} == set(Personne)


def test_deux_champs_d_une_meme_fiche_ont_deux_noms() -> None:
    """The copy names each value by its words: two of the same name would hide one another."""
    for modele in {donnees.modele for donnees in DECLAREES}:
        for genre in Personne:
            noms = {
                nom
                for donnees in DECLAREES
                if donnees.modele is modele and donnees.de == genre and donnees.exporte
                for nom in donnees.champs
                if nom not in ("acteur_id", "objet_id", "fil", "faits", "jeune_id", "representant_id", "contact_id")
            }
            mots = [libelle(modele, nom) for nom in noms]
            assert len(set(mots)) == len(mots), (modele, sorted(mots))
