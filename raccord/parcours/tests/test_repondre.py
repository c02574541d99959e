"""The company's link: what it shows, what it does, once, by whom."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from raccord.comptes import liens
from raccord.comptes.models import LienAction
from raccord.documents.models import Contenu, Document
from raccord.documents.tests.fichiers import pdf
from raccord.echeances.models import Attente
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions.reponse import acter
from raccord.parcours.creneaux import CreneauPris, CreneauRefuse
from raccord.parcours.models import Offre, Positionnement, Reservation
from raccord.socle.exceptions import DejaFait, TransitionRefusee
from raccord.socle.models import Journal
from tests.distribution import Distribution, contact, organisation
from tests.fabriques_positionnement import (
    TEXTE,
    contre_propose,
    jour,
    lien_de,
    messages_de,
    ouvrir_lien,
    prepare,
    rencontre_fixee,
    reservation,
    transmis,
)
from tests.pieges import texte_de


@pytest.fixture
def envoye(distribution: Distribution) -> Positionnement:
    tenue = reservation(distribution, prenom="Zoélie", nom="Quintrand", contraintes="Phobie des chiens")
    return actions.transmettre(distribution.tuteur.contexte, prepare(distribution, tenue).pk)


def page(client: Client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return texte_de(reponse)


# --- What it shows ---------------------------------------------------------------------------------


def test_un_robot_ne_lit_rien_et_ne_fait_rien(distribution: Distribution, envoye: Positionnement) -> None:
    """A mail scanner opens the link, many times, before and after the company saw the profile."""
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    client.post(adresse, {"geste": "voir"})
    envoye.refresh_from_db()
    assert envoye.etat == "vu"
    lignes = Journal.objects.count()
    for chemin in (adresse, adresse + "?faire=refuser", adresse + "?faire=proposer", adresse + "?agenda=1"):
        texte = page(Client(), chemin)
        for secret in ("Zoélie", "Quintrand", "Phobie", TEXTE, "CV"):
            assert secret not in texte, f"{secret} lu par {chemin}"
    assert Journal.objects.count() == lignes
    envoye.refresh_from_db()
    assert envoye.etat == "vu"


def test_l_essentiel_sans_un_geste(distribution: Distribution, envoye: Positionnement) -> None:
    texte = page(*ouvrir_lien(envoye, distribution.referent))
    for mot in ("17 ans", "2026-042", "Ville de Lille", "Préparer les commandes", "21 octobre 2026", "Je choisis"):
        assert mot in texte, mot
    assert texte.count("Je choisis") == 3
    envoye.refresh_from_db()
    assert envoye.etat == "transmis"


def test_voir_le_profil(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    client.post(adresse, {"geste": "voir"})
    texte = page(client, adresse)
    assert "Zoélie, 17 ans" in texte and TEXTE in texte and "Ouvrir le CV" in texte
    assert "Quintrand" not in texte and "Phobie" not in texte
    envoye.refresh_from_db()
    assert envoye.etat == "vu"
    client.post(adresse, {"geste": "voir"})
    assert Journal.objects.filter(verbe="positionnement.voir").count() == 1
    assert Journal.objects.filter(verbe="positionnement.consulter", acteur_id=distribution.referent.pk).count() == 1


def test_ouvrir_le_cv(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    document = Document.objects.get(objet_id=envoye.pk)
    reponse = client.post(adresse, {"geste": "document", "document": str(document.pk)})
    assert reponse.content == pdf() and reponse["Content-Disposition"] == 'attachment; filename="cv.pdf"'
    ligne = Journal.objects.get(verbe="document.ouvrir")
    assert ligne.acteur_id == distribution.referent.pk and envoye.pk in ligne.fil
    assert client.get(f"/documents/{document.pk}/").status_code == 302  # to sign in: the link alone opens it


def test_un_octet_change_et_le_cv_ne_s_ouvre_pas(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    contenu = Contenu.objects.get()
    Contenu.objects.update(scelle=bytes(contenu.scelle)[:-1] + bytes([contenu.scelle[-1] ^ 1]))
    reponse = client.post(adresse, {"geste": "document", "document": str(contenu.document_id)}, follow=True)
    assert "modifié depuis son dépôt" in reponse.content.decode()


@pytest.mark.parametrize("document", ["", "rien", "00000000-0000-0000-0000-000000000000"])
def test_un_document_d_ailleurs(distribution: Distribution, envoye: Positionnement, document: str) -> None:
    autre = prepare(distribution)
    document = document or str(Document.objects.get(objet_id=autre.pk).pk)
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    reponse = client.post(adresse, {"geste": "document", "document": document}, follow=True)
    assert "retiré ou remplacé" in reponse.content.decode()


@pytest.mark.parametrize("fin", ["arreter", "refuser"])
def test_le_profil_se_ferme_avec_la_proposition(distribution: Distribution, envoye: Positionnement, fin: str) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    client.post(adresse, {"geste": "voir"})
    document = Document.objects.get(objet_id=envoye.pk)
    if fin == "arreter":
        actions.arreter(distribution.tuteur.contexte, envoye.pk, motif="jeune_renonce", precisions="Zoélie a peur.")
    else:
        client.post(adresse, {"geste": "refuser", "motif": "dates", "precisions": "Travaux."})
    texte = page(client, adresse)
    assert "Zoélie" not in texte and TEXTE not in texte and "renonce" not in texte
    for geste in ({"geste": "voir"}, {"geste": "document", "document": str(document.pk)}):
        reponse = client.post(adresse, geste, follow=True)
        assert b"%PDF" not in reponse.content and "Zoélie" not in reponse.content.decode()


# --- Accepting -------------------------------------------------------------------------------------


def creneaux(texte: str) -> list[str]:
    return re.findall(r'name="creneau" value="([^"]+)"', texte)


def test_accepter(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    premier = creneaux(page(client, adresse))[0]
    reponse = client.post(adresse, {"geste": "accepter", "creneau": premier}, follow=True)
    texte = reponse.content.decode()
    assert "C’est noté" in texte and "vendredi 9 octobre 2026" in texte and distribution.referent.nom in texte
    envoye.refresh_from_db()
    assert (envoye.etat, envoye.rencontre_le) == ("rencontre_fixee", jour(3))
    assert {a.code for a in Attente.objects.ouvertes().filter(objet_id=envoye.pk)} == {"rendre_compte", "revenir"}
    acter(envoye.pk)
    assert {a.code for a in Attente.objects.ouvertes().filter(objet_id=envoye.pk)} == {"rendre_compte"}
    for code in ("rencontre_entreprise", "rencontre_tuteur", "rencontre_acheteur", "rencontre_jeune"):
        (message,) = messages_de(code)
        assert "vendredi 9 octobre 2026 à 14" in message.sujet + message.corps
    assert LienAction.objects.filter(contact=distribution.referent, agi_le__isnull=False).count() == 1


def test_l_agenda_ne_dit_pas_qui(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    assert "Un jeune souhaite" in page(client, adresse + "?agenda=1")  # nothing is fixed yet
    client.post(adresse, {"geste": "accepter", "creneau": creneaux(page(client, adresse))[0]})
    reponse = client.get(adresse + "?agenda=1")
    assert reponse["Content-Type"].startswith("text/calendar")
    assert "Zoélie" not in reponse.content.decode() and "Quintrand" not in reponse.content.decode()
    (evenement,) = Calendar.from_ical(reponse.content).walk("VEVENT")
    assert evenement.decoded("dtstart") == jour(3) and evenement.decoded("dtend") - jour(3) == dt.timedelta(hours=1)


def test_deux_taps(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    premier, second, _ = creneaux(page(client, adresse))
    client.post(adresse, {"geste": "accepter", "creneau": premier})
    reponse = client.post(adresse, {"geste": "accepter", "creneau": premier}, follow=True)
    assert "Rien n’a changé : une réponse est déjà enregistrée. Le mardi 6 octobre 2026" in reponse.content.decode()
    autre, autre_adresse = ouvrir_lien(envoye, distribution.rrh)
    reponse = autre.post(autre_adresse, {"geste": "accepter", "creneau": second}, follow=True)
    texte = reponse.content.decode()
    assert f"{distribution.referent.nom} (Menuiserie Dubois) a accepté un créneau" in texte
    envoye.refresh_from_db()
    assert envoye.rencontre_le == jour(3)
    assert len(messages_de("reponse_recue")) == 1 and messages_de("rencontre_jeune") == []


def test_le_second_lien_du_message_dit_que_rien_n_a_change(distribution: Distribution, envoye: Positionnement) -> None:
    """Two links of one mail, opened one after the other: the first answer holds, and the page says how to change."""
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    premier, second, _ = creneaux(page(client, adresse))
    client.post(adresse, {"geste": "accepter", "creneau": premier})
    rien, mieux = "Rien n’a changé : une réponse est déjà enregistrée.", "annulez-la d’abord, plus bas"
    lu = page(client, f"{adresse}?choisir={second}")
    assert rien in lu and mieux in lu and "C’est noté" in lu
    assert rien not in page(client, f"{adresse}?choisir={premier}"), "the same link again is its receipt"
    lu = page(client, f"{adresse}?faire=rappeler")
    assert rien in lu and "Quand vous rappeler" not in lu
    with time_machine.travel(jour(0) + dt.timedelta(hours=2), tick=False):
        lu = page(client, f"{adresse}?choisir={second}")
        assert rien in lu and mieux not in lu


def test_un_appel_deja_demande_ne_se_demande_pas_deux_fois(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    appel = {"geste": "rappeler", "telephone": "0601020304", "jour": "2026-10-08", "moitie": "matin"}
    assert client.post(adresse, appel).status_code == 302
    lu = page(client, f"{adresse}?faire=rappeler")
    assert "vous rappelle" in lu and "Quand vous rappeler" not in lu
    assert "Quand <span" in page(client, f"{adresse}?faire=proposer"), "it may answer all the same"


def test_tous_les_moments_sont_passes(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    premier = creneaux(page(client, adresse))[0]
    assert "n’est plus possible" not in page(client, adresse)
    with time_machine.travel(jour(10), tick=False):
        lu = page(client, adresse)
        assert "Aucun des moments proposés n’est plus possible" in lu and "Choisissez un moment" not in lu
        assert lu.count("?faire=proposer") == 1 and lu.index("?faire=proposer") < lu.index("Je choisis")
        assert "Ce moment est passé." in page(client, f"{adresse}?choisir={premier}")
        assert "passé" in client.post(adresse, {"geste": "accepter", "creneau": premier}, follow=True).content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "transmis"


def test_un_jour_ferie_est_celui_du_lieu(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    lendemain_de_noel = {"geste": "proposer", "creneau_1": "2026-12-26T10:00"}
    Offre.objects.filter(pk=envoye.offre.pk).update(commune="67482")
    assert "Le samedi 26 décembre 2026 est férié" in client.post(adresse, lendemain_de_noel).content.decode()
    Offre.objects.filter(pk=envoye.offre.pk).update(commune="59350")
    assert client.post(adresse, lendemain_de_noel).status_code == 302


def test_un_ancien_onglet_ne_defait_pas_une_reponse(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    client.post(adresse, {"geste": "accepter", "creneau": creneaux(page(client, adresse))[0]})
    autre, autre_adresse = ouvrir_lien(envoye, distribution.rrh)
    refus = autre.post(autre_adresse, {"geste": "refuser", "motif": "dates", "precisions": "Nos dates ont changé."})
    assert refus.status_code == 422
    assert "déjà enregistrée" in refus.content.decode() and "Nos dates ont changé." in refus.content.decode()
    for geste in (
        {"geste": "refuser", "motif": "dates", "precisions": "Non."},
        {"geste": "proposer", "creneau_1": f"{jour(8):%Y-%m-%dT%H:%M}"},
    ):
        assert "déjà enregistrée" in autre.post(autre_adresse, geste, follow=True).content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "rencontre_fixee"
    # Knowingly, from the page that shows the answer, it is possible.
    formulaire = page(autre, autre_adresse + "?faire=refuser")
    assert 'name="apres_accord"' in formulaire and "annulée" in formulaire
    autre.post(autre_adresse, {"geste": "refuser", "motif": "dates", "precisions": "Non.", "apres_accord": "1"})
    envoye.refresh_from_db()
    assert envoye.etat == "refuse"


@pytest.mark.parametrize("geste", ["refuser", "proposer"])
def test_la_proposition_arretee_pendant_que_l_entreprise_ecrit(
    distribution: Distribution, envoye: Positionnement, geste: str
) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    actions.arreter(distribution.tuteur.contexte, envoye.pk, motif="autre_solution", precisions="")
    ecrit = {"motif": "dates", "precisions": "Nos dates ont changé.", "lieu": "Nos dates ont changé."}
    reponse = client.post(adresse, {"geste": geste, "creneau_1": f"{jour(8):%Y-%m-%dT%H:%M}", **ecrit})
    texte = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Nos dates ont changé." in texte and "n&#x27;est plus possible" in texte
    assert "annulée" not in texte


def test_un_creneau_passe_ou_pris(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    premier = creneaux(page(client, adresse))[0]
    autre = transmis(distribution)  # the same three slots, offered to another company
    actions.accepter(distribution.contexte_referent, autre.pk, creneau_id=autre.creneaux.order_by("debut")[0].pk)
    texte = page(client, adresse)
    assert "Ce moment vient d’être pris." in texte and texte.count("Je choisis") == 3
    reponse = client.post(adresse, {"geste": "accepter", "creneau": premier}, follow=True)
    assert "a déjà une autre rencontre le vendredi 9 octobre 2026 à 14\xa0h" in reponse.content.decode()
    with pytest.raises(CreneauPris):
        actions.accepter(distribution.contexte_referent, envoye.pk, creneau_id=actions.UUID(premier))
    with time_machine.travel(jour(3, 15), tick=False), pytest.raises(CreneauRefuse, match="passé"):
        actions.accepter(distribution.contexte_referent, envoye.pk, creneau_id=actions.UUID(premier))
    with time_machine.travel(jour(9), tick=False):
        assert page(Client(), adresse).count("Ce moment est passé.") == 3


@pytest.mark.parametrize("creneau", ["", "rien", "00000000-0000-0000-0000-000000000000"])
def test_un_creneau_invente(distribution: Distribution, envoye: Positionnement, creneau: str) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    reponse = client.post(adresse, {"geste": "accepter", "creneau": creneau}, follow=True)
    assert "n&#x27;est plus proposé" in reponse.content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "transmis"


@pytest.mark.parametrize("geste", ["", "inconnu", "a" * 10_000])
def test_un_geste_inconnu(distribution: Distribution, envoye: Positionnement, geste: str) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    assert client.post(adresse, {"geste": geste}).status_code == 302
    envoye.refresh_from_db()
    assert envoye.etat == "transmis"


# --- Other slots -----------------------------------------------------------------------------------


def test_proposer_d_autres_creneaux(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    donnees = {
        "geste": "proposer",
        "creneau_1": f"{jour(6):%Y-%m-%dT%H:%M}",
        "creneau_3": "13/10/2026 9h30",
        "lieu": "",
    }
    reponse = client.post(adresse + "?faire=proposer", donnees, follow=True)
    assert "vos créneaux sont envoyés" in reponse.content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "contre_propose"
    assert envoye.creneaux.filter(propose_par="entreprise").count() == 2
    assert envoye.creneaux.filter(propose_par="entreprise", lieu="12 rue des Essais, Lille").count() == 2
    acter(envoye.pk)
    assert len(messages_de("creneaux_entreprise")) == 1
    assert {a.code for a in Attente.objects.ouvertes().filter(objet_id=envoye.pk)} == {"choisir_creneau"}
    reponse = client.post(adresse + "?faire=proposer", donnees, follow=True)
    assert "déjà enregistrée" in reponse.content.decode()
    assert len(messages_de("creneaux_entreprise")) == 1


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ({"creneau_1": ""}, "Premier créneau"),
        ({"creneau_1": "2026-10-11T10:00"}, "dimanche"),
        ({"creneau_1": "2026-10-06T09:59"}, "déjà passé"),
        ({"creneau_1": "hier"}, "n’existe pas"),
        ({"lieu": "x" * 10_000}, "trop long"),
        ({"creneau_2": "2026-10-14T14:00"}, "deux fois"),
    ],
)
def test_creneaux_refuses_en_mots(
    distribution: Distribution, envoye: Positionnement, champs: dict[str, str], mots: str
) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    donnees = {"geste": "proposer", "creneau_1": "2026-10-14T14:00", "lieu": "Atelier 🪚"} | champs
    reponse = client.post(adresse + "?faire=proposer", donnees)
    assert reponse.status_code == 422 and mots in reponse.content.decode()
    if "lieu" not in champs:
        assert "Atelier 🪚" in reponse.content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "transmis" and envoye.creneaux.count() == 3


# --- Refusing --------------------------------------------------------------------------------------


def test_refuser(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    donnees = {"geste": "refuser", "motif": "dates", "precisions": "Zoélie tombe en pleins travaux."}
    reponse = client.post(adresse + "?faire=refuser", donnees, follow=True)
    assert "Votre réponse est enregistrée" in reponse.content.decode()
    envoye.refresh_from_db()
    assert (envoye.etat, envoye.motif_refus) == ("refuse", "dates")
    acter(envoye.pk)
    assert Reservation.objects.get(pk=envoye.reservation_id).etat == "levee"
    assert Offre.objects.get(pk=envoye.offre.pk).etat == "publiee"
    assert {a.code for a in Attente.objects.ouvertes().du_fil(envoye.offre.pk)} == {"annoncer", "pourvoir"}
    for code in ("refus_tuteur", "refus_territoire", "refus_acheteur"):
        (message,) = messages_de(code)
        assert "les dates ne conviennent pas" in message.sujet + message.corps
        assert "travaux" not in message.corps
    assert messages_de("refus_jeune") == []
    reponse = client.post(adresse + "?faire=refuser", donnees, follow=True)
    assert "déjà enregistrée" in reponse.content.decode() and len(messages_de("refus_acheteur")) == 1


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ({"motif": ""}, "Choisissez une réponse"),
        ({"motif": "invente"}, "liste"),
        ({"precisions": "   "}, "En quelques mots"),
        ({"precisions": "é" * 10_000}, "trop long"),
        ({"precisions": "a\x00b"}, "invisible"),
    ],
)
def test_un_refus_a_une_raison(
    distribution: Distribution, envoye: Positionnement, champs: dict[str, str], mots: str
) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    donnees = {"geste": "refuser", "motif": "dates", "precisions": "Travaux."} | champs
    reponse = client.post(adresse + "?faire=refuser", donnees)
    assert reponse.status_code == 422 and mots in reponse.content.decode()
    envoye.refresh_from_db()
    assert envoye.etat == "transmis"


def test_refuser_apres_une_contre_proposition(distribution: Distribution) -> None:
    positionnement = contre_propose(distribution)
    contexte = distribution.contexte_referent
    with pytest.raises(DejaFait):
        actions.refuser(contexte, positionnement.pk, motif="dates", precisions="Non.")
    assert (
        actions.refuser(contexte, positionnement.pk, motif="dates", precisions="Non.", apres_accord=True).etat
        == "refuse"
    )


# --- Not me, other links ---------------------------------------------------------------------------


def test_ce_n_est_pas_moi(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    assert f"{adresse}confier/" in page(client, adresse)
    client.post(
        f"{adresse}confier/",
        {"nom": "Karim Belaïd", "fonction": "Chef d'atelier", "courriel": "karim@essai.example", "telephone": ""},
    )
    offre = Offre.objects.get(pk=envoye.offre.pk)
    assert offre.referent.nom == "Karim Belaïd"
    attente = Attente.objects.ouvertes().get(code="repondre")
    assert attente.contact_id == offre.referent_id
    assert client.get(adresse).status_code == 410
    assert "Un jeune souhaite" in page(Client(), lien_de(envoye, offre.referent))


def test_le_second_contact_qui_passe_la_main_laisse_le_referent(
    distribution: Distribution, envoye: Positionnement
) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.rrh)
    client.post(f"{adresse}confier/", {"nom": "Karim", "fonction": "", "courriel": "k@essai.example", "telephone": ""})
    assert Offre.objects.get(pk=envoye.offre.pk).referent_id == distribution.referent.pk
    assert Attente.objects.ouvertes().get(code="repondre").contact_id == distribution.referent.pk


def test_liens_tronque_expire_d_une_autre_entreprise(distribution: Distribution, envoye: Positionnement) -> None:
    client, adresse = ouvrir_lien(envoye, distribution.referent)
    assert client.get(adresse[:-6] + "/").status_code == 404
    with time_machine.travel(jour(70), tick=False):
        assert client.get(adresse).status_code == 410
        assert client.post(adresse, {"geste": "voir"}).status_code == 410
    ailleurs = contact(organisation("entreprise", "Autre entreprise"))
    autre = liens.creer_pour_contact("parcours.repondre", envoye.pk, ailleurs)
    assert client.get("/lien/" + autre.rstrip("/").rsplit("/", 1)[1] + "/").status_code == 404
    fantome = liens.creer_pour_contact("parcours.repondre", ailleurs.pk, distribution.referent)
    assert client.get("/lien/" + fantome.rstrip("/").rsplit("/", 1)[1] + "/").status_code == 404


def test_une_autre_entreprise_n_agit_pas(distribution: Distribution, envoye: Positionnement) -> None:
    ailleurs = contact(organisation("entreprise", "Autre entreprise"))
    contexte = liens.contexte_du(
        LienAction(role="entreprise", contact=ailleurs, action="parcours.repondre", objet_id=envoye.pk)
    )
    creneau = envoye.creneaux.order_by("debut")[0]
    gestes = [
        lambda: actions.consulter(contexte, envoye.pk),
        lambda: actions.accepter(contexte, envoye.pk, creneau_id=creneau.pk),
        lambda: actions.contre_proposer(contexte, envoye.pk, creneaux=[jour(6)]),
        lambda: actions.refuser(contexte, envoye.pk, motif="dates", precisions="Non."),
    ]
    for geste in gestes:
        with pytest.raises(TransitionRefusee, match="autre entreprise"):
            geste()
    rencontre = rencontre_fixee(distribution, tenue=None)
    with pytest.raises(TransitionRefusee):
        actions.ouvrir_document(contexte, rencontre.pk, creneau.pk)
