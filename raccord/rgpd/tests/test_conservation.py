"""What time erases: a warning first, a delay to answer it, then nothing of the person."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.models import Contact, LienAction, Utilisateur
from raccord.echeances.models import Message
from raccord.jeunes.models import Jeune
from raccord.parcours.models import Parcours
from raccord.rgpd import conservation
from raccord.rgpd.conservation import Bilan, appliquer
from raccord.rgpd.models import Avertissement
from raccord.socle import identite, journal
from raccord.socle.models import Journal, Parametre
from tests import coulisses
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "proprietaire"])


@contextmanager
def dans(jours: int) -> Iterator[None]:
    with time_machine.travel(timezone.now() + dt.timedelta(days=jours), tick=False):
        yield


def pour_de_vrai() -> Bilan:
    """As the loop does: under the product's policies, in nobody's name to begin with, for the round's reason."""
    with coulisses.fermees(), identite.motiver("conservation"):
        return appliquer(pour_de_vrai=True)


def lettres(code: str = "rgpd.bientot_efface") -> list[str]:
    return sorted(Message.objects.filter(code=code).values_list("courriel", flat=True))


@pytest.fixture
def jeune(distribution: Distribution) -> Jeune:
    jeune = distribution.jeune(prenom="Zoélie", nom="Marchandeau")
    journal.inscrire(distribution.tuteur.contexte, jeune, "jeune.creer", "a ouvert le suivi")
    return jeune


# 24 months are 731 days from there, 60 days of warning: 671.
def test_personne_n_est_prevenu_trop_tot(distribution: Distribution, jeune: Jeune) -> None:
    with dans(670):
        assert pour_de_vrai().prevenus == 0
        assert not Avertissement.objects.exists() and lettres() == []


def test_le_tuteur_est_prevenu_une_fois_sans_nom(distribution: Distribution, jeune: Jeune) -> None:
    with dans(672):
        sortie = io.StringIO()
        call_command("appliquer_durees", stdout=sortie)
        assert "Simulation" in sortie.getvalue() and not Avertissement.objects.exists() and lettres() == []
        pour_de_vrai()
        assert lettres() == sorted(
            [distribution.tuteur.utilisateur.courriel, distribution.coordonnateur.utilisateur.courriel]
        )
        message = Message.objects.filter(code="rgpd.bientot_efface").first()
        assert (
            message is not None and "MLDS de Lille" in message.corps and f"/jeunes/{jeune.pk}/donnees/" in message.corps
        )
        for mot in ("Zoélie", "Marchandeau"):
            assert mot not in message.sujet + message.corps
        assert Avertissement.objects.get(genre="jeune").efface_le == dt.date(2028, 10, 7)
        assert pour_de_vrai().prevenus == 0 and len(lettres()) == 2


def test_regarder_n_est_pas_suivre(distribution: Distribution, jeune: Jeune) -> None:
    with dans(400):
        distribution.tuteur.client().get(f"/jeunes/{jeune.pk}/")
        assert Journal.objects.filter(verbe="jeune.ouvrir").exists()
    with dans(672):
        pour_de_vrai()
        assert Avertissement.objects.filter(genre="jeune").exists()


def test_le_suivi_continue(distribution: Distribution, jeune: Jeune) -> None:
    with dans(672):
        pour_de_vrai()
        client, adresse = distribution.tuteur.client(), f"/jeunes/{jeune.pk}/donnees/"
        assert "sera bientôt effacé" in client.get(adresse).content.decode()
        assert "le suivi continue" in client.post(adresse, {"geste": "poursuivre"}, follow=True).content.decode()
        assert "sera bientôt effacé" not in client.get(adresse).content.decode()
    with dans(800):
        pour_de_vrai()
        assert Jeune.objects.get(pk=jeune.pk).nom == "Marchandeau"


def test_une_nouvelle_entre_temps_annule_l_avertissement(distribution: Distribution, jeune: Jeune) -> None:
    with dans(672):
        pour_de_vrai()
    with dans(680):
        journal.inscrire(distribution.tuteur.contexte, jeune, "jeune.modifier", "a mis le dossier à jour")
    with dans(760):
        pour_de_vrai()
    assert Jeune.objects.get(pk=jeune.pk).nom == "Marchandeau"


def test_puis_le_dossier_est_efface() -> None:
    d = Distribution()
    jeune = d.jeune(prenom="Zoélie", nom="Marchandeau")
    journal.inscrire(d.tuteur.contexte, jeune, "jeune.creer", "a ouvert le suivi")
    with dans(700):
        pour_de_vrai()
    with dans(740):  # the duration is over, the delay is not
        pour_de_vrai()
        assert Jeune.objects.get().nom == "Marchandeau"
    with dans(761):
        simule = appliquer(pour_de_vrai=False)
        assert simule.effaces >= 1 and Jeune.objects.get().nom == "Marchandeau"
        assert pour_de_vrai().effaces == simule.effaces
        assert Jeune.objects.get().nom == "" and not Jeune.objects.filter(pk=jeune.pk).exists()
        assert not Avertissement.objects.filter(genre="jeune").exists()
        ligne = Journal.objects.filter(verbe="rgpd.effacer", objet_type="jeunes.jeune").get()
        assert ligne.acteur_genre == "systeme"
        assert pour_de_vrai().effaces == 0


def test_un_parcours_oublie_ouvert_retient_le_dossier() -> None:
    d = Distribution()
    parcours = Fabrique(d).en_cours()
    with dans(1200):
        assert pour_de_vrai().reportes >= 1
    with dans(1300):
        pour_de_vrai()
    assert Parcours.objects.get(pk=parcours.pk).jeune.nom != ""
    assert lettres() == []


def test_un_dossier_en_panne_ne_retient_pas_les_autres(monkeypatch: pytest.MonkeyPatch) -> None:
    d = Distribution()
    premier, second = d.jeune(), d.jeune()
    with dans(700):
        pour_de_vrai()
    vrai = conservation.effacer

    def tomber(contexte, genre, personne_id):  # type: ignore[no-untyped-def]
        if personne_id == premier.pk:
            raise RuntimeError("panne")
        return vrai(contexte, genre, personne_id)

    monkeypatch.setattr(conservation, "effacer", tomber)
    with dans(761):
        pour_de_vrai()
    assert Jeune.objects.get(pk=premier.pk).nom == premier.nom
    assert not Jeune.objects.filter(pk=second.pk).exists()


def test_un_contact_et_un_compte_oublies(client: Client) -> None:
    d = Distribution()
    d.jeune()
    with dans(680):
        pour_de_vrai()
        assert d.acheteur_collegue.utilisateur.courriel in lettres("rgpd.bientot_ferme")
        assert d.rrh.courriel not in lettres("rgpd.bientot_ferme"), "36 mois pour un contact"
        assert d.tuteur.utilisateur.courriel not in lettres("rgpd.bientot_ferme"), "il suit un jeune"
    with dans(735):
        Utilisateur.objects.filter(pk=d.acheteur.utilisateur.pk).update(last_login=timezone.now())
    with dans(745):
        pour_de_vrai()
        assert Utilisateur.objects.get(pk=d.acheteur_collegue.utilisateur.pk).nom_complet == "Compte effacé"
        assert Utilisateur.objects.get(pk=d.acheteur.utilisateur.pk).nom == d.acheteur.utilisateur.nom
    with dans(1040):
        pour_de_vrai()
        assert d.rrh.courriel in lettres("rgpd.bientot_ferme")
        chemin = Message.objects.get(code="rgpd.bientot_ferme", contact_id=d.referent.pk).corps
        chemin = "/lien/" + chemin.split("/lien/")[1].split("/")[0] + "/"
        assert "Elles sont toujours bonnes" in client.get(chemin).content.decode()  # opening is no act
        assert "sont gardées" in client.post(chemin, {"geste": "confirmer"}, follow=True).content.decode()
    with dans(1101):
        pour_de_vrai()
    assert Contact.objects.filter(pk=d.referent.pk).exists(), "confirmé"
    assert not Contact.objects.filter(pk=d.rrh.pk).exists()


def test_ce_qui_n_est_le_dossier_de_personne(distribution: Distribution) -> None:
    liens.creer_pour_contact("parcours.fiche", distribution.entreprise.pk, distribution.referent)
    for envoye in (timezone.now(), None):
        Message.objects.create(code="x.y", sujet="s", corps="c", courriel="a@b.example", envoye_le=envoye)
    distribution.tuteur.client()
    with dans(300):
        bilan = pour_de_vrai()
        assert (bilan.messages, bilan.liens) == (0, 0) and bilan.sessions == 1
    with dans(500):
        bilan = pour_de_vrai()
        assert (bilan.messages, bilan.liens) == (1, 1)
    assert Message.objects.filter(code="x.y").count() == 1, "celui qui n'est pas parti reste"
    assert not LienAction.objects.exists() and not Session.objects.exists()


@pytest.fixture
def six_mois(transactional_db: None) -> Iterator[None]:
    """Rules are reference data: what a test adds, it takes away."""
    essai = Parametre.objects.create(
        cle="conservation_jeune", debut="2026-10-01", valeur=6, unite="mois", libelle="Essai", source="Essai"
    )
    yield
    essai.delete()


@pytest.mark.usefixtures("six_mois")
def test_la_duree_est_un_parametre(distribution: Distribution, jeune: Jeune) -> None:
    with dans(130):
        pour_de_vrai()
        assert Avertissement.objects.filter(genre="jeune").exists()


def test_la_boucle_le_fait_chaque_jour(distribution: Distribution, jeune: Jeune) -> None:
    with dans(672), coulisses.fermees():
        call_command("relever_echeances", "--sans-envoi", stdout=io.StringIO())
    assert Avertissement.objects.filter(genre="jeune").exists()
