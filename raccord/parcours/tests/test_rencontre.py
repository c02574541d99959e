"""The meeting: somebody missing, or a parcours agreed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from raccord.comptes.models import Contact
from raccord.echeances.models import Attente, Message
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions import rencontre
from raccord.parcours.models import Parcours, Positionnement
from raccord.socle.exceptions import DejaFait, TransitionRefusee
from raccord.socle.models import Journal
from tests.distribution import Distribution
from tests.fabriques_positionnement import jour, messages_de, rencontre_fixee, rencontre_tenue, transmis


def adresse(positionnement: Positionnement, suite: str) -> str:
    return f"/propositions/{positionnement.pk}/{suite}"


# --- Somebody is missing ---------------------------------------------------------------------------


def test_pas_avant_l_heure(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    with pytest.raises(TransitionRefusee, match="revenez ensuite"):
        rencontre.constater_absence(distribution.tuteur.contexte, positionnement.pk, absent="jeune")
    page = distribution.tuteur.client().get(adresse(positionnement, "")).content.decode()
    assert "revenez ensuite" in page and "disabled" in page


@pytest.mark.parametrize(("absent", "prevenus"), [("entreprise", 2), ("jeune", 0)])
def test_absence(distribution: Distribution, absent: str, prevenus: int) -> None:
    positionnement = rencontre_fixee(distribution)
    with time_machine.travel(jour(3, 16), tick=False):
        Message.objects.all().delete()
        client = distribution.tuteur.client()
        for _ in range(2):
            reponse = client.post(adresse(positionnement, "absence/"), {"absent": absent}, follow=True)
            assert reponse.status_code == 200
        assert Message.objects.count() == len(messages_de("rencontre_manquee")) == prevenus
        page = client.get(adresse(positionnement, "")).content.decode()
        assert "n’a pas eu lieu" in page and "Proposer de nouveaux créneaux" in page
        vu = distribution.acheteur.client().get(adresse(positionnement, "")).content.decode()
        assert ("n&#x27;est pas venue" in vu) == (absent == "entreprise")
        assert "n&#x27;est pas venu à" not in vu
        assert Attente.objects.ouvertes().filter(code="rendre_compte").exists()
        actions.reproposer(distribution.tuteur.contexte, positionnement.pk, creneaux=[jour(2)], lieu="Ici")
    positionnement.refresh_from_db()
    assert (positionnement.etat, positionnement.absence) == ("transmis", "")


@pytest.mark.parametrize(("absent", "prevenus"), [("entreprise", 2), ("jeune", 0)])
def test_une_absence_notee_par_erreur_se_corrige(distribution: Distribution, absent: str, prevenus: int) -> None:
    positionnement = rencontre_fixee(distribution)
    with time_machine.travel(jour(3, 16), tick=False):
        client, corriger = distribution.tuteur.client(), adresse(positionnement, "absence/corriger/")
        client.post(adresse(positionnement, "absence/"), {"absent": absent})
        assert corriger in client.get(adresse(positionnement, "")).content.decode()
        assert distribution.tuteur_collegue.client().post(corriger).status_code == 403
        attente = Attente.objects.ouvertes().get(code="rendre_compte")
        for _ in range(2):
            assert client.post(corriger).status_code == 302
        assert len(messages_de("rencontre_manquee_corrigee")) == prevenus
        positionnement.refresh_from_db()
        assert (positionnement.etat, positionnement.absence) == ("rencontre_fixee", "")
        ligne = Journal.objects.get(verbe=f"positionnement.corriger_absence_{absent}")
        assert ("acheteur" in ligne.audience) == (absent == "entreprise") or not ligne.audience
        assert Attente.objects.ouvertes().get(code="rendre_compte").pk == attente.pk
        assert client.get(adresse(positionnement, "accord/")).status_code == 200, "on peut noter ce qui est convenu"


@pytest.mark.parametrize(("jours", "corrigee"), [(3, True), (4, False)])
def test_une_absence_ne_se_corrige_que_quelques_jours(distribution: Distribution, jours: int, corrigee: bool) -> None:
    positionnement = rencontre_fixee(distribution)
    with time_machine.travel(jour(3, 16), tick=False):
        distribution.tuteur.client().post(adresse(positionnement, "absence/"), {"absent": "jeune"})
    with time_machine.travel(jour(3 + jours, 16), tick=False):
        reponse = distribution.tuteur.client().post(adresse(positionnement, "absence/corriger/"), follow=True)
        assert ("C’est corrigé" in reponse.content.decode()) == corrigee
        assert ("se corrige jusqu" in reponse.content.decode()) != corrigee
    positionnement.refresh_from_db()
    assert positionnement.absence == ("" if corrigee else "jeune")


def test_absence_mal_dite(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    with time_machine.travel(jour(3, 16), tick=False):
        client = distribution.tuteur.client()
        assert client.get(adresse(positionnement, "absence/")).status_code == 200
        for absent in ("", "tuteur", "🦊"):
            assert client.post(adresse(positionnement, "absence/"), {"absent": absent}).status_code == 422
        with pytest.raises(rencontre.AbsentInconnu):
            rencontre.constater_absence(distribution.tuteur.contexte, positionnement.pk, absent="tuteur")
        with pytest.raises(TransitionRefusee):
            rencontre.constater_absence(distribution.tuteur_collegue.contexte, positionnement.pk, absent="jeune")


# --- Held before its hour --------------------------------------------------------------------------


def test_pas_d_accord_avant_la_rencontre(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    client = distribution.tuteur.client()
    page = client.get(adresse(positionnement, "")).content.decode()
    assert "La rencontre a eu lieu : noter" in page and "Elle a eu lieu plus tôt" in page
    assert 'accord/"' not in page, "le bouton est montré, fermé"
    page = client.get(adresse(positionnement, "accord/"), follow=True).content.decode()
    assert "dites quand" in page
    reponse = client.post(adresse(positionnement, "accord/"), accord(distribution))
    assert reponse.status_code == 422 and "revenez ensuite" in reponse.content.decode()
    assert not Parcours.objects.exists()


def test_une_rencontre_avancee(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    with time_machine.travel(jour(2, 16), tick=False):
        client, tenue = distribution.tuteur.client(), jour(0, 15)
        Message.objects.all().delete()
        assert client.get(adresse(positionnement, "avance/")).status_code == 200
        reponse = client.post(adresse(positionnement, "avance/"), {"rencontre_le": f"{tenue:%Y-%m-%dT%H:%M}"})
        assert reponse.status_code == 302 and reponse["Location"].endswith("accord/")
        positionnement.refresh_from_db()
        assert (positionnement.etat, positionnement.rencontre_le) == ("rencontre_fixee", tenue)
        assert len(messages_de("rencontre_avancee")) == Message.objects.count() == 1
        attente = Attente.objects.ouvertes().get(code="rendre_compte")
        assert attente.ouverte_le == jour(0, 16)
        # Said once: the hour is past now, the way on is what was agreed.
        assert "passée" in client.get(adresse(positionnement, "avance/"), follow=True).content.decode()
        client.post(adresse(positionnement, "accord/"), accord(distribution))
    assert Parcours.objects.count() == 1


def test_une_rencontre_ne_s_avance_pas_n_importe_quand(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    fixee = positionnement.rencontre_le
    client = distribution.tuteur.client()
    for moment, mots in (
        (jour(1), "changez la date"),
        (jour(-3), "Le profil est parti"),
        (None, "rc-resume"),
    ):
        saisie = {"rencontre_le": f"{moment:%Y-%m-%dT%H:%M}" if moment else "hier"}
        reponse = client.post(adresse(positionnement, "avance/"), saisie)
        assert reponse.status_code == 422 and mots in reponse.content.decode(), saisie
    for nom in ("tuteur_collegue", "coordonnateur", "acheteur"):
        assert getattr(distribution, nom).client().get(adresse(positionnement, "avance/")).status_code == 403
    positionnement.refresh_from_db()
    assert positionnement.rencontre_le == fixee


# --- It took place ---------------------------------------------------------------------------------


def accord(distribution: Distribution, **champs: Any) -> dict[str, Any]:
    return {
        "missions": "Préparer les commandes, aider au montage.",
        "debut": f"{jour(12):%Y-%m-%d}",
        "fin": f"{jour(12) + dt.timedelta(days=75):%Y-%m-%d}",
        "heures_prevues": "300",
        "heures_hebdo": "35",
        "jours": ["lundi", "mardi", "mercredi", "jeudi", "vendredi"],
        "arrivee": "09:00",
        "depart": "17:00",
        "pause": "60",
        "horaires": "le vendredi, départ à 16 h",
        "lieu": "12 rue des Essais, Lille",
        "referent_id": str(distribution.referent.pk),
        "nouveau_nom": "",
        "nouveau_fonction": "",
        "nouveau_courriel": "",
        "nouveau_telephone": "",
        **champs,
    }


def test_la_rencontre_a_eu_lieu(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    with time_machine.travel(jour(3, 16), tick=False):
        client = distribution.tuteur.client()
        page = client.get(adresse(positionnement, "accord/")).content.decode()
        assert "Préparer les commandes, ranger le bois" in page and distribution.referent.nom in page
        reponse = client.post(adresse(positionnement, "accord/"), accord(distribution))
        parcours = Parcours.objects.get()
        assert reponse.status_code == 302 and str(parcours.pk) in reponse["Location"]
        # Twice: one parcours, a kind word.
        reponse = client.post(adresse(positionnement, "accord/"), accord(distribution), follow=True)
        assert reponse.status_code == 200 and "déjà" in reponse.content.decode()
    positionnement.refresh_from_db()
    assert positionnement.etat == "confirme" and Parcours.objects.count() == 1
    assert parcours.heures_prevues == 300 and parcours.heures_hebdo == Decimal(35)
    assert parcours.missions == "Préparer les commandes, aider au montage."
    assert parcours.presence.en_mots() == "du lundi au vendredi, de 9\xa0h à 17\xa0h, 1\xa0h de pause"
    assert parcours.horaires == "le vendredi, départ à 16 h"
    assert parcours.referent == distribution.referent
    assert not Attente.objects.ouvertes().filter(objet_id=positionnement.pk).exists()


def test_un_autre_tuteur_dans_l_entreprise(distribution: Distribution) -> None:
    positionnement = rencontre_tenue(distribution)
    champs = {"referent_id": "autre", "nouveau_nom": "Karim Belaïd", "nouveau_telephone": "06 12 34 56 78"}
    client = distribution.tuteur.client()
    reponse = client.post(adresse(positionnement, "accord/"), accord(distribution, referent_id="autre"))
    assert reponse.status_code == 422 and "Donnez le nom" in reponse.content.decode()
    client.post(adresse(positionnement, "accord/"), accord(distribution, **champs))
    parcours = Parcours.objects.get()
    assert parcours.referent is not None and parcours.referent.nom == "Karim Belaïd"
    assert parcours.referent.organisation == distribution.entreprise
    assert Contact.objects.filter(nom="Karim Belaïd").count() == 1


def test_un_contact_connu_n_est_pas_double(distribution: Distribution) -> None:
    positionnement = rencontre_tenue(distribution)
    champs = {
        "referent_id": "autre",
        "nouveau_nom": "Elle",
        "nouveau_courriel": distribution.rrh.courriel.upper(),
    }
    distribution.tuteur.client().post(adresse(positionnement, "accord/"), accord(distribution, **champs))
    assert Parcours.objects.get().referent == distribution.rrh


@pytest.mark.parametrize(
    "champs",
    [
        {"fin": "2026-10-01"},
        {"debut": "2026-02-30"},
        {"fin": "2099-01-01"},
        {"heures_prevues": "-3"},
        {"heures_prevues": "1,5"},
        {"heures_prevues": "9999"},
        {"heures_hebdo": "48"},
        {"heures_hebdo": "0"},
        {"missions": ""},
        {"missions": "m" * 10_000},
        {"referent_id": "00000000-0000-0000-0000-000000000000"},
        {"referent_id": ""},
        {"lieu": ""},
        {"jours": ["lundi", "demain"]},
        {"arrivee": "25:00"},
        {"arrivee": ""},
        {"pause": "-5"},
        {"arrivee": "17:00"},
        {"pause": "240", "arrivee": "14:00"},
        {"jours": ["lundi", "mardi"]},
    ],
)
def test_un_accord_mal_saisi_n_ecrit_rien(distribution: Distribution, champs: dict[str, Any]) -> None:
    positionnement = rencontre_tenue(distribution)
    reponse = distribution.tuteur.client().post(adresse(positionnement, "accord/"), accord(distribution, **champs))
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "rc-resume" in page
    assert "le vendredi, départ à 16 h" in page and 'value="17:00"' in page  # what was typed is kept
    positionnement.refresh_from_db()
    assert positionnement.etat == "rencontre_fixee" and not Parcours.objects.exists()


def test_qui_ne_peut_pas_noter_l_accord(distribution: Distribution) -> None:
    positionnement = rencontre_tenue(distribution)
    for nom, statut in (("tuteur_collegue", 403), ("tuteur_etranger", 404), ("coordonnateur", 403), ("acheteur", 403)):
        client = getattr(distribution, nom).client()
        assert client.get(adresse(positionnement, "accord/")).status_code == statut, nom
        assert client.post(adresse(positionnement, "accord/"), accord(distribution)).status_code == statut, nom
    nouveau = rencontre.Personne(nom="Karim", courriel="k@essai.example")
    with pytest.raises(TransitionRefusee):
        rencontre.noter_accord(
            distribution.tuteur_collegue.contexte,
            positionnement.pk,
            missions="x",
            debut=jour(12).date(),
            fin=jour(20).date(),
            heures_prevues=35,
            heures_hebdo=Decimal(35),
            lieu="",
            nouveau_referent=nouveau,
        )
    assert not Contact.objects.filter(nom="Karim").exists()


def test_pas_de_rencontre_pas_d_accord(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    client = distribution.tuteur.client()
    page = client.get(adresse(positionnement, "accord/"), follow=True).content.decode()
    assert "n&#x27;est plus possible" in page
    reponse = client.post(adresse(positionnement, "accord/"), accord(distribution))
    assert reponse.status_code == 422
    assert issubclass(DejaFait, TransitionRefusee) and not Parcours.objects.exists()
