"""The copy of all that concerns a person: asked, prepared, taken by its owner alone, destroyed after some days."""

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.documents.actions import sceller
from raccord.documents.tests.fichiers import pdf
from raccord.echeances.models import Message
from raccord.jeunes.models import Jeune, RepresentantLegal
from raccord.rgpd.models import Copie
from raccord.socle import identite
from raccord.socle.contexte import SYSTEME
from raccord.socle.models import Journal
from tests import coulisses
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique
from tests.fabriques_positionnement import cv


def ouvrir(octets: bytes) -> tuple[dict[str, Any], zipfile.ZipFile]:
    archive = zipfile.ZipFile(io.BytesIO(octets))
    return json.loads(archive.read("donnees.json"))["donnees"], archive


@pytest.fixture
def jeune(distribution: Distribution) -> Jeune:
    """A signed bilan, a CV, a parent, messages with live links."""
    jeune = distribution.jeune(prenom="Zoélie", nom="Marchandeau", contraintes="Garde son frère.")
    RepresentantLegal.objects.create(jeune=jeune, nom="Odile Marchandeau", lien="mère", telephone="+33612345678")
    fabrique = Fabrique(distribution)
    proposition = fabrique.proposition(jeune=jeune)
    sceller(distribution.tuteur.contexte, proposition, "cv", cv())
    fabrique.bilan_signe(proposition=proposition)
    return jeune


def demander(d: Distribution, jeune: Jeune) -> tuple[Client, str]:
    client = d.tuteur.client()
    reponse = client.post(f"/jeunes/{jeune.pk}/donnees/", {"geste": "demander"}, follow=True)
    assert "La copie est prête" in reponse.content.decode()
    return client, f"/mes-donnees/{Copie.objects.get().pk}/"


def test_tout_ce_qui_concerne_le_jeune(distribution: Distribution, jeune: Jeune) -> None:
    client, adresse = demander(distribution, jeune)
    reponse = client.get(adresse)
    assert reponse["Content-Type"] == "application/zip" and reponse["Cache-Control"] == "private, no-store"
    donnees, archive = ouvrir(reponse.content)
    assert sorted(archive.namelist()) == ["donnees.json", "donnees.pdf", "pieces/1-cv.pdf"]
    assert archive.read("pieces/1-cv.pdf") == pdf()
    assert archive.read("donnees.pdf").startswith(b"%PDF")
    assert donnees["jeune"][0]["prénom"] == "Zoélie"
    assert donnees["jeune"][0]["à savoir (jamais transmis)"] == "Garde son frère."
    assert donnees["représentant légal"][0]["nom et prénom"] == "Odile Marchandeau"
    assert donnees["parcours"][0]["missions convenues"].startswith("Préparer les commandes")
    assert {voix["ce que je retiens"] for voix in donnees["voix du bilan"]} >= {"J'ai aimé le bois."}
    assert len(donnees["semaine"]) == 5 and len(donnees["évaluation"]) == 4
    assert donnees["jeune"][0]["envies"] == "Logistique"
    assert next(iter(donnees)) == "jeune" and "MLDS de Lille" in {
        ligne.get("organisation") for ligne in donnees["ligne de journal"]
    }
    assert donnees["ligne de journal"] and donnees["message"] and donnees["document"]


def test_rien_ne_permet_d_agir_a_sa_place(distribution: Distribution, jeune: Jeune) -> None:
    """The tutor carries the copy: no live link of the young person, no id, nobody else's letter."""
    jetons = [corps for corps in Message.objects.filter(jeune_id=jeune.pk).values_list("corps", flat=True)]
    assert any("/lien/" in corps for corps in jetons)
    client, adresse = demander(distribution, jeune)
    _, archive = ouvrir(client.get(adresse).content)
    texte = archive.read("donnees.json").decode()
    assert "/lien/…" in texte
    for corps in jetons:
        for mot in corps.split():
            if "/lien/" in mot:
                assert mot not in texte
    assert str(jeune.pk) not in texte
    assert distribution.referent.courriel not in texte


def test_chaque_geste_laisse_sa_ligne(distribution: Distribution, jeune: Jeune) -> None:
    client, adresse = demander(distribution, jeune)
    client.get(adresse)
    verbes = list(Journal.objects.du_fil(jeune.pk).values_list("verbe", flat=True))
    assert {"rgpd.copier", "rgpd.telecharger", "document.ouvrir"} <= set(verbes) | set(
        Journal.objects.values_list("verbe", flat=True)
    )
    assert "a téléchargé la copie des données" in client.get(f"/jeunes/{jeune.pk}/").content.decode()
    assert Copie.objects.get().telechargee_le == timezone.now()


def test_nul_autre_ne_la_prend(distribution: Distribution, jeune: Jeune) -> None:
    _, adresse = demander(distribution, jeune)
    assert distribution.tuteur_collegue.client().get(adresse).status_code == 200
    for qui in ("tuteur_etranger", "coordonnateur", "national", "acheteur"):
        assert getattr(distribution, qui).client().get(adresse).status_code == 404, qui
    assert Client().get(adresse).status_code == 302


@pytest.mark.parametrize(
    ("qui", "attendu"), [("tuteur", 1), ("tuteur_etranger", 0), ("coordonnateur", 0), ("national", 0), ("acheteur", 0)]
)
def test_la_base_ne_la_montre_pas(distribution: Distribution, qui: str, attendu: int) -> None:
    """Whatever a view forgets to ask."""
    jeune = distribution.jeune()
    demander(distribution, jeune)
    with coulisses.fermees(), identite.agir(getattr(distribution, qui).contexte):
        assert Copie.objects.count() == attendu
    with coulisses.fermees(), identite.agir(SYSTEME):
        assert Copie.objects.count() == 0


def test_au_bout_de_quelques_jours_elle_est_detruite(distribution: Distribution, jeune: Jeune) -> None:
    client, adresse = demander(distribution, jeune)
    with time_machine.travel(timezone.now() + dt.timedelta(days=8), tick=False):
        client = distribution.tuteur.client()
        reponse = client.get(adresse)
        assert reponse.status_code == 410 and "Demandez-en une nouvelle" in reponse.content.decode()
        assert "détruite le" in client.get(f"/jeunes/{jeune.pk}/donnees/").content.decode()
        call_command("appliquer_durees", stdout=io.StringIO())
        assert Copie.objects.exists()
        call_command("appliquer_durees", "--pour-de-vrai", stdout=io.StringIO())
    assert not Copie.objects.exists()


def test_deux_clics_une_copie(distribution: Distribution, jeune: Jeune) -> None:
    client, _ = demander(distribution, jeune)
    client.post(f"/jeunes/{jeune.pk}/donnees/", {"geste": "demander"})
    assert Copie.objects.count() == 1


def test_scellee_pour_une_seule_personne(distribution: Distribution, jeune: Jeune) -> None:
    """Moved under somebody else in the database, it does not open."""
    _, adresse = demander(distribution, jeune)
    copie = Copie.objects.get()
    assert b"Marchandeau" not in bytes(copie.scelle)
    Copie.objects.update(genre="utilisateur", personne_id=distribution.national.utilisateur.pk)
    reponse = distribution.national.client().get(adresse)
    assert reponse.status_code == 409 and b"PK" not in reponse.content[:4]


# --- By a link -------------------------------------------------------------------------------------


def test_le_jeune_la_prend_par_son_lien(distribution: Distribution, jeune: Jeune, client: Client) -> None:
    distribution.tuteur.client().post(f"/jeunes/{jeune.pk}/donnees/", {"geste": "envoyer"})
    message = Message.objects.get(code="rgpd.lien")
    assert message.courriel == jeune.courriel and "Marchandeau" not in message.corps + message.sujet
    chemin = "/lien/" + message.corps.split("/lien/")[1].split("/")[0] + "/"
    page = client.get(chemin).content.decode()
    assert "Préparer une copie" in page and not Copie.objects.exists()
    page = client.post(chemin, follow=True).content.decode()
    copie = Copie.objects.get()
    assert f"{chemin}?copie={copie.pk}" in page
    donnees, archive = ouvrir(client.get(f"{chemin}?copie={copie.pk}").content)
    assert donnees["jeune"][0]["nom"] == "Marchandeau" and "pieces/1-cv.pdf" in archive.namelist()
    # Asked alone, it is theirs alone: the tutor asks for another.
    assert distribution.tuteur.client().get(f"/mes-donnees/{copie.pk}/").status_code == 404
    distribution.tuteur.client().post(f"/jeunes/{jeune.pk}/donnees/", {"geste": "demander"})
    assert Copie.objects.count() == 2


def chemin_du_parent(d: Distribution, jeune: Jeune, parent: RepresentantLegal) -> str:
    saisie = {"geste": "envoyer_au_representant", "representant": str(parent.pk)}
    page = d.tuteur.client().post(f"/jeunes/{jeune.pk}/donnees/", saisie, follow=True)
    assert "Le lien est parti" in page.content.decode()
    message = Message.objects.get(code="rgpd.lien", representant_id=parent.pk)
    return "/lien/" + message.corps.split("/lien/")[1].split("/")[0] + "/"


def test_un_representant_prend_ses_donnees_et_pas_le_dossier(
    distribution: Distribution, jeune: Jeune, client: Client
) -> None:
    d, parent = distribution, jeune.representants.get()
    RepresentantLegal.objects.filter(pk=parent.pk).update(courriel="odile@essai.example")
    RepresentantLegal.objects.create(jeune=jeune, nom="Autre Parent", lien="père", telephone="+33612345679")
    chemin = chemin_du_parent(d, jeune, parent)
    with coulisses.fermees():
        assert "Préparer une copie" in client.get(chemin).content.decode()
        client.post(chemin)
    copie = Copie.objects.get()
    assert (copie.genre, copie.personne_id) == ("representant", parent.pk)
    with coulisses.fermees():
        donnees, archive = ouvrir(client.get(f"{chemin}?copie={copie.pk}").content)
    assert [fiche["nom et prénom"] for fiche in donnees["représentant légal"]] == ["Odile Marchandeau"]
    assert len(donnees["message"]) == 1
    tout = archive.read("donnees.json").decode()
    assert archive.namelist() == ["donnees.pdf", "donnees.json"]
    assert not [mot for mot in ("Zoélie", "Garde son frère", "Autre Parent", str(jeune.pk)) if mot in tout]
    # Theirs alone: neither the young person, the other parent nor the tutor takes it.
    autre = liens.creer_pour_jeune("rgpd.donnees", jeune.pk, jeune.pk)
    assert client.get(f"/{autre.split('/', 3)[3]}?copie={copie.pk}").status_code == 404
    assert d.tuteur.client().get(f"/mes-donnees/{copie.pk}/").status_code == 404


def test_le_representant_d_un_autre_jeune_ne_recoit_rien(distribution: Distribution, jeune: Jeune) -> None:
    d, autre = distribution, distribution.jeune()
    parent = RepresentantLegal.objects.create(jeune=autre, nom="Ailleurs", lien="mère", courriel="a@essai.example")
    saisie = {"geste": "envoyer_au_representant", "representant": str(parent.pk)}
    assert d.tuteur.client().post(f"/jeunes/{jeune.pk}/donnees/", saisie).status_code == 404
    assert not Message.objects.filter(code="rgpd.lien").exists()


def test_le_lien_d_un_autre_ne_la_prend_pas(distribution: Distribution, jeune: Jeune, client: Client) -> None:
    demander(distribution, jeune)
    copie, autre = Copie.objects.get(), distribution.jeune()
    adresse = liens.creer_pour_jeune("rgpd.donnees", autre.pk, autre.pk)
    chemin = "/" + adresse.split("/", 3)[3]
    assert client.get(f"{chemin}?copie={copie.pk}").status_code == 404
    assert client.get(f"{chemin}?copie=nimporte-quoi").status_code == 404


def test_un_jeune_sans_courriel(distribution: Distribution) -> None:
    jeune = distribution.jeune(courriel="")
    reponse = distribution.tuteur.client().post(f"/jeunes/{jeune.pk}/donnees/", {"geste": "envoyer"}, follow=True)
    assert "pas de courriel" in reponse.content.decode()
    assert not Message.objects.filter(code="rgpd.lien").exists()


def test_un_contact_la_demande_par_son_adresse(distribution: Distribution, client: Client) -> None:
    contact = distribution.referent
    reponse = client.post("/mes-donnees/recevoir/", {"courriel": contact.courriel.upper()})
    connue = reponse.content.decode()
    inconnue = client.post("/mes-donnees/recevoir/", {"courriel": "inconnu@essai.example"}).content.decode()
    assert connue.replace(contact.courriel, "X") == inconnue.replace("inconnu@essai.example", "X")
    client.post("/mes-donnees/recevoir/", {"courriel": contact.courriel})
    message = Message.objects.get(code="rgpd.lien")
    assert LienAction.objects.filter(action="rgpd.donnees").count() == 1
    chemin = "/lien/" + message.corps.split("/lien/")[1].split("/")[0] + "/"
    client.post(chemin)
    donnees, _ = ouvrir(client.get(f"{chemin}?copie={Copie.objects.get().pk}").content)
    assert donnees["contact"] == [
        {
            "nom et prénom": contact.nom,
            "fonction": contact.fonction,
            "courriel": contact.courriel,
            "organisation": "Menuiserie Dubois",
            **{cle: donnees["contact"][0][cle] for cle in ("le", "créé le") if cle in donnees["contact"][0]},
        }
    ]


# --- An account holder -----------------------------------------------------------------------------


def test_un_compte_prend_la_sienne(distribution: Distribution, jeune: Jeune) -> None:
    moi = distribution.tuteur
    client = moi.client()
    page = client.post("/mes-donnees/", follow=True).content.decode()
    copie = Copie.objects.get()
    assert f"/mes-donnees/{copie.pk}/" in page
    donnees, archive = ouvrir(client.get(f"/mes-donnees/{copie.pk}/").content)
    assert donnees["utilisateur"][0]["adresse de courriel"] == moi.utilisateur.courriel
    assert "Marchandeau" not in archive.read("donnees.json").decode()
    assert distribution.tuteur_collegue.client().get(f"/mes-donnees/{copie.pk}/").status_code == 404


def test_un_compte_qui_n_agit_pour_personne(distribution: Distribution) -> None:
    moi = distribution.acheteur_collegue
    moi.adhesion.fin = timezone.now()
    moi.adhesion.save()
    moi.utilisateur.refresh_from_db()  # a role that ends ends the sessions
    client = Client()
    client.force_login(moi.utilisateur, backend="sesame.backends.ModelBackend")
    assert "à télécharger" in client.post("/mes-donnees/", follow=True).content.decode()
    copie = Copie.objects.get()
    assert client.get(f"/mes-donnees/{copie.pk}/").status_code == 200
