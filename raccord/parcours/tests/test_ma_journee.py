"""Ma journée, for every role: today's meetings first, then what waits; an empty day says so."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from raccord.comptes import liens
from raccord.echeances.models import Attente
from raccord.jeunes.models import RepresentantLegal
from raccord.parcours.models import Offre
from raccord.socle import calendrier
from tests.distribution import Distribution
from tests.fabriques_positionnement import accepte, jour, lien_de, rencontre_fixee, reservation, transmis

LE_JOUR = dt.datetime(2026, 10, 9, 8, tzinfo=calendrier.PARIS)


def journee(distribution: Distribution, nom: str) -> str:
    return getattr(distribution, nom).client().get("/ma-journee/").content.decode()


def test_la_rencontre_du_jour_pour_chacun(distribution: Distribution) -> None:
    d = distribution
    d.referent.telephone = "+33320000000"
    d.referent.save()
    positionnement = rencontre_fixee(d)
    rencontre_fixee(d, creneaux=[jour(4)])
    jeune = positionnement.jeune
    with time_machine.travel(LE_JOUR, tick=False):
        page = journee(d, "tuteur")
        assert page.count("14\xa0h : Menuiserie Dubois") == 1 and "12 rue des Essais" in page
        assert jeune.nom in page and "tel:+33320000000" in page
        assert page.index("Rencontres du jour") < page.index("Dire comment la rencontre")
        for suit in ("coordonnateur", "acheteur"):
            page = journee(d, suit)
            assert "14\xa0h : Menuiserie Dubois" in page and jeune.nom not in page
            assert "tel:+33320000000" not in page and d.tuteur.utilisateur.nom_complet in page
        for ailleurs in ("tuteur_collegue", "tuteur_etranger", "coordonnateur_etranger", "acheteur_etranger"):
            assert "Menuiserie Dubois" not in journee(d, ailleurs), ailleurs


@pytest.mark.parametrize(
    ("nom", "dit"),
    [
        ("tuteur_etranger", "Voir les offres"),
        ("coordonnateur_etranger", "Voir l’état des lieux"),
        ("national", "Voir l’état des lieux"),
        ("acheteur_etranger", "Voir mes marchés"),
    ],
)
def test_une_journee_vide_dit_quoi_faire(distribution: Distribution, nom: str, dit: str) -> None:
    page = journee(distribution, nom)
    assert "Rien ne vous attend" in page and dit in page


def test_le_jour_est_celui_du_lieu(distribution: Distribution) -> None:
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(commune="98818")
    debut = dt.datetime.fromisoformat("2026-10-14T08:00+11:00")  # the 13th at 23:00 in Paris
    rencontre_fixee(distribution, tenue=reservation(distribution, offre=offre), creneaux=[debut])
    with time_machine.travel(debut - dt.timedelta(hours=1), tick=False):
        assert "8\xa0h : Menuiserie Dubois" in journee(distribution, "tuteur")


def test_par_son_lien(distribution: Distribution) -> None:
    d = distribution
    premiere, seconde = transmis(d), rencontre_fixee(d)
    client, lien = Client(), lien_de(seconde, d.referent)
    assert f"{lien}journee/" in client.get(lien).content.decode()
    page = client.get(f"{lien}journee/").content.decode()
    assert "1 rencontre à venir" in page.replace("\xa0", " ") and "Vendredi 9 octobre 2026" in page
    assert "Répondre : choisir un créneau" in page and premiere.jeune.nom not in page
    attente = Attente.objects.ouvertes().get(code="repondre", contact_id=d.referent.pk)
    reponse = client.post(f"{lien}journee/", {"attente": str(attente.pk)})
    assert (
        "/lien/" in reponse["Location"]
        and "Choisissez un moment" in client.get("/" + reponse["Location"].split("/", 3)[3]).content.decode()
    )
    for faux in ("", "rien", str(Attente.objects.ouvertes().filter(role="tuteur")[0].pk)):
        assert client.post(f"{lien}journee/", {"attente": faux})["Location"] == f"{lien}journee/"


def test_pouvoir_annuler_n_est_pas_une_chose_a_faire(distribution: Distribution) -> None:
    positionnement = accepte(distribution)
    assert Attente.objects.ouvertes().filter(code="revenir", contact_id=distribution.referent.pk).exists()
    page = Client().get(f"{lien_de(positionnement, distribution.referent)}journee/").content.decode()
    assert "Annuler sa réponse" not in page and "Rien ne dépend de vous" in page
    assert "Annuler sa réponse" not in journee(distribution, "tuteur")


def test_le_jeune_et_ses_parents(distribution: Distribution) -> None:
    fixee = rencontre_fixee(distribution)
    parent = RepresentantLegal.objects.create(
        jeune=fixee.jeune, nom="Odile Roy", lien="mère", courriel="odile@essai.example"
    )
    for adresse in (
        liens.creer_pour_jeune("parcours.jeune", fixee.pk, fixee.jeune.pk),
        liens.creer_pour_representant("parcours.representant", fixee.pk, parent.pk),
    ):
        chemin = "/" + adresse.split("/", 3)[3]
        page = Client().get(f"{chemin}journee/").content.decode()
        assert "Vendredi 9 octobre 2026 à 14\xa0h" in page and "Rien ne dépend de vous" in page
