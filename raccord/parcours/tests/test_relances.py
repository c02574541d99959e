"""Calling, pausing, an answer received otherwise, the buyer's one tap, the letter: seen from the browser."""

import datetime as dt
import io
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from docx import Document

from raccord.comptes import liens
from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.echeances.echelle import relever
from raccord.echeances.models import Attente, Message, Rappel
from raccord.marches.models import Marche
from raccord.parcours.messages.envoi import LIEN_MARCHE
from raccord.parcours.models import Offre, Positionnement
from raccord.socle.models import Journal
from tests.distribution import Distribution, contact
from tests.fabriques_positionnement import jour, messages_de, prepare, reservation, transmis

DEPART = dt.datetime(2026, 10, 6, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


def le(jours: float) -> time_machine.travel:
    return time_machine.travel(DEPART + dt.timedelta(days=jours), tick=False)


def attente_de(positionnement: Positionnement) -> Attente:
    return Attente.objects.get(code="repondre", objet_id=positionnement.pk)


def lignes(positionnement: Positionnement) -> list[str]:
    return list(Journal.objects.du_fil(positionnement.pk).values_list("texte", flat=True))


# --- Whoever follows -------------------------------------------------------------------------------


def test_la_page_de_l_appel_dit_tout(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    relever()
    page = distribution.tuteur.client().get(f"/attentes/{attente_de(positionnement).pk}/appeler/").content.decode()
    for mot in ("Entretien des menuiseries", "2026-042", "Ville de Lille", distribution.referent.nom, "a envoyé"):
        assert mot in page, mot
    assert positionnement.jeune.nom not in page


def test_la_coordination_appelle_le_tuteur_pas_l_entreprise(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    page = distribution.coordonnateur.client().get(f"/attentes/{attente_de(positionnement).pk}/appeler/")
    texte = page.content.decode()
    assert distribution.tuteur.utilisateur.nom_complet in texte
    assert distribution.referent.nom not in texte and distribution.referent.courriel not in texte


def appeler(distribution: Distribution, positionnement: Positionnement, **champs: Any) -> Any:
    return distribution.tuteur.client().post(f"/attentes/{attente_de(positionnement).pk}/appeler/", champs)


def test_un_appel_se_note_d_un_clic(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    page = distribution.tuteur.client().get(f"/attentes/{attente_de(positionnement).pk}/appeler/").content.decode()
    assert re.findall(r'name="issue"\s+value="(\w+)"', page) == ["messagerie", "faux_numero", "rappelle", "repondu"]
    assert appeler(distribution, positionnement, issue="n’importe quoi").status_code == 200
    assert not any("a appelé" in ligne for ligne in lignes(positionnement))
    assert appeler(distribution, positionnement, issue="messagerie").status_code == 302
    assert "a appelé : messagerie ou pas de réponse" in lignes(positionnement)
    assert not attente_de(positionnement).en_pause


def test_on_nous_rappelle_met_les_rappels_en_attente(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    refuse = appeler(distribution, positionnement, issue="rappelle")
    assert refuse.status_code == 422 and "Donnez le jour" in refuse.content.decode()
    assert appeler(distribution, positionnement, issue="rappelle", rappel_le="2026-10-12").status_code == 302
    attente = attente_de(positionnement)
    assert attente.en_pause and "12 octobre 2026" in attente.pause_raison
    page = distribution.acheteur.client().get(f"/propositions/{positionnement.pk}/").content.decode()
    assert "Rappels en pause jusqu’au 12 octobre 2026" in page


def test_un_mauvais_numero_previent_la_suite_et_quelqu_un_en_cherche_un_autre(distribution: Distribution) -> None:
    """As for an address to which nothing arrives: a wait, an owner, and the contact's place says it until then."""
    referent = distribution.referent
    referent.verifie_le, referent.telephone = DEPART, "+33601020304"
    referent.save()
    positionnement = transmis(distribution)
    relever()
    page = appeler(distribution, positionnement, issue="faux_numero", contact=str(referent.pk))
    assert page.status_code == 302
    assert set(Rappel.objects.values_list("echelon", flat=True)) == {"referent", "second", "rrh"}
    referent.refresh_from_db()
    assert referent.verifie_le is None and referent.injoignable_cause == "numéro"
    attente = Attente.objects.ouvertes().get(code="trouver_contact", objet_id=positionnement.offre.pk)
    assert attente.utilisateur_id == distribution.acheteur.utilisateur.pk
    (message,) = messages_de("adresse_a_trouver")
    assert message.courriel == distribution.acheteur.utilisateur.courriel
    assert f"Le numéro de {referent.nom}" in message.corps and "est revenu" not in message.corps
    acheteur, contacts = distribution.acheteur.client(), f"/offres/{positionnement.offre.pk}/contacts/"
    assert "un autre numéro" in acheteur.get("/ma-journee/").content.decode()
    assert "mauvais numéro, noté aujourd’hui" in acheteur.get(contacts).content.decode()
    appel = f"/attentes/{attente_de(positionnement).pk}/appeler/"
    assert "mauvais numéro, noté aujourd’hui" in distribution.tuteur.client().get(appel).content.decode()
    saisie = {"place": "referent", "nom": referent.nom, "courriel": referent.courriel, "telephone": "0601020305"}
    assert acheteur.post(contacts, saisie).status_code == 302
    referent.refresh_from_db()
    assert (referent.telephone, referent.injoignable_le) == ("+33601020305", None)
    assert not Attente.objects.ouvertes().filter(code="trouver_contact").exists()


def test_un_mauvais_numero_sans_courriel_ne_laisse_plus_de_chemin(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    Contact.objects.update(courriel="", telephone="+33601020304")
    for qui in (distribution.referent, distribution.rrh):
        appeler(distribution, positionnement, issue="faux_numero", contact=str(qui.pk))
    autre = prepare(distribution, reservation(distribution, offre=distribution.offre_publiee()))
    page = distribution.tuteur.client().post(f"/propositions/{autre.pk}/apercu/", follow=True).content.decode()
    assert "Plus rien n&#x27;arrive à l&#x27;entreprise" in page
    autre.refresh_from_db()
    assert autre.etat == "prepare"


def test_le_mauvais_numero_de_l_acheteur_a_quelqu_un_aussi(distribution: Distribution) -> None:
    """No open offer names them: whoever follows the file is asked, by the other road."""
    positionnement = transmis(distribution)
    marche = positionnement.offre.engagement.marche
    alix = contact(marche.acheteur, telephone="+33601020304")
    Marche.objects.filter(pk=marche.pk).update(suivi_par=None, contact=alix)
    assert appeler(distribution, positionnement, issue="faux_numero", contact=str(alix.pk)).status_code == 302
    attente = Attente.objects.ouvertes().get(code="trouver_adresse")
    assert attente.utilisateur_id == distribution.tuteur.utilisateur.pk
    client, page = distribution.tuteur.client(), f"/adresses/{attente.objet_id}/"
    assert "Ce n’est plus le bon numéro" in client.get(page).content.decode()
    assert client.post(page, {"courriel": alix.courriel, "telephone": "0601020304"}).status_code == 422
    assert client.post(page, {"courriel": alix.courriel, "telephone": "0601020305"}).status_code == 302
    alix.refresh_from_db()
    assert alix.injoignable_le is None and not Attente.objects.ouvertes().filter(code="trouver_adresse").exists()


def test_une_pause_se_lit_partout_et_se_leve(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    client, adresse = distribution.tuteur.client(), f"/attentes/{attente_de(positionnement).pk}"
    refuse = client.post(f"{adresse}/pause/", {"jusqu_au": "2026-10-12", "raison": "congés"})
    assert refuse.status_code == 422 and "trois mots" in refuse.content.decode()
    raison = "fermé pour inventaire annuel"
    assert client.post(f"{adresse}/pause/", {"jusqu_au": "2026-10-12", "raison": raison}).status_code == 302
    page = client.get(f"/propositions/{positionnement.pk}/").content.decode()
    assert raison in page and "Reprendre les rappels" in page
    assert client.post(f"{adresse}/reprendre/").status_code == 302
    assert not attente_de(positionnement).en_pause


@pytest.mark.parametrize(
    ("geste", "champs", "etat", "fait"),
    [
        ("accord", {}, "rencontre_fixee", "l'accord de l'entreprise"),
        ("refus", {"refus-motif": "dates", "refus-precisions": "En travaux."}, "refuse", "le refus de l'entreprise"),
        ("creneaux", {}, "contre_propose", "d'autres créneaux"),
    ],
)
def test_une_reponse_recue_autrement_vaut_reponse(
    distribution: Distribution, geste: str, champs: dict[str, str], etat: str, fait: str
) -> None:
    positionnement = transmis(distribution)
    relever()
    if geste == "accord":
        champs = {"accord-creneau": str(positionnement.creneaux.order_by("debut").first().pk)}
    if geste == "creneaux":
        champs = {"creneaux-creneau_1_0": "", "creneaux-creneau_1": jour(6).strftime("%Y-%m-%dT%H:%M")}
    dit = {"geste": geste, f"{geste}-moyen": "telephone", f"{geste}-contact": str(distribution.referent.pk)}
    reponse = distribution.tuteur.client().post(f"/propositions/{positionnement.pk}/reponse/", dit | champs)
    assert reponse.status_code == 302, re.findall(r"fr-error-text[^<]*<[^>]*>([^<]*)", reponse.content.decode())
    positionnement.refresh_from_db()
    assert positionnement.etat == etat
    assert any(fait in ligne for ligne in lignes(positionnement))
    assert any("reçue par téléphone" in ligne for ligne in lignes(positionnement))
    declaree = Journal.objects.get(verbe="positionnement.declarer")
    assert declaree.faits["contact"] == str(distribution.referent.pk)
    assert attente_de(positionnement).close_le is not None
    ecrits = Message.objects.count()
    with le(30):
        relever()
    assert not Message.objects.filter(code="parcours.reponse_relance").exists(), ecrits


def test_un_tuteur_etranger_ne_declare_rien(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    for qui, statut in ((distribution.tuteur_collegue, 403), (distribution.tuteur_etranger, 404)):
        assert qui.client().get(f"/propositions/{positionnement.pk}/reponse/").status_code == statut


def test_ma_journee_montre_ce_que_j_attends_des_autres(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    relever()
    page = distribution.tuteur.client().get("/ma-journee/").content.decode()
    assert "Ce que vous attendez des autres" in page and "Menuiserie Dubois" in page
    assert "Depuis aujourd’hui · demande envoyée · rappel vendredi : le second contact" in page
    assert "Prévenu le 6 octobre 2026 : le référent" in page
    assert positionnement.jeune.prenom in page
    assert "Ce que vous attendez" not in distribution.tuteur_collegue.client().get("/ma-journee/").content.decode()


# --- The buyer -------------------------------------------------------------------------------------


DIT = [
    ("accord", {}, "rencontre_fixee", "l'accord de l'entreprise"),
    ("refus", {"refus-motif": "dates", "refus-precisions": "En travaux."}, "refuse", "le refus de l'entreprise"),
    ("creneaux", {"creneaux-creneau_1": "2026-10-22T10:00"}, "contre_propose", "d'autres créneaux"),
]


@pytest.mark.parametrize("sans_compte", [False, True])
@pytest.mark.parametrize(("geste", "champs", "etat", "fait"), DIT)
def test_l_acheteur_dit_ce_que_l_entreprise_lui_a_repondu(
    distribution: Distribution, sans_compte: bool, geste: str, champs: dict[str, str], etat: str, fait: str
) -> None:
    """Signed in, or by the link of the contract; nobody is written to as if the company had tapped."""
    positionnement = transmis(distribution)
    client, adresse = distribution.acheteur.client(), f"/propositions/{positionnement.pk}/relais/"
    if sans_compte:
        marche = positionnement.offre.engagement.marche
        alix = contact(marche.acheteur)
        Marche.objects.filter(pk=marche.pk).update(suivi_par=None, contact=alix)
        lien = liens.creer_pour_contact(LIEN_MARCHE, marche.pk, alix, role=Role.ACHETEUR)
        client, adresse = Client(), f"/lien/{lien.rstrip('/').rsplit('/', 1)[1]}/?relais={positionnement.pk}"
    page = client.get(adresse).content.decode()
    assert "Ils ont répondu" in page and positionnement.jeune.nom not in page
    vide = client.post(adresse, {"geste": geste})
    assert vide.status_code == 422 and '<details class="rc-depliant" open>' in vide.content.decode()
    if geste == "accord":
        champs = {"accord-creneau": str(positionnement.creneaux.order_by("debut").first().pk)}
    reponse = client.post(adresse, {"geste": geste, f"{geste}-moyen": "telephone"} | champs)
    assert reponse.status_code == 302, re.findall(r"fr-error-text[^<]*<[^>]*>([^<]*)", reponse.content.decode())
    positionnement.refresh_from_db()
    assert positionnement.etat == etat and any(fait in ligne for ligne in lignes(positionnement))
    assert not Attente.objects.ouvertes().filter(code__in=["repondre", "relayer_acheteur"]).exists()
    assert messages_de("reponse_recue") == []
    relever()
    assert not Message.objects.filter(code="parcours.rencontre_entreprise", courriel__startswith="alix").exists()
    tuteur = {"accord": "rencontre_tuteur", "refus": "refus_tuteur", "creneaux": "creneaux_entreprise"}[geste]
    assert [m.courriel for m in messages_de(tuteur)] == [distribution.tuteur.utilisateur.courriel]


def test_l_acheteur_d_un_autre_marche_ne_dit_rien(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    dit = {"geste": "refus", "refus-moyen": "courriel", "refus-motif": "dates", "refus-precisions": "Non."}
    client = distribution.acheteur_etranger.client()
    assert client.post(f"/propositions/{positionnement.pk}/relais/", dit).status_code == 404
    positionnement.refresh_from_db()
    assert positionnement.etat == "transmis"


def test_une_reponse_se_note_a_l_heure_du_lieu(distribution: Distribution) -> None:
    """Eleven hours ahead of Paris: what is read and typed is the company's clock."""
    offre = distribution.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(commune="98818")
    debut = dt.datetime.fromisoformat("2026-10-14T09:00+11:00")
    positionnement = transmis(distribution, tenue=reservation(distribution, offre=offre), creneaux=[debut])
    lu = "Mercredi 14 octobre 2026 à 9\xa0h"
    reponse = f"/propositions/{positionnement.pk}/reponse/"
    assert lu in distribution.tuteur.client().get(reponse).content.decode()
    relais = f"/propositions/{positionnement.pk}/relais/"
    assert lu in distribution.acheteur.client().get(relais).content.decode()
    attente = attente_de(positionnement)
    Attente.objects.filter(pk=attente.pk).update(ouverte_le=DEPART - dt.timedelta(days=8))
    client = distribution.tuteur.client()
    run = client.post("/run/", {"perimetre": ""}).headers["Location"]
    assert "mercredi 14 octobre à 9\xa0h" in client.get(run).content.decode()
    autres = {"geste": "creneaux", "creneaux-moyen": "telephone", "creneaux-creneau_1": "2026-10-15T10:00"}
    assert client.post(reponse, autres).status_code == 302
    siens = positionnement.creneaux.get(propose_par="entreprise")
    assert siens.debut == dt.datetime.fromisoformat("2026-10-15T10:00+11:00")


def test_l_acheteur_sans_compte_agit_par_le_lien_du_message(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    marche = positionnement.offre.engagement.marche
    aussi = contact(marche.acheteur)
    Marche.objects.filter(pk=marche.pk).update(suivi_par=None, contact=aussi)
    with le(10):
        relever()
    (message,) = messages_de("reponse_silence")
    assert message.courriel == aussi.courriel
    adresse = re.search(r"/lien/\S+", message.corps)
    assert adresse is not None and "?relais=" in adresse.group()
    with le(10):
        page = Client().get(adresse.group()).content.decode()
        assert "Je prends la main" in page and positionnement.jeune.nom not in page
        assert Client().post(adresse.group(), {"geste": "main"}).status_code == 302
    relais = Attente.objects.get(code="relayer_acheteur")
    assert relais.contact_id == aussi.pk and relais.proprietaire == "Ville de Lille"
    with le(10):
        assert attente_de(positionnement).en_pause
    assert [m.courriel for m in messages_de("relais")] == [distribution.tuteur.utilisateur.courriel]


def test_ils_repondent_le_fait_attendre_les_rappels(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    adresse = f"/propositions/{positionnement.pk}/relais/"
    client = distribution.acheteur.client()
    assert client.post(adresse, {"geste": "promesse", "promesse-le": "2026-10-05"}).status_code == 422
    assert client.post(adresse, {"geste": "promesse", "promesse-le": "2026-10-14"}).status_code == 302
    assert "14 octobre 2026" in attente_de(positionnement).pause_raison
    assert "a appelé l’entreprise : elle répond le 14 octobre 2026" in lignes(positionnement)


def test_pas_joints_engage_la_suite_tout_de_suite(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    with le(10):
        relever()
        distribution.acheteur.client().post(f"/propositions/{positionnement.pk}/relais/", {"geste": "pas_joints"})
    assert Rappel.objects.filter(echelon="courrier").exists()
    assert Attente.objects.ouvertes().filter(code="envoyer_lettre").exists()
    assert "n’arrive pas à joindre l’entreprise" in lignes(positionnement)


def test_la_lettre_dit_le_contrat_et_chaque_relance(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    for jours in (0, 5, 10, 16):
        with le(jours):
            relever()
    with le(16):
        client = distribution.acheteur.client()
        docx = client.get(f"/propositions/{positionnement.pk}/lettre.docx")
        pdf = client.get(f"/propositions/{positionnement.pk}/lettre.pdf")
    texte = "\n".join(p.text for p in Document(io.BytesIO(docx.content)).paragraphs)
    for mot in ("2026-042", "Entretien des menuiseries", "6 octobre 2026", "11 octobre 2026", "30 octobre 2026", "300"):
        assert mot in texte, (mot, texte)
    assert distribution.acheteur.utilisateur.nom_complet in texte
    assert positionnement.jeune.prenom not in texte and positionnement.jeune.nom not in texte
    assert pdf.content.startswith(b"%PDF") and docx.headers["Cache-Control"] == "private, no-store"
    assert not Message.objects.filter(corps__contains="Objet : Marché").exists(), "jamais envoyée d'ici"
    with le(16):
        adresse = f"/propositions/{positionnement.pk}/relais/"
        assert client.post(adresse, {"geste": "lettre", "lettre-envoyee_le": "2026-10-23"}).status_code == 422
        assert client.post(adresse, {"geste": "lettre", "lettre-envoyee_le": "2026-10-22"}).status_code == 302
    assert Attente.objects.get(code="envoyer_lettre").close_le is not None
    assert "a envoyé la lettre à l’entreprise le 22 octobre 2026" in lignes(positionnement)


def test_une_reponse_ferme_la_lettre_et_le_relais(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    for jours in (0, 5, 10, 16):
        with le(jours):
            relever()
    client = distribution.acheteur.client()
    dit = {"geste": "refus", "refus-moyen": "courriel", "refus-motif": "dates", "refus-precisions": "En travaux."}
    distribution.national.client().post(f"/propositions/{positionnement.pk}/reponse/", dit)
    assert not Attente.objects.ouvertes().filter(code__in=["repondre", "envoyer_lettre", "relayer_acheteur"]).exists()
    assert client.get(f"/propositions/{positionnement.pk}/lettre.pdf").status_code == 404
    assert client.get(f"/propositions/{positionnement.pk}/relais/").status_code == 302


def test_le_lien_d_un_marche_n_ouvre_pas_la_proposition_d_un_autre(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    autre = distribution.offre_publiee(distribution.engagement(marche=distribution.marche(reference="2026-043")))
    qui = contact(autre.engagement.marche.acheteur)
    lien = liens.creer_pour_contact(LIEN_MARCHE, autre.engagement.marche_id, qui, role=Role.ACHETEUR)
    adresse = "/lien/" + lien.rstrip("/").rsplit("/", 1)[1] + "/"
    assert Client().get(f"{adresse}?relais={positionnement.pk}").status_code == 404


def test_sans_marche_pas_de_lettre(distribution: Distribution) -> None:
    positionnement = transmis(distribution)
    Offre.objects.filter(pk=positionnement.offre.pk).update(engagement=None)
    page = distribution.national.client().get(f"/propositions/{positionnement.pk}/relais/").content.decode()
    assert "La lettre à signer" not in page
    assert distribution.national.client().get(f"/propositions/{positionnement.pk}/lettre.pdf").status_code == 404
