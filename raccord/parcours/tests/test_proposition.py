"""The tutor's page and what others see of it; choosing, stopping, telling the young person."""

import pytest
import time_machine

from raccord.documents.models import Document
from raccord.echeances.models import Attente
from raccord.jeunes.models import AccesJeune
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions.reponse import acter
from raccord.parcours.models import Offre, Positionnement, Reservation
from raccord.socle.exceptions import DejaFait, TransitionRefusee
from tests.distribution import Distribution
from tests.fabriques_positionnement import (
    TEXTE,
    contre_propose,
    jour,
    messages_de,
    prepare,
    refuse,
    rencontre_fixee,
    reservation,
    transmis,
)
from tests.pieges import texte_de

SUIVEURS = ("coordonnateur", "acheteur", "national")


def adresse(positionnement: Positionnement, suite: str = "") -> str:
    return f"/propositions/{positionnement.pk}/{suite}"


def en_etat(distribution: Distribution, etat: str) -> Positionnement:
    """Any state, with a young person whose name is easy to look for."""
    tenue = reservation(distribution, prenom="Zoélie", nom="Quintrand", contraintes="Phobie des chiens")
    positionnement = prepare(distribution, tenue)
    tuteur, entreprise = distribution.tuteur.contexte, distribution.contexte_referent
    if etat == "prepare":
        return positionnement
    actions.transmettre(tuteur, positionnement.pk)
    if etat == "vu":
        actions.consulter(entreprise, positionnement.pk)
    if etat == "contre_propose":
        actions.contre_proposer(entreprise, positionnement.pk, creneaux=[jour(6), jour(7)])
    if etat == "rencontre_fixee":
        premier = positionnement.creneaux.order_by("debut")[0]
        actions.accepter(entreprise, positionnement.pk, creneau_id=premier.pk)
    if etat == "refuse":
        actions.refuser(entreprise, positionnement.pk, motif="projet", precisions="Zoélie est trop jeune.")
    if etat == "abandonne":
        actions.arreter(tuteur, positionnement.pk, motif="jeune_renonce", precisions="Zoélie a peur.")
    if etat in ("contre_propose", "rencontre_fixee", "refuse"):
        acter(positionnement.pk)
    positionnement.refresh_from_db()
    return positionnement


ETATS = ("prepare", "transmis", "vu", "contre_propose", "rencontre_fixee", "refuse", "abandonne")


@pytest.mark.parametrize("etat", ETATS)
def test_chaque_etat_a_sa_page(distribution: Distribution, etat: str) -> None:
    positionnement = en_etat(distribution, etat)
    assert positionnement.etat == etat
    page = distribution.tuteur.client().get(adresse(positionnement)).content.decode()
    assert "Zoélie Quintrand" in page and TEXTE in page and "rc-encart--accent" in page
    # Signed in as a colleague of the same MLDS: the young person, not the company's contacts, no button.
    page = distribution.tuteur_collegue.client().get(adresse(positionnement)).content.decode()
    assert "Zoélie" in page and "c’est à lui d’agir" in page
    assert distribution.referent.courriel not in page


@pytest.mark.parametrize("etat", ETATS)
@pytest.mark.parametrize("qui", SUIVEURS)
def test_les_autres_voient_l_avancement_et_rien_du_jeune(distribution: Distribution, etat: str, qui: str) -> None:
    positionnement = en_etat(distribution, etat)
    personne = getattr(distribution, qui)
    page = texte_de(personne.client().get(adresse(positionnement)))
    assert "Un jeune de 17 ans" in page
    for secret in ("Zoélie", "Quintrand", TEXTE, "Phobie", "CV", "renonce", "trop jeune", "peur", "le profil du jeune"):
        if secret == "le profil du jeune" and qui != "acheteur":
            continue
        assert secret not in page, f"{secret} lu par {qui} ({etat})"
    for secret in (distribution.referent.courriel, distribution.rrh.courriel):
        assert secret not in page
    document = Document.objects.get(objet_id=positionnement.pk)
    assert personne.client().get(f"/documents/{document.pk}/").status_code == 404
    for suite in ("choisir/", "annoncer/", "creneaux/", "arreter/", "absence/", "accord/", "apercu/"):
        assert personne.client().post(adresse(positionnement, suite)).status_code == 403, suite


def test_acces_etrangers(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    for nom in ("tuteur_etranger", "coordonnateur_etranger", "acheteur_etranger"):
        assert getattr(distribution, nom).client().get(adresse(positionnement)).status_code == 404, nom
    assert distribution.acheteur_collegue.client().get(adresse(positionnement)).status_code == 200
    AccesJeune.objects.update(revoque_le="2026-10-01T00:00Z", motif_retrait="essai")
    assert distribution.tuteur.client().get(adresse(positionnement)).status_code == 404


def test_les_papiers_pour_la_mlds(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    document = Document.objects.get(objet_id=positionnement.pk)
    for nom, statut in (("tuteur", 200), ("tuteur_collegue", 200), ("tuteur_etranger", 404)):
        assert getattr(distribution, nom).client().get(f"/documents/{document.pk}/").status_code == statut, nom


# --- Choosing --------------------------------------------------------------------------------------


def test_choisir(distribution: Distribution) -> None:
    positionnement = contre_propose(distribution)
    client = distribution.tuteur.client()
    page = client.get(adresse(positionnement)).content.decode()
    assert page.count("Je choisis") == 2 and "À vous d’agir" in page
    creneau = positionnement.creneaux.filter(propose_par="entreprise").order_by("debut")[1]
    for _ in range(2):
        reponse = client.post(adresse(positionnement, "choisir/"), {"creneau": str(creneau.pk)}, follow=True)
        assert reponse.status_code == 200
    positionnement.refresh_from_db()
    assert (positionnement.etat, positionnement.rencontre_le) == ("rencontre_fixee", jour(7))
    assert len(messages_de("rencontre_entreprise")) == 1
    (au_tuteur,) = messages_de("rencontre_tuteur")
    assert "Vous avez choisi" in au_tuteur.corps and "METHOD:REQUEST" in au_tuteur.calendrier
    assert {a.code for a in Attente.objects.ouvertes().filter(objet_id=positionnement.pk)} == {"rendre_compte"}


@pytest.mark.parametrize("creneau", ["", "rien", "00000000-0000-0000-0000-000000000000"])
def test_choisir_un_creneau_invente(distribution: Distribution, creneau: str) -> None:
    positionnement = contre_propose(distribution)
    reponse = distribution.tuteur.client().post(adresse(positionnement, "choisir/"), {"creneau": creneau}, follow=True)
    assert "plus proposé" in reponse.content.decode()
    positionnement.refresh_from_db()
    assert positionnement.etat == "contre_propose"


def test_le_tuteur_ne_choisit_pas_ses_propres_creneaux(distribution: Distribution) -> None:
    positionnement = contre_propose(distribution)
    mien = positionnement.creneaux.filter(propose_par="tuteur").order_by("debut")[0]
    with pytest.raises(actions.CreneauInconnu):
        actions.choisir(distribution.tuteur.contexte, positionnement.pk, creneau_id=mien.pk)


# --- New slots -------------------------------------------------------------------------------------


def test_reproposer_apres_une_contre_proposition(distribution: Distribution) -> None:
    positionnement = contre_propose(distribution)
    client = distribution.tuteur.client()
    donnees = {"creneau_1": f"{jour(8):%Y-%m-%dT%H:%M}", "lieu": "Là-bas"}
    assert client.post(adresse(positionnement, "creneaux/"), donnees).status_code == 302
    positionnement.refresh_from_db()
    assert (positionnement.etat, positionnement.creneaux.count()) == ("transmis", 1)
    assert {a.code for a in Attente.objects.ouvertes().filter(objet_id=positionnement.pk)} == {"repondre"}
    (message,) = messages_de("creneaux_nouveaux")
    assert message.courriel == distribution.referent.courriel


def test_changer_une_rencontre_fixee(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    actions.reproposer(distribution.tuteur.contexte, positionnement.pk, creneaux=[jour(8)], lieu="Ici")
    positionnement.refresh_from_db()
    assert (positionnement.etat, positionnement.rencontre_le) == ("transmis", None)


def test_creneaux_mal_saisis(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    client = distribution.tuteur.client()
    assert client.get(adresse(positionnement, "creneaux/")).status_code == 200
    for creneau in ("", "2026-10-11T10:00", "2020-01-01T10:00", "a" * 10_000):
        reponse = client.post(adresse(positionnement, "creneaux/"), {"creneau_1": creneau, "lieu": "Ici 🦊"})
        assert reponse.status_code == 422 and "Ici 🦊" in reponse.content.decode()
    assert positionnement.creneaux.count() == 3


def test_une_page_trop_tard_dit_pourquoi(distribution: Distribution) -> None:
    positionnement = refuse(distribution)
    client = distribution.tuteur.client()
    for suite in ("creneaux/", "arreter/", "absence/", "accord/"):
        page = client.get(adresse(positionnement, suite), follow=True).content.decode()
        assert "n&#x27;est plus possible" in page, suite


# --- Stopping --------------------------------------------------------------------------------------


def test_arreter(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    client = distribution.tuteur.client()
    donnees = {"motif": "jeune_renonce", "precisions": "Il préfère un lycée."}
    for _ in range(2):
        reponse = client.post(adresse(positionnement, "arreter/"), donnees, follow=True)
        assert reponse.status_code == 200
    positionnement.refresh_from_db()
    assert (positionnement.etat, positionnement.precisions_abandon) == ("abandonne", "Il préfère un lycée.")
    assert Reservation.objects.get().etat == "levee"
    assert Offre.objects.get(pk=positionnement.offre.pk).etat == "publiee"
    assert not Attente.objects.ouvertes().filter(objet_id=positionnement.pk).exists()


def test_arreter_demande_une_raison(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    client = distribution.tuteur.client()
    assert "redevient disponible" in client.get(adresse(positionnement, "arreter/")).content.decode()
    for motif in ("", "invente"):
        reponse = client.post(adresse(positionnement, "arreter/"), {"motif": motif, "precisions": "gardé"})
        assert reponse.status_code == 422 and "gardé" in reponse.content.decode()
    with pytest.raises(actions.MotifAbsent):
        actions.arreter(distribution.tuteur.contexte, positionnement.pk, motif="")
    positionnement.refresh_from_db()
    assert positionnement.etat == "transmis"


def test_un_etranger_n_arrete_rien(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    for personne in (distribution.tuteur_etranger, distribution.coordonnateur_etranger):
        with pytest.raises(TransitionRefusee):
            actions.arreter(personne.contexte, positionnement.pk, motif="autre")
    positionnement.refresh_from_db()
    assert positionnement.etat == "transmis"


# --- Telling the young person ----------------------------------------------------------------------


def test_annoncer(distribution: Distribution) -> None:
    positionnement = refuse(distribution)
    client = distribution.tuteur.client()
    page = client.get(adresse(positionnement)).content.decode()
    assert "J’en ai parlé" in page and "Nous déménageons." in page
    assert messages_de("refus_jeune") == []
    for _ in range(2):
        assert client.post(adresse(positionnement, "annoncer/"), follow=True).status_code == 200
    (message,) = messages_de("refus_jeune")
    assert message.jeune_id == positionnement.jeune.pk
    assert "déménage" not in message.corps and "refus" not in message.corps.lower()
    assert not Attente.objects.ouvertes().filter(code="annoncer").exists()
    with pytest.raises(DejaFait):
        actions.annoncer(distribution.tuteur.contexte, positionnement.pk)
    with pytest.raises(TransitionRefusee):
        actions.annoncer(distribution.tuteur_collegue.contexte, refuse(distribution).pk)


def test_l_agenda_du_tuteur(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    assert distribution.tuteur.client().get(adresse(positionnement, "rencontre.ics")).status_code == 404
    fixee = rencontre_fixee(distribution, creneaux=[jour(9)])
    for nom in ("tuteur", "acheteur", "coordonnateur"):
        reponse = getattr(distribution, nom).client().get(adresse(fixee, "rencontre.ics"))
        assert reponse.status_code == 200 and fixee.jeune.prenom not in reponse.content.decode()
    with time_machine.travel(jour(12), tick=False):
        assert distribution.acheteur_etranger.client().get(adresse(fixee, "rencontre.ics")).status_code == 404
