"""My meetings in my own calendar, by a secret address."""

import datetime as dt
import json
import logging

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from raccord.parcours.actions import positionnement as actions
from raccord.parcours.models import AdresseAgenda, Positionnement
from raccord.socle.traces import LigneJson
from tests.distribution import Distribution, Personne
from tests.fabriques_positionnement import jour, rencontre_fixee

ICI = "/mon-compte/agenda/"


def creer(personne: Personne) -> str:
    """The path of a fresh address, read in the answer to the button."""
    page = personne.client().post(ICI).content.decode()
    return "/" + page.split('value="http', 1)[1].split('"', 1)[0].split("/", 3)[3]


def entrees(adresse: str) -> list[dict[str, object]]:
    reponse = Client().get(adresse)
    assert reponse.status_code == 200 and reponse["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(reponse.content).walk("VEVENT"))


def test_creer_renouveler_retirer(distribution: Distribution) -> None:
    rencontre_fixee(distribution)
    client = distribution.tuteur.client()
    assert (
        "Créer mon adresse" in client.get(ICI).content.decode()
        and "Relier mon agenda" in client.get("/mon-compte/").content.decode()
    )
    premiere = creer(distribution.tuteur)
    assert len(entrees(premiere)) == 1
    page = client.get(ICI).content.decode()
    jeton = premiere.rsplit("/", 1)[1].removesuffix(".ics")
    assert jeton not in page and "Créer une nouvelle adresse" in page
    assert jeton not in json.dumps(list(AdresseAgenda.objects.values("empreinte"))), "une empreinte seulement"
    seconde = creer(distribution.tuteur)
    assert seconde != premiere and Client().get(premiere).status_code == 404
    assert len(entrees(seconde)) == 1
    client.post(ICI, {"geste": "retirer"})
    assert Client().get(seconde).status_code == 404 and not AdresseAgenda.objects.exists()


def test_les_siennes_et_sans_nom(distribution: Distribution) -> None:
    d, positionnement = distribution, rencontre_fixee(distribution)
    (entree,) = entrees(creer(d.tuteur))
    texte = str(entree)
    for secret in (positionnement.jeune.nom, positionnement.jeune.prenom):
        assert secret not in texte
    assert entree["dtstart"].dt == positionnement.rencontre_le and "Menuiserie Dubois" in entree["summary"]
    for autre in (d.tuteur_collegue, d.coordonnateur, d.acheteur):
        assert entrees(creer(autre)) == []


def test_une_rencontre_annulee_reste_le_temps_de_l_oter(distribution: Distribution) -> None:
    positionnement, adresse = rencontre_fixee(distribution), creer(distribution.tuteur)
    actions.arreter(distribution.tuteur.contexte, positionnement.pk, motif="injoignable")
    (entree,) = entrees(adresse)
    assert (entree["status"], entree["sequence"]) == ("CANCELLED", 1)


def test_qui_redemande_apprend_que_rien_n_a_change(distribution: Distribution) -> None:
    positionnement, adresse = rencontre_fixee(distribution), creer(distribution.tuteur)
    reponse = Client().get(adresse)
    assert "private" in reponse["Cache-Control"] and "public" not in reponse["Cache-Control"]
    marque = {"HTTP_IF_NONE_MATCH": reponse["ETag"]}
    encore = Client().get(adresse, **marque)
    assert (encore.status_code, encore.content) == (304, b"")
    actions.arreter(distribution.tuteur.contexte, positionnement.pk, motif="injoignable")
    assert Client().get(adresse, **marque).status_code == 200


def test_autant_de_requetes_pour_une_que_pour_quatre(distribution: Distribution) -> None:
    adresse = creer(distribution.tuteur)
    comptes = []
    for tour in range(4):
        rencontre_fixee(distribution, creneaux=[jour(3 + tour)])
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert len(entrees(adresse)) == tour + 1
        comptes.append(len(requetes))
    assert len(set(comptes)) == 1, comptes


def test_ni_les_traces_ni_les_devineurs(distribution: Distribution, caplog: pytest.LogCaptureFixture) -> None:
    adresse = creer(distribution.tuteur)
    jeton = adresse.rsplit("/", 1)[1].removesuffix(".ics")
    with caplog.at_level(logging.DEBUG):
        Client().get(adresse)
        Client().get(adresse.replace(jeton, jeton[:-1] + "_"))
    ecrit = "\n".join(LigneJson().format(ligne) for ligne in caplog.records if ligne.name.startswith("raccord"))
    assert "agenda/<str:jeton>.ics" in ecrit and jeton[:-1] not in ecrit
    statuts = [Client().get(f"/agenda/faux{numero}.ics").status_code for numero in range(62)]
    assert set(statuts) == {404, 429} and Client().get(adresse).status_code == 429


def test_le_compte_ferme_ferme_l_adresse(distribution: Distribution) -> None:
    adresse = creer(distribution.tuteur)
    distribution.tuteur.utilisateur.is_active = False
    distribution.tuteur.utilisateur.save()
    assert Client().get(adresse).status_code == 404


def test_les_anciennes_s_en_vont(distribution: Distribution) -> None:
    rencontre_fixee(distribution)
    adresse = creer(distribution.tuteur)
    with time_machine.travel(timezone.now() + dt.timedelta(days=120), tick=False):
        assert entrees(adresse) == []
    assert Positionnement.objects.count() == 1
