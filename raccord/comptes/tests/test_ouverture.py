import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from raccord.comptes.models import Adhesion, Organisation, Utilisateur
from raccord.socle.models import Journal

pytestmark = pytest.mark.django_db
COMPTE = {
    "courriel": "Camille.Roy@service.example",
    "prenom": "Camille",
    "nom": "Roy",
    "role": "national",
    "organisation": "Équipe nationale",
}


def commande(nom, /, **options):
    sortie = io.StringIO()
    call_command(nom, stdout=sortie, **options)
    return sortie.getvalue()


@pytest.fixture
def equipe():
    commande("creer_organisation", genre="nationale", nom="Équipe  nationale")
    return Organisation.objects.get()


def test_le_premier_membre_de_l_equipe_nationale_entre_par_son_lien(equipe):
    texte = commande("creer_compte", **COMPTE, lien=True)
    lien = texte.strip().rsplit(" ", 1)[1]
    assert lien.startswith("http")
    client = Client()
    chemin = lien.split("/", 3)[3]
    assert client.get(f"/{chemin}").status_code == 200
    assert client.post(f"/{chemin}").status_code == 302
    assert str(Utilisateur.objects.get().pk) == client.session["_auth_user_id"]
    assert [ligne.verbe for ligne in Journal.objects.order_by("pk")] == [
        "organisation.creer",
        "organisation.accueillir",
    ]


def test_un_compte_connu_recoit_un_second_role(equipe):
    commande("creer_compte", **COMPTE)
    commande("creer_organisation", genre="mlds", nom="MLDS de Lille", academie="lille")
    texte = commande("creer_compte", **COMPTE | {"nom": "Autre", "role": "tuteur", "organisation": "mlds de lille"})
    assert "existait" in texte
    assert Utilisateur.objects.get().nom == "Roy"
    assert Adhesion.objects.count() == 2


def test_par_identifiant(equipe):
    commande("creer_compte", **COMPTE | {"organisation": str(equipe.pk)})
    assert Adhesion.objects.get().organisation == equipe


@pytest.mark.parametrize(
    ("changement", "mot"),
    [
        ({"organisation": "Inconnue"}, "creer-organisation"),
        ({"role": "tuteur"}, "national"),
        ({"courriel": "camille@"}, "prenom.nom@exemple.fr"),
        ({"courriel": "a@b.example, c@d.example"}, "seule adresse"),
        ({"prenom": "  "}, "prénom"),
        ({"nom": "R" * 101}, "100 caractères"),
        ({"nom": "Roy\x07"}, "illisible"),
    ],
)
def test_compte_refuse_avec_une_phrase(equipe, changement, mot):
    with pytest.raises(CommandError, match=mot):
        commande("creer_compte", **COMPTE | changement)
    assert not Utilisateur.objects.exists()


def test_role_deja_donne_ou_compte_ferme(equipe):
    commande("creer_compte", **COMPTE)
    with pytest.raises(CommandError, match="déjà ce rôle"):
        commande("creer_compte", **COMPTE)
    Utilisateur.objects.update(is_active=False)
    with pytest.raises(CommandError, match="fermé"):
        commande("creer_compte", **COMPTE)


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"genre": "mlds", "nom": "MLDS"}, "académie"),
        ({"genre": "mlds", "nom": "MLDS", "academie": "Atlantide"}, "lille"),
        ({"genre": "acheteur", "nom": "Ville", "siret": "13002526500014"}, "SIRET"),
        ({"genre": "acheteur", "nom": ""}, "vide"),
        ({"genre": "entreprise", "nom": "A", "type_acheteur": "prive"}, "acheteur"),
        ({"genre": "entreprise", "nom": "A", "telephone": "12"}, "numéro"),
        ({"genre": "nationale", "nom": "equipe NATIONALE"}, "déjà"),
    ],
)
def test_organisation_refusee_avec_une_phrase(equipe, champs, mot):
    with pytest.raises(CommandError, match=mot):
        commande("creer_organisation", **champs)
    assert Organisation.objects.count() == 1


def test_deux_organisations_du_meme_nom_demandent_l_identifiant():
    for genre in ("acheteur", "entreprise"):
        commande("creer_organisation", genre=genre, nom="La Poste des Essais")
    with pytest.raises(CommandError, match="identifiant"):
        commande("creer_compte", **COMPTE | {"role": "acheteur", "organisation": "La Poste des Essais"})
