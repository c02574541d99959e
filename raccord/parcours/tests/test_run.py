"""The RUN: fifteen stuck files and more, one after the other, never one that a colleague is on."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import time_machine
from django.test import Client

from raccord.echeances.models import Attente
from raccord.parcours.models import DossierRun, Run
from tests.distribution import Distribution
from tests.fabriques_positionnement import transmis

DEPART = dt.datetime(2026, 10, 6, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


def le(jours: float) -> time_machine.travel:
    return time_machine.travel(DEPART + dt.timedelta(days=jours), tick=False)


def bloquer(distribution: Distribution, nombre: int) -> list[Attente]:
    """So many proposals that a company does not answer, the first the oldest."""
    attentes = []
    for rang in range(nombre):
        positionnement = transmis(distribution)
        attente = Attente.objects.get(code="repondre", objet_id=positionnement.pk)
        attente.ouverte_le = DEPART - dt.timedelta(days=nombre - rang)
        attente.save()
        attentes.append(attente)
    return attentes


def commencer(client: Client, **champs: str) -> str:
    """The address of the session."""
    reponse = client.post("/run/", champs)
    assert reponse.status_code == 302, reponse.content.decode()
    return str(reponse.url)


def a_l_ecran(page: str) -> str:
    """The file on screen."""
    trouve = re.search(r'name="attente" value="([^"]+)"', page)
    assert trouve is not None
    return trouve.group(1)


def test_quinze_dossiers_et_plus_dans_une_seance(distribution: Distribution) -> None:
    attentes = bloquer(distribution, 17)
    gestes = ["messagerie", "rappelle", "passe", "pause", "repondu", "faux_numero", "accord"]
    vus = []
    with le(6):
        client = distribution.tuteur.client()
        adresse = commencer(client, perimetre="")
        for rang in range(40):
            reponse = client.get(adresse)
            if reponse.status_code == 302:
                break
            page = reponse.content.decode()
            courant = a_l_ecran(page)
            vus.append(courant)
            geste = gestes[rang % len(gestes)]
            champs = {"attente": courant, "geste": geste}
            if geste == "rappelle":
                champs["appel-rappel_le"] = "2026-10-20"
            if geste == "pause":
                champs |= {"pause-jusqu_au": "2026-10-20", "pause-raison": "fermé pour inventaire"}
            if geste == "accord":
                champs["creneau"] = re.findall(r'name="creneau" value="([^"]+)"', page)[0]
            assert client.post(adresse, champs).status_code == 302, geste
        bilan = client.get(f"{adresse}bilan/").content.decode()
    assert vus == [str(attente.pk) for attente in attentes], "le plus ancien d'abord, chacun une fois"
    assert DossierRun.objects.count() == 17 and "17 dossiers vus" in bilan.replace("\xa0", " ")
    assert "La réponse est là." in bilan and "Rappels en pause" in bilan


def test_s_arreter_et_reprendre(distribution: Distribution) -> None:
    bloquer(distribution, 3)
    with le(6):
        client = distribution.tuteur.client()
        adresse = commencer(client)
        premier = a_l_ecran(client.get(adresse).content.decode())
        client.post(adresse, {"attente": premier, "geste": "messagerie"})
        second = a_l_ecran(client.get(adresse).content.decode())
    with le(7):
        client = distribution.tuteur.client()
        assert "Une séance est commencée" in client.get("/run/").content.decode()
        assert commencer(client) == adresse
        assert a_l_ecran(client.get(adresse).content.decode()) == second
        client.post(f"{adresse}terminer/")
        assert client.get(adresse).status_code == 302
        assert commencer(client) != adresse


def test_on_ne_prend_pas_le_dossier_d_un_collegue(distribution: Distribution) -> None:
    bloquer(distribution, 2)
    with le(6):
        national, coordination = distribution.national.client(), distribution.coordonnateur.client()
        pris = a_l_ecran(national.get(commencer(national)).content.decode())
        page = coordination.get("/run/").content.decode()
        assert f"{distribution.national.utilisateur.nom_complet} s’en occupe" in page
        autre = a_l_ecran(coordination.get(commencer(coordination)).content.decode())
        assert autre != pris
        fiche = distribution.tuteur.client().get(f"/propositions/{Attente.objects.get(pk=pris).objet_id}/")
        assert f"{distribution.national.utilisateur.nom_complet} s’en occupe." in fiche.content.decode()
    with le(6.1):  # twenty minutes later it is anybody's
        tuteur = distribution.tuteur.client()
        assert a_l_ecran(tuteur.get(commencer(tuteur)).content.decode()) == pris


def test_un_dossier_appele_aujourd_hui_attend_demain(distribution: Distribution) -> None:
    bloquer(distribution, 2)
    national = distribution.national.utilisateur.nom_complet
    with le(6):
        client = distribution.national.client()
        adresse = commencer(client)
        appele = a_l_ecran(client.get(adresse).content.decode())
        assert f"{national} s’en occupe" not in client.get(adresse).content.decode(), "elle le sait"
        client.post(adresse, {"attente": appele, "geste": "messagerie"})
        client.post(f"{adresse}terminer/")
        tuteur = distribution.tuteur.client()
        assert "1\xa0dossier a déjà été appelé aujourd’hui" in tuteur.get("/run/").content.decode()
        assert a_l_ecran(tuteur.get(commencer(tuteur)).content.decode()) != appele
    with le(7):
        client = distribution.national.client()
        assert a_l_ecran(client.get(commencer(client)).content.decode()) == appele


def test_qui_appelle_sait_qui_a_deja_appele(distribution: Distribution) -> None:
    (attente,) = bloquer(distribution, 1)
    appel = f"/attentes/{attente.pk}/appeler/"
    dit = f"À 10\xa0h, {distribution.national.utilisateur.nom_complet} (Équipe nationale) a appelé : messagerie"
    with le(6):
        tuteur = distribution.tuteur.client()
        assert "Déjà appelé aujourd’hui" not in tuteur.get(appel).content.decode()
        distribution.national.client().post(appel, {"issue": "messagerie"})
        page = tuteur.get(appel).content.decode()
        assert "Déjà appelé aujourd’hui" in page and dit in page
        assert (
            f"Déjà appelé aujourd’hui. {dit}"
            in tuteur.post(appel, {"issue": "messagerie"}, follow=True).content.decode()
        )
    with le(7):
        assert "Déjà appelé aujourd’hui" not in tuteur.get(appel).content.decode()


def test_un_double_clic_ne_passe_pas_deux_dossiers(distribution: Distribution) -> None:
    bloquer(distribution, 3)
    with le(6):
        client = distribution.tuteur.client()
        adresse = commencer(client)
        premier = a_l_ecran(client.get(adresse).content.decode())
        for _ in range(2):
            client.post(adresse, {"attente": premier, "geste": "messagerie"})
        assert DossierRun.objects.count() == 1


def test_ni_pause_ni_recent_ni_d_un_autre_territoire(distribution: Distribution) -> None:
    attentes = bloquer(distribution, 3)
    with le(1):
        Attente.objects.filter(pk=attentes[0].pk).update(pause_jusqua=DEPART + dt.timedelta(days=9))
        Attente.objects.filter(pk=attentes[1].pk).update(ouverte_le=DEPART)
        Attente.objects.filter(pk=attentes[2].pk).update(ouverte_le=DEPART - dt.timedelta(days=8))
        client = distribution.tuteur.client()
        assert a_l_ecran(client.get(commencer(client)).content.decode()) == str(attentes[2].pk)
        assert "Rien n’est bloqué" in distribution.coordonnateur_etranger.client().get("/run/").content.decode()
        assert "Rien n’est bloqué" in distribution.tuteur_collegue.client().get("/run/").content.decode()


def test_la_seance_d_un_autre_n_existe_pas(distribution: Distribution) -> None:
    bloquer(distribution, 1)
    with le(6):
        adresse = commencer(distribution.tuteur.client())
        assert distribution.tuteur_collegue.client().get(adresse).status_code == 404
    assert Run.objects.count() == 1
