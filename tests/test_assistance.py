"""Helping somebody who asks: nothing is written, nothing confidential opens, everything ends."""

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from raccord.comptes.assistance import actions
from raccord.comptes.assistance.intergiciel import CLE_SESSION
from raccord.comptes.enums import FinAssistance, Role
from raccord.comptes.models import Adhesion, Assistance
from raccord.comptes.organisations import views as vues_organisation
from raccord.echeances.models import Message
from raccord.echeances.tournees import TOURNEES
from raccord.jeunes.models import Jeune
from raccord.socle.models import Journal
from tests.distribution import Distribution, Personne, personne
from tests.fabriques_positionnement import transmis
from tests.monde import Monde
from tests.pieges import texte_de
from tests.test_matrice import TABLE_LUE, Annuler

MOTIF = "Je ne trouve plus mon marché."
AIDES = ("acheteur_collegue", "tuteur", "coordonnateur")


def demandee(distribution: Distribution, aidee: Personne | None = None) -> Assistance:
    aidee = aidee or distribution.acheteur
    return actions.demander(aidee.contexte, aidee.adhesion, motif=MOTIF)


def entrer(distribution: Distribution, aidee: Personne | None = None) -> Client:
    """The helper's browser, once inside."""
    assistance = demandee(distribution, aidee)
    client = distribution.national.client()
    assert client.post(f"/assistance/{assistance.pk}/").status_code == 302
    return client


def ecritures() -> int:
    """Rows written since the beginning in every table, as PostgreSQL counts them; sessions aside."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables "
            "WHERE relname <> 'django_session'"
        )
        return int(curseur.fetchone()[0] or 0)


# --- Asking, helping, ending -----------------------------------------------------------------------


def test_de_la_demande_a_la_fin(distribution: Distribution) -> None:
    aidee, equipe = distribution.acheteur.client(), distribution.national.client()
    assert aidee.post("/mon-compte/aide/", {"motif": " "}).status_code == 422
    assert aidee.post("/mon-compte/aide/", {"motif": MOTIF}).status_code == 302
    assistance = Assistance.objects.get()
    assert MOTIF in texte_de(aidee.get("/mon-compte/")) and "Retirer ma demande" in texte_de(aidee.get("/mon-compte/"))
    assert ">Demander de l’aide<" not in texte_de(aidee.get("/mon-compte/"))
    nom = distribution.acheteur.utilisateur.nom_complet
    assert nom in texte_de(equipe.get("/ma-journee/"))
    assert MOTIF in texte_de(equipe.get(f"/assistance/{assistance.pk}/"))
    equipe.post(f"/assistance/{assistance.pk}/")
    page = texte_de(equipe.get("/ma-journee/"))
    assert f"Vous voyez Raccord comme {nom}" in page and "10\u00a0h\u00a030" in page
    assert "Ville de Lille" in texte_de(equipe.get("/mon-organisation/"))
    page = texte_de(aidee.get("/mon-compte/"))
    assert distribution.national.utilisateur.nom_complet in page and "Arrêter maintenant" in page
    assert equipe.post("/assistance/quitter/").status_code == 302
    page = texte_de(equipe.get("/ma-journee/"))
    assert "Vous voyez Raccord comme" not in page and distribution.national.utilisateur.nom_complet in page
    page = texte_de(aidee.get("/mon-compte/"))
    assert "quittée par l’équipe nationale" in page and MOTIF in page and "Arrêter maintenant" not in page
    lignes = Journal.objects.du_fil(distribution.acheteur.utilisateur.pk).order_by("le", "id")
    assert [(ligne.verbe, ligne.acteur_id) for ligne in lignes] == [
        ("assistance.demander", distribution.acheteur.utilisateur.pk),
        ("assistance.commencer", distribution.national.utilisateur.pk),
        ("assistance.terminer", distribution.national.utilisateur.pk),
    ]
    assert sorted(Message.objects.values_list("code", "courriel")) == [
        ("comptes.aide_demandee", distribution.national.utilisateur.courriel),
        ("comptes.assistance_commencee", distribution.acheteur.utilisateur.courriel),
    ]
    assert all(MOTIF not in message.corps for message in Message.objects.all())


@pytest.mark.parametrize("qui", ["acheteur", "tuteur", "coordonnateur", "acheteur_collegue"])
def test_sans_demande_ou_sans_le_role_point_d_assistance(distribution: Distribution, qui: str) -> None:
    assistance = demandee(distribution)
    assert getattr(distribution, qui).client().post(f"/assistance/{assistance.pk}/").status_code == 404
    client = distribution.national.client()
    Assistance.objects.update(finie_le=timezone.now())
    assert client.post(f"/assistance/{assistance.pk}/").status_code == 404
    Assistance.objects.update(finie_le=None, expire_le=timezone.now())
    assert client.post(f"/assistance/{assistance.pk}/").status_code == 404
    session = client.session
    session[CLE_SESSION] = str(assistance.pk)  # nobody took it: a key in a session opens nothing
    session.save()
    assert client.get("/ma-journee/")["Location"] == "/ma-journee/"
    assert "Vous voyez Raccord comme" not in texte_de(client.get("/ma-journee/"))


def test_un_membre_de_l_equipe_qui_n_administre_pas(distribution: Distribution) -> None:
    assistance = demandee(distribution)
    collegue = personne(Role.NATIONAL, distribution.national.organisation)
    assert collegue.client().post(f"/assistance/{assistance.pk}/").status_code == 404
    assert "demande de l’aide" not in texte_de(collegue.client().get("/ma-journee/"))
    assert collegue.client().get("/mon-compte/aide/").status_code == 403


def test_une_demande_a_la_fois_et_une_seule_personne_aide(distribution: Distribution) -> None:
    client = distribution.acheteur.client()
    for _ in range(2):
        client.post("/mon-compte/aide/", {"motif": MOTIF})
    assert Assistance.objects.count() == 1
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=31), tick=False):
        client.post("/mon-compte/aide/", {"motif": MOTIF})
        assert Assistance.objects.filter(fin=FinAssistance.TERME).count() == 1 and Assistance.objects.count() == 2
    premiere = Assistance.objects.get(finie_le=None)
    Assistance.objects.filter(pk=premiere.pk).update(expire_le=timezone.now() + dt.timedelta(minutes=5))
    distribution.national.client().post(f"/assistance/{premiere.pk}/")
    assert distribution.national.client().post(f"/assistance/{premiere.pk}/").status_code == 404


# --- It ends ---------------------------------------------------------------------------------------


def finie(client: Client, distribution: Distribution) -> bool:
    """The next request gives oneself back, does nothing of what was asked, and stays so."""
    reponse = client.get("/mon-organisation/")
    assert reponse.status_code == 302 and reponse["Location"] == "/ma-journee/"
    page = texte_de(client.get("/ma-journee/"))
    assert "L’assistance est finie" in page and distribution.national.utilisateur.nom_complet in page
    assert CLE_SESSION not in client.session
    return Assistance.objects.get().finie_le is not None


def test_la_personne_aidee_arrete(distribution: Distribution) -> None:
    client = entrer(distribution)
    assistance = Assistance.objects.get()
    assert distribution.tuteur.client().post(f"/mon-compte/aide/{assistance.pk}/arreter/").status_code == 404
    assert client.get("/mon-organisation/").status_code == 200
    distribution.acheteur.client().post(f"/mon-compte/aide/{assistance.pk}/arreter/")
    assert finie(client, distribution)
    assert Assistance.objects.get().fin == FinAssistance.ARRETEE


def test_le_temps_passe(distribution: Distribution) -> None:
    client = entrer(distribution)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=29), tick=False):
        assert client.get("/mon-organisation/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=30), tick=False):
        assert finie(client, distribution)
    assert Journal.objects.filter(verbe="assistance.terminer", role="systeme").count() == 1


def test_la_personne_aidee_perd_son_role(distribution: Distribution) -> None:
    client = entrer(distribution, distribution.acheteur_collegue)
    Adhesion.toutes.filter(pk=distribution.acheteur_collegue.adhesion.pk).update(fin=timezone.now())
    assert finie(client, distribution)


def test_qui_aide_n_administre_plus(distribution: Distribution) -> None:
    personne(Role.NATIONAL, distribution.national.organisation, administrateur=True)
    client = entrer(distribution)
    Adhesion.objects.filter(pk=distribution.national.adhesion.pk).update(administrateur=False)
    assert finie(client, distribution)


def test_qui_aide_perd_son_role(distribution: Distribution) -> None:
    personne(Role.NATIONAL, distribution.national.organisation, administrateur=True)
    client = entrer(distribution)
    Adhesion.objects.filter(pk=distribution.national.adhesion.pk).update(administrateur=False, fin=timezone.now())
    assert "/connexion/" in client.get("/mon-organisation/")["Location"]


def test_ce_que_personne_n_a_vu_finir(distribution: Distribution) -> None:
    entrer(distribution)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=5), tick=False):
        assert TOURNEES["comptes.assistances"]() == 1
    assistance = Assistance.objects.get()
    assert assistance.finie_le == assistance.expire_le and assistance.fin == FinAssistance.TERME


# --- Nothing is written, nothing confidential opens --------------------------------------------------


@pytest.mark.parametrize("espace", sorted({nom.partition(":")[0] for nom in TABLE_LUE}))
def test_aucune_adresse_n_ecrit(distribution: Distribution, espace: str) -> None:
    """Every address of the matrix: what is sent is refused by a page, reading never fails, no row moves."""
    clients = {qui: entrer(distribution, getattr(distribution, qui)) for qui in AIDES}
    for nom in (nom for nom in TABLE_LUE if nom.partition(":")[0] == espace and nom != "comptes:quitter_assistance"):
        with suppress(Annuler), transaction.atomic():
            monde = Monde(distribution)
            adresse = reverse(nom, args=[monde.argument(cle) for cle in TABLE_LUE[nom][0]])
            avant = ecritures()
            for qui, client in clients.items():
                reponse = client.post(adresse)
                assert reponse.status_code == 403 and "rien ne se change" in texte_de(reponse), (nom, qui)
                assert client.delete(adresse).status_code == 403, (nom, qui)
                assert client.get(adresse).status_code != 500, (nom, qui)
                assert CLE_SESSION in client.session, (nom, qui)
            assert ecritures() == avant, nom
            raise Annuler


def test_une_vue_qui_ecrit_quand_on_la_lit(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that forgot every rule: PostgreSQL refuses, the page says so."""
    distribution.jeune()
    client = entrer(distribution)
    essais: list[int] = []

    def ecrire(*_: Any) -> None:
        essais.append(Jeune.objects.count())
        Adhesion.objects.update(role="national")

    monkeypatch.setattr(vues_organisation, "SECTIONS", [ecrire])
    reponse = client.get("/mon-organisation/")
    assert essais == [0] and reponse.status_code == 403 and "rien ne se change" in texte_de(reponse)
    assert Adhesion.objects.filter(role="national").count() == 1
    client.post("/assistance/quitter/")
    assert client.get("/mon-organisation/").status_code == 200 and len(essais) == 2
    assert not Adhesion.objects.exclude(role="national").exists(), "la même vue écrit, une fois l'assistance quittée"


def test_ni_nom_ni_dossier_d_un_jeune(distribution: Distribution) -> None:
    jeune = transmis(distribution).reservation.jeune
    assert jeune.nom in texte_de(distribution.tuteur.client().get("/jeunes/"))
    client = entrer(distribution, distribution.tuteur)
    assert client.get(f"/jeunes/{jeune.pk}/").status_code == 404
    for page in ("/ma-journee/", "/jeunes/", "/parcours/"):
        texte = texte_de(client.get(page))
        assert jeune.nom not in texte and jeune.prenom not in texte, page


def test_ni_telephone_ni_codes(distribution: Distribution) -> None:
    distribution.acheteur.telephone()
    client = entrer(distribution)
    for adresse in ("/confirmation/", "/confirmation/telephone/"):
        assert client.get(adresse).status_code == 403, adresse
