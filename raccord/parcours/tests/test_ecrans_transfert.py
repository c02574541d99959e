"""Handing over on screen: who asks, who answers, what each one reads."""

import pytest
from bs4 import BeautifulSoup

from raccord.echeances.models import Message
from raccord.jeunes.models import Jeune
from raccord.parcours.enums import EtatTransfert
from raccord.parcours.models import Transfert
from tests.distribution import Distribution, contact
from tests.fabriques_parcours import Fabrique


@pytest.fixture
def fabrique(distribution: Distribution) -> Fabrique:
    return Fabrique(distribution)


def test_confier_accepter(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    jeune = Jeune.objects.get(pk=parcours.jeune_id)
    adresse = f"/parcours/{parcours.pk}/confier/"
    for qui, statut in (
        (d.tuteur, 403),
        (d.acheteur, 403),
        (d.tuteur_etranger, 403),
        (d.coordonnateur_etranger, 404),
    ):
        assert qui.client().get(adresse).status_code == statut
        assert qui.client().post(adresse, {"vers_id": "", "motif": "x"}).status_code == statut
    assert d.national.client().get(adresse).status_code == 200
    client = d.coordonnateur.client()
    choix = [o.get_text() for o in BeautifulSoup(client.get(adresse).content, "html.parser").select("option")]
    assert "MLDS de Paris" in choix and "MLDS de Lille" not in choix
    vers = str(d.tuteur_etranger.organisation.pk)
    for faute in (
        {"vers_id": "", "motif": "x"},
        {"vers_id": "zzz", "motif": "x"},
        {"vers_id": vers, "motif": "é" * 10_000},
    ):
        assert client.post(adresse, faute).status_code == 422
    donnees = {"vers_id": vers, "motif": "La famille déménage. Aime le calme le matin."}
    assert client.post(adresse, donnees).status_code == 302
    transfert = Transfert.objects.get()
    assert client.post(adresse, donnees, follow=True).status_code == 200
    assert Transfert.objects.count() == 1
    page = f"/transferts/{transfert.pk}/"
    for qui, statut in (
        (d.coordonnateur, 200),
        (d.coordonnateur_etranger, 200),
        (d.national, 200),
        (d.tuteur, 404),
        (d.tuteur_etranger, 404),
        (d.acheteur, 403),
    ):
        reponse = qui.client().get(page)
        assert reponse.status_code == statut
        assert jeune.prenom not in reponse.content.decode() and jeune.nom not in reponse.content.decode()
    assert "Accepter le parcours" not in client.get(page).content.decode()
    tuteur = str(d.tuteur_etranger.utilisateur.pk)
    assert client.post(page, {"tuteur_id": tuteur}).status_code == 403
    accueil = d.coordonnateur_etranger.client()
    assert accueil.post(page, {"tuteur_id": ""}).status_code == 422
    refus = accueil.post(page, {"geste": "refuser", "reponse": ""})
    assert refus.status_code == 422 and "open" in str(
        BeautifulSoup(refus.content, "html.parser").select_one("details.rc-depliant")
    )
    assert accueil.post(page, {"tuteur_id": tuteur}).status_code == 302
    assert "déjà" in accueil.post(page, {"tuteur_id": tuteur}, follow=True).content.decode()
    transfert.refresh_from_db()
    assert transfert.etat == EtatTransfert.ACCEPTE
    nouveau = d.tuteur_etranger.client()
    assert "Aime le calme" in nouveau.get(page).content.decode()
    assert jeune.nom in nouveau.get(f"/parcours/{parcours.pk}/").content.decode()
    assert d.tuteur.client().get(f"/parcours/{parcours.pk}/").status_code == 404
    ancienne = d.coordonnateur.client()
    assert ancienne.get(page).status_code == 200
    assert jeune.nom not in ancienne.get(f"/parcours/{parcours.pk}/").content.decode()


def test_refuser_et_annuler_par_boutons(fabrique: Fabrique) -> None:
    d = fabrique.d
    parcours = fabrique.en_cours()
    vers = str(d.tuteur_etranger.organisation.pk)
    client, accueil = d.coordonnateur.client(), d.coordonnateur_etranger.client()
    client.post(f"/parcours/{parcours.pk}/confier/", {"vers_id": vers, "motif": "Déménage."})
    premier = Transfert.objects.get()
    assert accueil.post(f"/transferts/{premier.pk}/annuler/").status_code == 403
    accueil.post(f"/transferts/{premier.pk}/", {"geste": "refuser", "reponse": "Pas de place."})
    premier.refresh_from_db()
    assert premier.etat == EtatTransfert.REFUSE
    assert "Pas de place." in client.get(f"/transferts/{premier.pk}/").content.decode()
    client.post(f"/parcours/{parcours.pk}/confier/", {"vers_id": vers, "motif": "Déménage vraiment."})
    second = Transfert.objects.exclude(pk=premier.pk).get()
    assert "Confier à un autre territoire" not in client.get(f"/parcours/{parcours.pk}/").content.decode()
    for _ in range(2):
        assert client.post(f"/transferts/{second.pk}/annuler/", follow=True).status_code == 200
    second.refresh_from_db()
    assert second.etat == EtatTransfert.ANNULE


def test_aucun_message_ne_nomme_un_jeune(fabrique: Fabrique) -> None:
    """Every message of a whole life, hand-over included: subjects and bodies, to whomever."""
    d = fabrique.d
    en_cours = fabrique.en_cours()
    client = d.coordonnateur.client()
    client.post(
        f"/parcours/{en_cours.pk}/confier/",
        {"vers_id": str(d.tuteur_etranger.organisation.pk), "motif": "Camille déménage."},
    )
    d.coordonnateur_etranger.client().post(
        f"/transferts/{Transfert.objects.get().pk}/", {"tuteur_id": str(d.tuteur_etranger.utilisateur.pk)}
    )
    fabrique.interrompu(motif="accueil", referent=d.rrh)
    jeune = d.jeune()
    fini = fabrique.suite_connue(
        proposition=fabrique.proposition(jeune=jeune),
        missions=f"{jeune.prenom} range, M. {jeune.nom.upper()} livre.",
        referent=contact(d.entreprise),
    )
    noms = [nom for jeune in Jeune.objects.all() for nom in (jeune.prenom, jeune.nom, jeune.nom.upper())] + ["Camille"]
    messages = list(Message.objects.all())
    assert len({m.code for m in messages}) > 12
    for message in messages:
        for nom in noms:
            assert nom not in message.sujet and nom not in message.corps, message.code
        assert "&#x27;" not in message.corps and "{{" not in message.corps, message.code
    for qui in (d.acheteur, d.coordonnateur, d.national):
        for suite in ("", "heures/", "preuve/"):
            html = qui.client().get(f"/parcours/{fini.pk}/{suite}").content.decode()
            assert fini.jeune.prenom not in html and fini.jeune.nom not in html, (qui.adhesion.role, suite)
